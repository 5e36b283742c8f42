import { isObject, type JsonObject, member } from '../../json/parse-object.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { setTime, textOf, toId } from './members.ts'
import { addSection } from './sections.ts'

/**
 * Rows of Velociraptor's Windows.EventLogs artifacts whose columns are flattened: EvtxHunter (System parts as columns,
 * EventData whole) and artifacts such as RDPAuth that pick single values under names of their own.
 */
export const velociraptorEvent: Dialect = (object, times) => {
  const hasColumns = textOf(object, 'EventID') !== '' && textOf(object, 'EventTime') !== ''
  const isRow =
    hasColumns &&
    textOf(object, 'Channel') !== '' &&
    (textOf(object, 'EventRecordID') !== '' ||
      textOf(object, 'OSPath', 'FullPath', '_Source', 'ClientId') !== '')
  // NXLog has an EventTime too, and a Hostname.
  return isRow && textOf(object, 'Hostname', 'SourceModuleType') === ''
    ? { event: readRow(object, times) }
    : undefined
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['UserName', 'TargetUserName'],
  ['DomainName', 'TargetDomainName'],
  ['SourceIP', 'IpAddress'],
  ['IpAddress', 'IpAddress'],
  ['LogonType', 'LogonType'],
  ['TargetUserName', 'TargetUserName'],
  ['TargetDomainName', 'TargetDomainName'],
  ['WorkstationName', 'WorkstationName'],
  ['ServiceName', 'ServiceName'],
  ['ImagePath', 'ImagePath'],
  ['ServiceType', 'ServiceType'],
  ['StartType', 'StartType'],
  ['ScriptBlockText', 'ScriptBlockText'],
  ['ScriptBlockId', 'ScriptBlockId'],
  ['Path', 'Path'],
  ['TaskName', 'TaskName'],
])
/** Channel -> provider, where an artifact leaves the provider out and the channel has one. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['security', 'Microsoft-Windows-Security-Auditing'],
  ['microsoft-windows-sysmon/operational', 'Microsoft-Windows-Sysmon'],
  ['microsoft-windows-powershell/operational', 'Microsoft-Windows-PowerShell'],
  ['windows powershell', 'PowerShell'],
  ['microsoft-windows-taskscheduler/operational', 'Microsoft-Windows-TaskScheduler'],
  [
    'microsoft-windows-terminalservices-localsessionmanager/operational',
    'Microsoft-Windows-TerminalServices-LocalSessionManager',
  ],
  [
    'microsoft-windows-terminalservices-remoteconnectionmanager/operational',
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
  ],
  ['microsoft-windows-windows defender/operational', 'Microsoft-Windows-Windows Defender'],
  ['microsoft-windows-wmi-activity/operational', 'Microsoft-Windows-WMI-Activity'],
  ['microsoft-windows-bits-client/operational', 'Microsoft-Windows-Bits-Client'],
])

/** The provider that writes this event into this channel; '' when more than one does. */
export function providerOf(channel: string, eventId: number): string {
  const name = channel.toLowerCase()
  if (name === 'security' && (eventId === 1102 || eventId === 1100)) return 'Microsoft-Windows-Eventlog'
  if (name === 'system') {
    if (eventId === 104) return 'Microsoft-Windows-Eventlog'
    if (eventId >= 7000 && eventId <= 7045) return 'Service Control Manager'
    if (eventId >= 6005 && eventId <= 6008) return 'EventLog'
    if (eventId === 1074) return 'User32'
  }
  return PROVIDERS.get(name) ?? ''
}

function readRow(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.eventId = toId(textOf(object, 'EventID'))
  event.channel = textOf(object, 'Channel')
  event.provider = textOf(object, 'Provider', 'ProviderName') || providerOf(event.channel, event.eventId)
  event.computer = textOf(object, 'Computer', 'Hostname', 'Fqdn')
  event.recordId = textOf(object, 'EventRecordID', 'RecordID')
  event.userSid = textOf(object, 'UserSID')
  setTime(event, times, textOf(object, 'EventTime'))
  const sections = ['EventData', 'UserData'].filter((name) => isObject(member(object, name)))
  for (const name of sections) addSection(event.data, member(object, name))
  if (sections.length === 0) {
    for (const [from, to] of NAMES) {
      const text = textOf(object, from)
      if (text !== '') addValue(event.data, to, text)
    }
  }
  const message = textOf(object, 'Message', 'Description')
  if (message !== '') event.data.set('Message', message)
  return event
}
