import { describe, expect, it } from 'vitest'
import { judgeAutostart, numberOf } from '../../../core/correlation/autostart-danger.ts'
import { autostartKindOf, toRegistryPath } from '../../../core/correlation/autostart-keys.ts'
import { orderedValues } from '../../../core/correlation/registry-commands.ts'

const USER = 'HKU\\S-1-5-21-1-2-3-1105'
const NT = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
const CONTROL = 'HKLM\\System\\CurrentControlSet\\Control'

function judge(path: string, value: string) {
  const kind = autostartKindOf(toRegistryPath(path))
  if (kind === undefined) throw new Error(`no place: ${path}`)
  return judgeAutostart(kind, path, value)
}

describe('judgeAutostart', () => {
  it.each([
    [
      `${USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\`,
      '"c:\\windows\\tasks\\x.exe"',
      'autostart',
      'high',
    ],
    [`${NT}\\Winlogon\\Shell`, 'explorer.exe, C:\\ProgramData\\a.exe', 'autostart', 'high'],
    [`${NT}\\Winlogon\\Userinit`, 'C:\\Windows\\system32\\userinit.exe,C:\\a.exe', 'autostart', 'high'],
    [
      `${NT}\\Image File Execution Options\\sethc.exe\\Debugger`,
      'C:\\Windows\\System32\\cmd.exe',
      'hijack',
      'critical',
    ],
    [`${NT}\\Image File Execution Options\\msmpeng.exe\\Debugger`, 'svchost.exe', 'hijack', 'high'],
    [
      `${NT}\\Image File Execution Options\\taskmgr.exe\\Debugger`,
      '"C:\\Tools\\procexp64.exe"',
      'hijack',
      'low',
    ],
    [`${NT}\\SilentProcessExit\\notepad.exe\\MonitorProcess`, 'C:\\Users\\Public\\a.exe', 'hijack', 'high'],
    [`${NT}\\Windows\\AppInit_Dlls`, 'C:\\ProgramData\\a.dll', 'hijack', 'high'],
    [`${USER}_Classes\\ms-settings\\shell\\open\\command\\DelegateExecute`, '(Empty)', 'hijack', 'high'],
    [`${USER}\\Environment\\UserInitMprLogonScript`, 'C:\\Users\\a\\l.bat', 'autostart', 'high'],
    [
      `${USER}\\Software\\Classes\\CLSID\\{1}\\InprocServer32\\(Default)`,
      'C:\\Users\\a\\AppData\\Roaming\\x.dll',
      'hijack',
      'high',
    ],
    [
      `${USER}_Classes\\CLSID\\{1}\\ScriptletURL\\(Default)`,
      'https://cdn.example.net/a.sct',
      'hijack',
      'high',
    ],
    [`${CONTROL}\\Lsa\\Security Packages`, 'kerberos msv1_0 mimilib', 'weakened', 'high'],
    [`${CONTROL}\\SecurityProviders\\WDigest\\UseLogonCredential`, 'DWORD (0x00000001)', 'weakened', 'high'],
    [`${CONTROL}\\Terminal Server\\fDenyTSConnections`, 'DWORD (0x00000000)', 'weakened', 'medium'],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\',
      'DWORD (0x00000000)',
      'weakened',
      'high',
    ],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\D:\\Database',
      '0',
      'weakened',
      'medium',
    ],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\EnableLUA',
      '0',
      'weakened',
      'high',
    ],
    [
      `${USER}\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\VBAWarnings`,
      'DWORD (0x00000001)',
      'weakened',
      'high',
    ],
    [
      'HKLM\\System\\CurrentControlSet\\Services\\W32Time\\FailureCommand',
      'C:\\tmp\\a.exe',
      'autostart',
      'high',
    ],
  ] as const)('%s = %s: %s, %s', (path, value, effect, level) => {
    expect(judge(path, value)).toMatchObject({ effect, level })
  })

  it.each([
    [
      `${USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\OneDrive`,
      '"C:\\Users\\a\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe" /background',
    ],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\SecurityHealth',
      '%windir%\\system32\\SecurityHealthSystray.exe',
    ],
    [`${NT}\\Winlogon\\Shell`, 'explorer.exe'],
    [`${NT}\\Winlogon\\Userinit`, 'C:\\Windows\\system32\\userinit.exe,'],
    [`${NT}\\Windows\\AppInit_Dlls`, '(Empty)'],
    [`${NT}\\Windows\\LoadAppInit_DLLs`, 'DWORD (0x00000000)'],
    [`${CONTROL}\\Lsa\\Notification Packages`, 'scecli'],
    [`${CONTROL}\\SecurityProviders\\WDigest\\UseLogonCredential`, 'DWORD (0x00000000)'],
    [`${CONTROL}\\Terminal Server\\fDenyTSConnections`, 'DWORD (0x00000001)'],
    [`${CONTROL}\\Terminal Server\\WinStations\\RDP-Tcp\\PortNumber`, 'DWORD (0x00000d3d)'],
    [`${CONTROL}\\WMI\\Autologger\\-NetTrace-CORP-amber\\Start`, 'DWORD (0x00000000)'],
    [`${CONTROL}\\Session Manager\\BootExecute`, 'autocheck autochk *'],
    ['HKLM\\SOFTWARE\\Classes\\exefile\\shell\\open\\command\\(Default)', '"%1" %*'],
    ['HKLM\\SOFTWARE\\Classes\\CLSID\\{1}\\InprocServer32\\(Default)', 'C:\\Program Files\\Vendor\\x.dll'],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Real-Time Protection\\DisableRealtimeMonitoring',
      'DWORD (0x00000000)',
    ],
    [`${CONTROL}\\Print\\Monitors\\Standard TCP/IP Port\\Driver`, 'tcpmon.dll'],
  ])('spares %s = %s', (path, value) => {
    expect(judge(path, value)).toBeUndefined()
  })

  it('judges no value it has not seen', () => {
    expect(judgeAutostart('winlogon', `${NT}\\Winlogon\\Shell`, undefined)).toBeUndefined()
  })
})

describe('numberOf', () => {
  it.each([
    ['DWORD (0x00000001)', 1],
    ['QWORD (0x00000000-0x00000000)', 0],
    ['0x10', 16],
    ['1', 1],
    ['(Empty)', undefined],
    ['cmd.exe', undefined],
  ])('%s is %s', (text, value) => {
    expect(numberOf(text)).toBe(value)
  })
})

describe('orderedValues', () => {
  it.each([
    [
      'reg.exe add "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run" /v "My App" /t REG_SZ /d "C:\\a b.exe" /f',
      [{ path: 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\My App', value: 'C:\\a b.exe' }],
    ],
    ['REG ADD HKEY_LOCAL_MACHINE\\SYSTEM\\X /ve /d y', [{ path: 'HKLM\\SYSTEM\\X\\(Default)', value: 'y' }]],
    [
      "powershell -c \"Set-ItemProperty -Path 'HKLM:\\Software\\X' -Name Shell -Value 'a.exe'; New-ItemProperty -Path Registry::HKEY_CURRENT_USER\\Y -Name Z -Value 1\"",
      [
        { path: 'HKLM\\Software\\X\\Shell', value: 'a.exe' },
        { path: 'HKCU\\Y\\Z', value: '1' },
      ],
    ],
    ['reg query HKLM\\Software\\X /v y', []],
    ['reg add \\\\FS01\\HKLM\\Software\\X /v y /d z', []],
    ['powershell Get-ItemProperty -Path HKLM:\\Software\\X -Name y', []],
  ])('%s', (commandLine, values) => {
    expect(orderedValues(commandLine)).toEqual(values)
  })
})
