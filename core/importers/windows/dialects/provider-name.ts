/** Event Viewer and Splunk show sources by their display names. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['microsoft windows security auditing.', 'Microsoft-Windows-Security-Auditing'],
  ['security-auditing', 'Microsoft-Windows-Security-Auditing'],
  ['sysmon', 'Microsoft-Windows-Sysmon'],
  ['eventlog', 'Microsoft-Windows-Eventlog'],
  ['taskscheduler', 'Microsoft-Windows-TaskScheduler'],
  ['windows defender', 'Microsoft-Windows-Windows Defender'],
  ['bits-client', 'Microsoft-Windows-Bits-Client'],
  ['kernel-general', 'Microsoft-Windows-Kernel-General'],
  ['wmi-activity', 'Microsoft-Windows-WMI-Activity'],
  ['terminalservices-localsessionmanager', 'Microsoft-Windows-TerminalServices-LocalSessionManager'],
  ['terminalservices-remoteconnectionmanager', 'Microsoft-Windows-TerminalServices-RemoteConnectionManager'],
])

/** Name of a provider from the name it is shown by: `PowerShell (Microsoft-Windows-PowerShell)`, `Sysmon`. */
export function toProviderName(shown: string): string {
  return /\((Microsoft-Windows-[^)]+)\)$/.exec(shown)?.[1] ?? PROVIDERS.get(shown.toLowerCase()) ?? shown
}

/** Who writes into a log, where an export keeps the channel alone; '' when several do. */
export function providerOfChannel(channel: string, eventId: number): string {
  // The log itself says in the Security channel that it was cleared (1102) or cannot go on.
  if (channel === 'Security')
    return eventId >= 1100 && eventId < 1110
      ? 'Microsoft-Windows-Eventlog'
      : 'Microsoft-Windows-Security-Auditing'
  return /^(Microsoft-Windows-[^/]+)\//.exec(channel)?.[1] ?? ''
}
