import { isObject, type JsonObject, member, parseObject, scalarText } from '../../json/parse-object.ts'
import { addMessageData } from '../rendered-message.ts'
import { addOrdered, hasOrder } from '../value-order.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { COLLECTOR_EVENT_TYPES, ENVELOPE, WIDE_ENVELOPE } from './flat-envelope.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { addSection } from './sections.ts'
import { addXmlFragment } from './xml-text.ts'

/**
 * EventData beside the envelope: NXLog (OTRF Security-Datasets), fluentd and Fluent Bit, Azure's SecurityEvent and
 * WindowsEvent tables. EventData may also stand in a member of that name, as an object or as XML text.
 */
export const flat: Dialect = (object, times) =>
  isFlat(object) ? { event: readFlat(object, times, WIDE_ENVELOPE) } : undefined

/** NXLog's fingerprint, asked before all other dialects: the largest files are of this kind. */
export const nxlog: Dialect = (object, times) =>
  typeof object['Hostname'] === 'string' &&
  typeof object['SourceName'] === 'string' &&
  (typeof object['EventID'] === 'number' || typeof object['EventID'] === 'string')
    ? { event: readFlat(object, times, ENVELOPE) }
    : undefined

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

const PIDS = ['ExecutionProcessID', 'SystemProcessId'] as const
const FLUENT_PIDS = [...PIDS, 'ProcessID'] as const
const TIMES = ['TimeCreated', 'TimeGenerated', '@timestamp', 'EventTime', 'timestamp'] as const

function readFlat(object: JsonObject, times: Times, envelope: ReadonlySet<string>): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'SourceName', 'EventSourceName', 'ProviderName', 'Provider')
  event.eventId = toId(textOf(object, 'EventID'))
  event.version = toId(textOf(object, 'Version'))
  event.channel = textOf(object, 'Channel')
  // `host` is the collector; the machine the event is from stands in Hostname.
  event.computer = textOf(object, 'Hostname', 'Computer', 'MachineName')
  // Graylog keeps the sender under `source`.
  if (event.computer === '' && textOf(object, 'gl2_message_id', 'full_message') !== '')
    event.computer = textOf(object, 'source')
  event.recordId = textOf(object, 'RecordNumber', 'EventRecordID', 'EventRecordId', 'RecordID')
  event.userSid = textOf(object, 'UserID', 'SystemUserId')
  // Fluent Bit calls the writing process ProcessID; everywhere else that is a value of the event.
  const isFluent = textOf(object, 'ProviderName') !== ''
  event.executionPid = toId(textOf(object, ...(isFluent ? FLUENT_PIDS : PIDS)))
  event.isAuditFailure = isFailedAudit(textOf(object, 'Keywords'), textOf(object, 'EventType'))
  setTime(event, times, ...TIMES.map((name) => textOf(object, name)))
  // Parsed JSON has no members but its own; entries would cost an array for each of them in every record.
  for (const name in object) {
    const value = object[name]
    if (envelope.has(name) || value === null) continue
    if (isFluent && name === 'ProcessID') continue
    const text = scalarText(value) ?? JSON.stringify(value)
    if (name === 'EventType' && COLLECTOR_EVENT_TYPES.has(text)) continue
    addValue(event.data, name, text)
  }
  addSections(event, object)
  addTexts(event, object, envelope === ENVELOPE ? ['Message'] : TEXTS)
  return event
}

/** EventData as a member of its own: an object, XML text, or (AD FS behind Azure) values without names. */
function addSections(event: WindowsEvent, object: JsonObject): void {
  for (const name of ['EventData', 'UserData', 'EventData_dynamic'] as const) {
    const section = member(object, name)
    if (section === undefined) continue
    if (typeof section === 'string' && section.startsWith('[')) addListed(event, section)
    else if (isObject(section)) addSection(event.data, section)
    else if (typeof section === 'string') addXmlFragment(event.data, section)
    else addOrdered(event, section)
  }
}

/** A JSON list inside a text; what does not parse stays out, the raw record keeps it. */
function addListed(event: WindowsEvent, text: string): void {
  const parsed = parseObject(`{"list":${text}}`)
  if (parsed.ok) addOrdered(event, member(parsed.value, 'list'))
}

const TEXTS = ['Message', 'Description', 'full_message', 'message'] as const

/** The rendered text comes last; it only speaks where the data are silent. */
function addTexts(event: WindowsEvent, object: JsonObject, names: readonly string[]): void {
  const isSilent = event.data.size === 0
  const inserts = member(object, 'StringInserts')
  if (isSilent && hasOrder(event, inserts)) addOrdered(event, inserts)
  const message = textOf(object, ...names)
  if (event.data.size === 0 && message !== '') addMessageData(event, message)
  if (event.data.size === 0) addOrdered(event, inserts)
  if (message !== '') event.data.set('Message', message)
}
