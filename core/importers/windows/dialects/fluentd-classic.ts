import { member } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addOrdered } from '../value-order.ts'
import { emptyWindowsEvent } from '../windows-event.ts'
import type { Dialect } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'

/** Channels as this reader of the old event log API writes them. */
const CHANNELS: ReadonlyMap<string, string> = new Map([
  ['security', 'Security'],
  ['system', 'System'],
  ['application', 'Application'],
])

/** fluentd's first Windows event log input, whose names are lower case with underscores. */
export const fluentdClassic: Dialect = (object, times) => {
  if (textOf(object, 'event_id') === '' || textOf(object, 'source_name') === '') return undefined
  if (textOf(object, 'channel') === '' || textOf(object, 'time_generated', 'time_written') === '')
    return undefined
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'source_name')
  // The upper half of the old 32-bit id holds severity and facility.
  event.eventId = toId(textOf(object, 'event_id')) % 65_536
  const channel = textOf(object, 'channel')
  event.channel = CHANNELS.get(channel.toLowerCase()) ?? channel
  event.computer = textOf(object, 'computer_name')
  event.recordId = textOf(object, 'record_number')
  event.isAuditFailure = isFailedAudit(textOf(object, 'event_type'))
  setTime(event, times, textOf(object, 'time_generated', 'time_written'))
  const message = textOf(object, 'description')
  if (message !== '') addMessageData(event, message)
  if (event.data.size === 0) addOrdered(event, member(object, 'string_inserts'))
  if (message !== '') event.data.set('Message', message)
  return { event }
}
