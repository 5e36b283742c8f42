import { describe, expect, it } from 'vitest'
import { autostartKindOf, serviceOfKey, toRegistryPath } from '../../../core/correlation/autostart-keys.ts'

const SID = 'S-1-5-21-1-2-3-1105'

describe('autostartKindOf', () => {
  it.each([
    [`HKU\\${SID}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater`, 'run'],
    ['HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\RunOnce\\x', 'run'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Shell', 'winlogon'],
    [
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger',
      'image-options',
    ],
    ['HKLM\\System\\CurrentControlSet\\Services\\abc\\ImagePath', 'service'],
    ['HKLM\\System\\ControlSet001\\Services\\abc\\Parameters\\ServiceDll', 'service'],
    [`HKU\\${SID}_Classes\\ms-settings\\shell\\open\\command\\(Default)`, 'shell-open'],
    [`HKU\\${SID}\\Software\\Classes\\mscfile\\shell\\open\\command\\(Default)`, 'shell-open'],
    [`HKU\\${SID}\\Environment\\UserInitMprLogonScript`, 'logon-script'],
    [`HKU\\${SID}_Classes\\CLSID\\{0A29FF9E-7F9C-4437-8B11-F424491E3931}\\InprocServer32\\(Default)`, 'com'],
    ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Windows\\AppInit_Dlls', 'library-load'],
    ['HKLM\\System\\CurrentControlSet\\Control\\Lsa\\Security Packages', 'authentication'],
    [
      'HKLM\\System\\CurrentControlSet\\Control\\SecurityProviders\\WDigest\\UseLogonCredential',
      'authentication',
    ],
    ['HKLM\\System\\CurrentControlSet\\Control\\Terminal Server\\fDenyTSConnections', 'remote-access'],
    ['HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware', 'protection'],
    ['HKLM\\System\\CurrentControlSet\\Control\\CI\\Config\\VulnerableDriverBlocklistEnable', 'protection'],
    [`HKU\\${SID}\\Software\\Microsoft\\Windows Script\\Settings\\AmsiEnable`, 'protection'],
    [`HKU\\${SID}\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\VBAWarnings`, 'office'],
  ])('%s: %s', (path, kind) => {
    expect(autostartKindOf(path)).toBe(kind)
  })

  it.each([
    'HKLM\\SOFTWARE\\Vendor\\Microsoft\\Windows\\CurrentVersion\\Run\\x',
    'HKLM\\System\\CurrentControlSet\\Services\\abc\\Start',
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RunMRU\\a',
    `HKU\\${SID}_Classes\\CLSID\\{0A29FF9E-7F9C-4437-8B11-F424491E3931}\\InprocServer32\\ThreadingModel`,
    'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\LastUsedUsername',
    '',
  ])('nothing: %s', (path) => {
    expect(autostartKindOf(path)).toBeUndefined()
  })

  it('reads the spelling of the Security log and of exports as the same path', () => {
    expect(toRegistryPath('\\REGISTRY\\MACHINE\\SOFTWARE\\x')).toBe('HKLM\\SOFTWARE\\x')
    expect(toRegistryPath(`\\REGISTRY\\USER\\${SID}\\x`)).toBe(`HKU\\${SID}\\x`)
    expect(toRegistryPath('HKEY_LOCAL_MACHINE\\SOFTWARE\\x')).toBe('HKLM\\SOFTWARE\\x')
  })

  it('names the service whose program a value sets', () => {
    expect(serviceOfKey('HKLM\\System\\CurrentControlSet\\Services\\abc\\ImagePath')).toBe('abc')
    expect(serviceOfKey('HKLM\\System\\CurrentControlSet\\Services\\abc\\Start')).toBeUndefined()
  })
})
