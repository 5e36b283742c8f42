import { describe, expect, it } from 'vitest'
import { evasionsOf } from '../../../core/correlation/evasion-commands.ts'

describe('evasionsOf', () => {
  it.each([
    ['vssadmin.exe', 'vssadmin.exe Delete Shadows /All /Quiet', ['shadow_deleted']],
    ['WMIC.exe', 'wmic shadowcopy delete', ['shadow_deleted']],
    ['powershell.exe', 'Get-WmiObject Win32_Shadowcopy | ForEach-Object {$_.Delete();}', ['shadow_deleted']],
    ['bcdedit.exe', 'bcdedit /set {default} recoveryenabled No', ['recovery_off']],
    ['wevtutil.exe', 'wevtutil cl Security', ['log_cleared']],
    ['powershell.exe', 'Clear-EventLog -LogName System', ['log_cleared']],
    ['auditpol.exe', 'auditpol /set /category:* /success:disable', ['log_off']],
    ['fltMC.exe', 'fltmc unload SysmonDrv', ['log_off']],
    ['powershell.exe', 'Set-MpPreference -DisableRealtimeMonitoring 1', ['scanner_off']],
    ['powershell.exe', 'Add-MpPreference -ExclusionPath C:\\x', ['excluded']],
    ['netsh.exe', 'netsh advfirewall set allprofiles state off', ['firewall_off']],
    ['sc.exe', 'sc stop WinDefend', ['tool_stopped']],
    ['net.exe', 'net stop "Sense"', ['tool_stopped']],
    ['taskkill.exe', 'taskkill /F /IM MsMpEng.exe', ['tool_stopped']],
    ['cmd.exe', 'cmd /c del /f %userprofile%\\x\\ConsoleHost_history.txt', ['history_removed']],
  ])('%s: %s', (program, command, acts) => {
    expect(evasionsOf(program, command)).toEqual(acts)
  })

  it.each([
    ['cmd.exe', 'cmd /c vssadmin delete shadows /all'],
    ['vssadmin.exe', 'vssadmin list shadows'],
    ['wevtutil.exe', 'wevtutil qe System'],
    ['sc.exe', 'sc query WinDefend'],
    ['sc.exe', 'sc config EventLog start= auto'],
    ['net.exe', 'net stop Spooler'],
    ['powershell.exe', 'Set-MpPreference -DisableRealtimeMonitoring $false'],
    ['powershell.exe', 'Get-MpPreference'],
    ['bcdedit.exe', 'bcdedit /enum'],
    ['auditpol.exe', 'auditpol /set /category:"Logon/Logoff" /success:enable'],
  ])('spares %s: %s', (program, command) => {
    expect(evasionsOf(program, command)).toEqual([])
  })
})
