import { type JsonObject } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addOrdered } from '../value-order.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { addXmlFragment } from './xml-text.ts'

/**
 * The `Event` table of Azure Monitor: channel in EventLog, data as XML in EventData or ParameterXml, or in columns of their own
 * where a query took it apart; also Log Parser, which has a file name in EventLog and the values joined by `|` in Strings.
 */
export const azureEvent: Dialect = (object, times) =>
  textOf(object, 'EventLog') === '' || textOf(object, 'EventID') === ''
    ? undefined
    : { event: readAzureEvent(object, times) }

function readAzureEvent(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'Source', 'SourceName')
  event.eventId = toId(textOf(object, 'EventID'))
  event.channel = /[\\/]|\.evtx$/i.test(textOf(object, 'EventLog')) ? '' : textOf(object, 'EventLog')
  event.computer = textOf(object, 'Computer', 'ComputerName')
  event.recordId = textOf(object, 'EventRecordId', 'RecordNumber')
  event.userSid = textOf(object, 'SID')
  event.isAuditFailure = isFailedAudit(textOf(object, 'EventLevelName', 'EventTypeName'))
  setTime(event, times, textOf(object, 'TimeGenerated'))
  const hasData =
    addXmlFragment(event.data, textOf(object, 'EventData')) ||
    addXmlFragment(event.data, textOf(object, 'ParameterXml'))
  const strings = textOf(object, 'Strings')
  if (!hasData && strings === '') addColumns(event, object)
  const message = textOf(object, 'RenderedDescription', 'Message')
  if (event.data.size === 0 && message !== '') addMessageData(event, message)
  if (event.data.size === 0 && strings !== '') addOrdered(event, strings.split('|'))
  if (message !== '') event.data.set('Message', message)
  return event
}

/** Columns of the table itself, and those every table of the workspace has. */
const OF_THE_TABLE: ReadonlySet<string> = new Set(
  `TenantId SourceSystem TimeGenerated TimeWritten TimeCreated Source SourceName EventLog Computer ComputerName EventLevel EventLevelName
  EventType EventTypeName EventCategory EventCategoryName EventID EventData ParameterXml RenderedDescription Message Strings
  MG ManagementGroupName AzureDeploymentID Role UserName SID EventRecordId RecordNumber Data Type _ResourceId
  _SubscriptionId _ItemId _TimeReceived Version Correlation ActivityID OSName Task Opcode Keywords`.split(
    /\s+/,
  ),
)

/** What a query made of the data: a column for each value. */
function addColumns(event: WindowsEvent, object: JsonObject): void {
  for (const name of Object.keys(object)) {
    const value = OF_THE_TABLE.has(name) ? '' : textOf(object, name)
    if (value !== '') event.data.set(name, value)
  }
}
