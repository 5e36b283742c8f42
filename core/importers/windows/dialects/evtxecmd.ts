import type { EventData } from '../event-values.ts'
import { isObject, type JsonObject, member, parseObject } from '../../json/parse-object.ts'
import { addValue, emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setUtcTime, textOf, toId } from './members.ts'
import { addSection } from './sections.ts'

/**
 * EvtxECmd (CSV or JSON): the data as JSON text in Payload. Its `UserId` is System/Security, its `ProcessId` that of the
 * writing process; times are UTC although the CSV does not say so.
 */
export const evtxecmd: Dialect = (object, times) =>
  member(object, 'EventId') !== undefined &&
  member(object, 'EventRecordId') !== undefined &&
  textOf(object, 'Provider') !== ''
    ? { event: readEvtxecmd(object, times) }
    : undefined

function readEvtxecmd(object: JsonObject, times: Times): WindowsEvent {
  const event = emptyWindowsEvent()
  event.provider = textOf(object, 'Provider')
  event.eventId = toId(textOf(object, 'EventId'))
  event.channel = textOf(object, 'Channel')
  event.computer = textOf(object, 'Computer')
  event.recordId = textOf(object, 'EventRecordId')
  event.userSid = textOf(object, 'UserId')
  event.executionPid = toId(textOf(object, 'ProcessId'))
  event.isAuditFailure = isFailedAudit(textOf(object, 'Keywords'))
  setUtcTime(event, times, textOf(object, 'TimeCreated'))
  if (!addPayload(event.data, member(object, 'Payload'))) addColumns(event.data, object)
  return event
}

/** Payload: `{"EventData": {"Data": [{"@Name", "#text"}]}}` as text or object; UserData likewise. */
function addPayload(data: EventData, payload: unknown): boolean {
  const parsed = typeof payload === 'string' ? parseObject(payload) : undefined
  const object = isObject(payload) ? payload : parsed?.ok === true ? parsed.value : undefined
  if (object === undefined) return false
  for (const name of ['EventData', 'UserData']) addSection(data, member(object, name))
  return data.size > 0
}

/** Without a payload the columns that maps filled are all there is. */
const COLUMNS = ['UserName', 'RemoteHost', 'ExecutableInfo', 'MapDescription'] as const
function addColumns(data: EventData, object: JsonObject): void {
  for (const name of [...COLUMNS, ...[1, 2, 3, 4, 5, 6].map((number) => `PayloadData${number}`)]) {
    const text = textOf(object, name)
    if (text !== '') addValue(data, name, text)
  }
}
