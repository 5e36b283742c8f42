import { type JsonObject } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addOrdered } from '../value-order.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { addXmlFragment } from './xml-text.ts'

/**
 * The `Event` table of Azure Monitor: channel in EventLog, data as XML in EventData or ParameterXml; also Log Parser, which
 * has a file name in EventLog and the values joined by `|` in Strings.
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
  const message = textOf(object, 'RenderedDescription', 'Message')
  if (!hasData && message !== '') addMessageData(event, message)
  const strings = textOf(object, 'Strings')
  if (event.data.size === 0 && strings !== '') addOrdered(event, strings.split('|'))
  if (message !== '') event.data.set('Message', message)
  return event
}
