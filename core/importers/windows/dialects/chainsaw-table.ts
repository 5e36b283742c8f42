import { addValue, emptyWindowsEvent } from '../windows-event.ts'
import type { Dialect } from './dialect.ts'
import { setTime, textOf, toId } from './members.ts'
import { providerOf } from './velociraptor-event.ts'

/** chainsaw's CSV: one row per event, the rules that found it in `detections`, its data as lines in `Event Data`. */
export const chainsawTable: Dialect = (object, times) => {
  const rule = textOf(object, 'detections')
  if (rule === '' || textOf(object, 'Event ID') === '') return undefined
  const event = emptyWindowsEvent()
  event.eventId = toId(textOf(object, 'Event ID'))
  event.channel = textOf(object, 'Channel', 'Event.System.Channel')
  event.provider =
    textOf(object, 'Event.System.Provider', 'Provider') || providerOf(event.channel, event.eventId)
  event.computer = textOf(object, 'Computer')
  event.recordId = textOf(object, 'Record ID')
  setTime(event, times, textOf(object, 'timestamp'))
  for (const line of textOf(object, 'Event Data').split(/\r?\n/)) {
    const match = /^\s*([\w ]{1,60}):\s*(.*)$/.exec(line)
    if (match?.[2] !== undefined && match[2] !== '') addValue(event.data, match[1] ?? '', match[2])
  }
  for (const [name, value] of Object.entries(object)) {
    const field = /^Event\.(?:EventData|UserData)\.(\w+)$/.exec(name)?.[1]
    if (field !== undefined && typeof value === 'string') addValue(event.data, field, value)
  }
  const rules = rule
    .split(/[‣\r\n\t]/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
  return { event, judgement: { id: rules.join('; '), rule: rules.join('; ') } }
}
