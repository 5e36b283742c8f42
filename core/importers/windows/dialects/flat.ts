import { isObject, type JsonObject, member, scalarText } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { COLLECTOR_EVENT_TYPES, ENVELOPE } from './flat-envelope.ts'
import { setTime, textOf, toId } from './members.ts'
import { addPositional, addSection } from './sections.ts'
import { addXmlFragment } from './xml-text.ts'

/**
 * EventData beside the envelope: NXLog (OTRF Security-Datasets), fluentd and Fluent Bit, Azure's SecurityEvent and
 * WindowsEvent tables. EventData may also stand in a member of that name, as an object or as XML text.
 */
export const flat: Dialect = (object, times) =>
  isFlat(object) ? { event: readFlat(object, times) } : undefined

/** Hayabusa's timelines have the same envelope; they are findings, read by their own importer. */
function isFlat(object: JsonObject): boolean {
  return (
    textOf(object, 'EventID') !== '' &&
    member(object, 'RuleTitle') === undefined &&
    member(object, 'timestamp_desc') === undefined &&
    (textOf(object, 'Channel', 'SourceName', 'EventSourceName', 'ProviderName', 'Provider') !== '' ||
      textOf(object, 'SourceModuleType') === 'im_msvistalog')
  )
}

const TIMES = ['TimeCreated', 'TimeGenerated', '@timestamp', 'EventTime', 'timestamp'] as const

function readFlat(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'SourceName', 'EventSourceName', 'ProviderName', 'Provider')
  event.eventId = toId(textOf(object, 'EventID'))
  event.version = toId(textOf(object, 'Version'))
  event.channel = textOf(object, 'Channel')
  // `host` is the collector; the machine the event is from stands in Hostname.
  event.computer = textOf(object, 'Hostname', 'Computer', 'MachineName')
  event.recordId = textOf(object, 'RecordNumber', 'EventRecordID', 'EventRecordId', 'RecordID')
  event.userSid = textOf(object, 'UserID', 'SystemUserId')
  event.executionPid = toId(textOf(object, 'ExecutionProcessID', 'SystemProcessId'))
  setTime(event, times, ...TIMES.map((name) => textOf(object, name)))
  for (const [name, value] of Object.entries(object)) {
    if (ENVELOPE.has(name) || value === null || value === '') continue
    const text = scalarText(value) ?? JSON.stringify(value)
    if (name === 'EventType' && COLLECTOR_EVENT_TYPES.has(text)) continue
    addValue(event.data, name, text)
  }
  addEventData(event, object)
  return event
}

/** Sections of their own; the rendered text comes last, it only speaks where the data are silent. */
function addEventData(event: WindowsEvent, object: JsonObject): void {
  for (const name of ['EventData', 'UserData']) {
    const section = member(object, name)
    if (isObject(section)) addSection(event.data, section)
    else if (typeof section === 'string') addXmlFragment(event.data, section)
    else addPositional(event.data, section)
  }
  const before = event.data.size
  addPositional(event.data, member(object, 'StringInserts'))
  const message = textOf(object, 'Message', 'Description', 'full_message', 'message')
  if (message === '') return
  if (before === 0) addMessageData(event, message)
  event.data.set('Message', message)
}
