import { type JsonObject } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { setTime, textOf, toId } from './members.ts'
import { addXmlFragment } from './xml-text.ts'

/** The `Event` table of Azure Monitor: channel in EventLog, data as XML in EventData or ParameterXml. */
export const azureEvent: Dialect = (object, times) =>
  textOf(object, 'EventLog') === '' || textOf(object, 'EventID') === ''
    ? undefined
    : { event: readAzureEvent(object, times) }

function readAzureEvent(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'Source')
  event.eventId = toId(textOf(object, 'EventID'))
  event.channel = textOf(object, 'EventLog')
  event.computer = textOf(object, 'Computer')
  event.recordId = textOf(object, 'EventRecordId')
  setTime(event, times, textOf(object, 'TimeGenerated'))
  const hasData =
    addXmlFragment(event.data, textOf(object, 'EventData')) ||
    addXmlFragment(event.data, textOf(object, 'ParameterXml'))
  const message = textOf(object, 'RenderedDescription')
  if (message !== '') {
    if (!hasData) addMessageData(event, message)
    event.data.set('Message', message)
  }
  return event
}
