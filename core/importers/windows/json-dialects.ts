import { parseTime } from '../../normalise/time.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from './windows-event.ts'

/**
 * A Windows event out of one JSON object, whichever tool rendered it (formats.md A4); undefined when it is none.
 * @param zone IANA zone for times without one (NXLog's `EventTime`)
 */
export function fromJson(object: JsonObject, zone: string): WindowsEvent | undefined {
  const source = isObject(member(object, '_source')) ? (member(object, '_source') as JsonObject) : object
  const event = member(source, 'Event')
  if (isObject(member(event, 'System'))) return fromEventXml(event as JsonObject, zone)
  const winlog = member(source, 'winlog')
  if (isObject(winlog)) return fromWinlog(source, winlog, zone)
  if (member(member(source, 'System'), 'EventID') !== undefined) return fromEventXml(source, zone)
  const wazuh = member(member(source, 'data'), 'win')
  if (isObject(member(wazuh, 'system'))) return fromWazuh(wazuh as JsonObject, zone)
  return isFlat(source) ? fromFlat(source, zone) : undefined
}

/** Text of the first member that has one. */
function textOf(object: unknown, ...keys: string[]): string {
  for (const key of keys) {
    const text = scalarText(member(object, key))
    if (text !== undefined && text !== '') return text
  }
  return ''
}
function setTime(event: WindowsEvent, zone: string, ...candidates: (string | undefined)[]): void {
  const times = candidates.map((text) =>
    text === undefined || text === '' ? undefined : parseTime(text, zone),
  )
  // A time that names its zone beats one that needs an assumption.
  const time =
    times.find((parsed) => parsed?.zoneAssumed === false) ?? times.find((parsed) => parsed !== undefined)
  event.timeUs = time?.us ?? null
  event.zoneAssumed = time?.zoneAssumed ?? false
}
function toId(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

/** Element text: a scalar, `{"#text": x}`, `{"value": x}` (Datadog) or `{"Value": x}` (Velociraptor). */
function elementText(parent: unknown, name: string): string {
  const value = member(parent, name)
  return isObject(value) ? textOf(value, '#text', 'value', 'Value', '_') : (scalarText(value) ?? '')
}
/** Attribute: under `#attributes`, in a sibling `NAME_attributes`, or a plain member. */
function attribute(parent: unknown, element: string, name: string): string {
  const value = member(parent, element)
  return (
    textOf(member(value, '#attributes'), name) ||
    textOf(member(parent, `${element}_attributes`), name) ||
    textOf(value, name)
  )
}

/** evtx_dump in both attribute styles, Velociraptor, Datadog, and the raw text of our own EVTX records. */
function fromEventXml(object: JsonObject, zone: string): WindowsEvent {
  const system = member(object, 'System')
  const event = emptyWindowsEvent()
  event.provider = attribute(system, 'Provider', 'Name')
  event.eventId = toId(elementText(system, 'EventID'))
  event.version = toId(elementText(system, 'Version'))
  event.channel = elementText(system, 'Channel')
  event.computer = elementText(system, 'Computer')
  event.recordId = elementText(system, 'EventRecordID')
  event.userSid = attribute(system, 'Security', 'UserID')
  setTime(event, zone, attribute(system, 'TimeCreated', 'SystemTime'))
  for (const section of ['EventData', 'UserData', 'ProcessingErrorData'])
    addSection(event.data, member(object, section))
  return event
}

/** A section's own attributes name the template, not a fact. */
function addSection(data: Map<string, string>, section: unknown): void {
  if (!isObject(section)) return
  for (const [name, value] of Object.entries(section)) if (!isAttributes(name)) addMember(data, name, value)
}
function isAttributes(name: string): boolean {
  return name === '#attributes' || name.endsWith('_attributes')
}

/** Fragments nest five deep at most; parseObject has already refused anything deeper than 64. */
function addTree(data: Map<string, string>, tree: unknown): void {
  if (!isObject(tree)) return
  for (const [name, value] of Object.entries(tree)) {
    if (isAttributes(name)) addAttributes(data, value)
    else if (name !== '#text') addMember(data, name, value)
  }
}
function addMember(data: Map<string, string>, name: string, value: unknown): void {
  if (name === 'Data') addUnnamed(data, value)
  else if (isObject(value)) addElement(data, name, value)
  else if (Array.isArray(value))
    addValue(data, name, value.map((item) => scalarText(item) ?? JSON.stringify(item)).join('\n'))
  else if (value !== null) addValue(data, name, scalarText(value) ?? '')
}
function addElement(data: Map<string, string>, name: string, value: JsonObject): void {
  const text = scalarText(member(value, '#text'))
  if (text !== undefined) addValue(data, name, text)
  addTree(data, value)
}
function addAttributes(data: Map<string, string>, attributes: unknown): void {
  if (!isObject(attributes)) return
  for (const [name, value] of Object.entries(attributes)) {
    const text = scalarText(value)
    if (text !== undefined && name !== 'xmlns' && !name.startsWith('xmlns:')) addValue(data, name, text)
  }
}
/** Unnamed Data: a text, an array, or either under `#text`; some writers give `{"@Name", "#text"}` objects instead. */
function addUnnamed(data: Map<string, string>, value: unknown): void {
  const inner =
    isObject(value) && Object.hasOwn(value, '#text') && !hasName(value) ? member(value, '#text') : value
  const items: readonly unknown[] = Array.isArray(inner) ? inner : [inner]
  let position = 0
  for (const item of items) {
    const name = hasName(item)
      ? textOf(item, '@Name', 'Name') || textOf(member(item, '#attributes'), 'Name')
      : ''
    const text = isObject(item) ? textOf(item, '#text', 'Value', 'value') : scalarText(item)
    if (name !== '') addValue(data, name, text ?? '')
    else if (text !== undefined) addValue(data, `param${(position += 1)}`, text)
  }
}
function hasName(item: unknown): boolean {
  return textOf(item, '@Name', 'Name') !== '' || textOf(member(item, '#attributes'), 'Name') !== ''
}

/** Winlogbeat and Elastic Agent, also inside an Elasticsearch dump's `_source`. */
function fromWinlog(source: JsonObject, winlog: JsonObject, zone: string): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(winlog, 'provider_name')
  event.eventId = toId(elementText(winlog, 'event_id') || textOf(member(source, 'event'), 'code'))
  event.version = toId(textOf(winlog, 'version'))
  event.channel = textOf(winlog, 'channel')
  event.computer = textOf(winlog, 'computer_name') || textOf(member(source, 'host'), 'name')
  event.recordId = textOf(winlog, 'record_id')
  event.userSid = textOf(member(winlog, 'user'), 'identifier')
  setTime(event, zone, textOf(winlog, 'time_created') || undefined, textOf(source, '@timestamp'))
  addSection(event.data, member(winlog, 'event_data'))
  addSection(event.data, member(winlog, 'user_data'))
  const message = textOf(source, 'message')
  if (message !== '' && event.data.size === 0) event.data.set('Message', message)
  return event
}

