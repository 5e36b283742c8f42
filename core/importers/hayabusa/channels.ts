/** Abbreviations Hayabusa writes for channels, where one stands for one channel. */
const CHANNELS: ReadonlyMap<string, string> = new Map([
  ['app', 'Application'],
  ['dns-svr', 'DNS Server'],
  ['codeinteg', 'Microsoft-Windows-CodeIntegrity/Operational'],
  ['ldap-cli', 'Microsoft-Windows-LDAP-Client/Debug'],
  ['bitscli', 'Microsoft-Windows-Bits-Client/Operational'],
  ['dhcp-svr', 'Microsoft-Windows-DHCP-Server/Operational'],
  ['dvrfmwk', 'Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  ['ntlm', 'Microsoft-Windows-NTLM/Operational'],
  ['smbclisec', 'Microsoft-Windows-SmbClient/Security'],
  ['sysmon', 'Microsoft-Windows-Sysmon/Operational'],
  ['tasksch', 'Microsoft-Windows-TaskScheduler/Operational'],
  ['rdp-cli', 'Microsoft-Windows-TerminalServices-RDPClient/Operational'],
  ['rdp-client', 'Microsoft-Windows-TerminalServices-RDPClient/Operational'],
  ['rdp-corets', 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational'],
  ['rds-gtw', 'Microsoft-Windows-TerminalServices-Gateway/Operational'],
  ['rds-rcm', 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational'],
  ['rds-lsm', 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  ['printadm', 'Microsoft-Windows-PrintService/Admin'],
  ['printop', 'Microsoft-Windows-PrintService/Operational'],
  ['pwsh', 'Microsoft-Windows-PowerShell/Operational'],
  ['pwshclassic', 'Windows PowerShell'],
  ['pwshcore', 'PowerShellCore/Operational'],
  ['defender', 'Microsoft-Windows-Windows Defender/Operational'],
  ['firewall', 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  ['winrm', 'Microsoft-Windows-WinRM/Operational'],
  ['wmi', 'Microsoft-Windows-WMI-Activity/Operational'],
  ['exchange', 'MSExchange Management'],
  ['openssh', 'OpenSSH/Operational'],
  ['sec', 'Security'],
  ['sys', 'System'],
])

/** The channel behind an abbreviation; anything else as it is written. */
export function toChannel(text: string): string {
  return CHANNELS.get(text.toLowerCase()) ?? text
}