/** Wazuh: names begin in lower case (`targetUserName`). */
function fromWazuh(win: JsonObject, zone: string): WindowsEvent {
  const system = member(win, 'system')
  const event = emptyWindowsEvent()
  event.provider = textOf(system, 'providerName')
  event.eventId = toId(textOf(system, 'eventID'))
  event.version = toId(textOf(system, 'version'))
  event.channel = textOf(system, 'channel')
  event.computer = textOf(system, 'computer')
  event.recordId = textOf(system, 'eventRecordID')
  setTime(event, zone, textOf(system, 'systemTime'))
  const data = member(win, 'eventdata')
  if (isObject(data)) {
    for (const [name, value] of Object.entries(data)) {
      addValue(
        event.data,
        name.slice(0, 1).toUpperCase() + name.slice(1),
        scalarText(value) ?? JSON.stringify(value),
      )
    }
  }
  return event
}

/** Members that describe the record or the collector, not the event (NXLog, Logstash, Sentinel; formats.md A4). */
const ENVELOPE = new Set([
  '@timestamp',
  '@version',
  'host',
  'port',
  'tags',
  'EventTime',
  'EventReceivedTime',
  'TimeCreated',
  'TimeGenerated',
  'TimeCollected',
  'SourceModuleName',
  'SourceModuleType',
  'SourceName',
  'EventSourceName',
  'Severity',
  'SeverityValue',
  'Opcode',
  'OpcodeValue',
  'ThreadID',
  'ExecutionProcessID',
  'ExecutionThreadID',
  'Keywords',
  'Version',
  'ProviderGuid',
  'Category',
  'Task',
  'TaskValue',
  'RecordNumber',
  'EventRecordID',
  'EventTypeOrignal',
  'Domain',
  'UserID',
  'AccountType',
  'Level',
  'LevelValue',
  'Channel',
  'EventID',
  'Hostname',
  'Computer',
  'Message',
  'ActivityID',
  'TenantId',
  'SourceSystem',
  'MG',
  'ManagementGroupName',
  'Type',
  '_ResourceId',
  'SourceComputerId',
  'EventOriginId',
])
/** What NXLog puts into EventType when the event has no such field of its own. */
const COLLECTOR_EVENT_TYPES = new Set([
  'INFO',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'VERBOSE',
  'AUDIT_SUCCESS',
  'AUDIT_FAILURE',
])

function isFlat(object: JsonObject): boolean {
  return (
    textOf(object, 'EventID') !== '' &&
    (textOf(object, 'Channel', 'SourceName', 'EventSourceName') !== '' ||
      textOf(object, 'SourceModuleType') === 'im_msvistalog')
  )
}

/** NXLog (OTRF Security-Datasets) and Sentinel's SecurityEvent: EventData beside the envelope. */
function fromFlat(object: JsonObject, zone: string): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'SourceName', 'EventSourceName')
  event.eventId = toId(textOf(object, 'EventID'))
  event.version = toId(textOf(object, 'Version'))
  event.channel = textOf(object, 'Channel')
  // `host` is the collector; the machine the event is from stands in Hostname.
  event.computer = textOf(object, 'Hostname', 'Computer')
  event.recordId = textOf(object, 'RecordNumber', 'EventRecordID')
  event.userSid = textOf(object, 'UserID')
  setTime(
    event,
    zone,
    ...['TimeCreated', 'TimeGenerated', '@timestamp', 'EventTime'].map((name) => textOf(object, name)),
  )
  for (const [name, value] of Object.entries(object)) {
    if (ENVELOPE.has(name) || value === null) continue
    const text = scalarText(value) ?? JSON.stringify(value)
    if (name === 'EventType' && COLLECTOR_EVENT_TYPES.has(text)) continue
    addValue(event.data, name, text)
  }
  // The rendered text comes last: it only speaks where the data are silent.
  const message = textOf(object, 'Message')
  if (message !== '') event.data.set('Message', message)
  return event
}
