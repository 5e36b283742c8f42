import { isObject, type JsonObject, member, scalarText } from '../../json/parse-object.ts'
import { emptyWindowsEvent, type WindowsEvent } from '../windows-event.ts'
import type { Dialect, Times } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { addSection } from './sections.ts'

/**
 * The event XML as an object: evtx_dump in both attribute styles, Velociraptor's parse_evtx, Datadog, python-evtx with
 * xmltodict (`@Name`), and the raw text of our own EVTX records.
 */
export const eventObject: Dialect = (object, times) => {
  const event = member(object, 'Event')
  if (isObject(event) && isObject(member(event, 'System'))) return { event: readEventObject(event, times) }
  return member(member(object, 'System'), 'EventID') === undefined
    ? undefined
    : { event: readEventObject(object, times) }
}

/** Element text: a scalar, `{"#text": x}`, `{"value": x}` (Datadog) or `{"Value": x}` (Velociraptor). */
function elementText(parent: unknown, name: string): string {
  const value = member(parent, name)
  return isObject(value) ? textOf(value, '#text', 'value', 'Value', '_') : (scalarText(value) ?? '')
}
/** Attribute: under `#attributes`, in a sibling `NAME_attributes`, or a plain member with or without `@`. */
function attribute(parent: unknown, element: string, name: string): string {
  const value = member(parent, element)
  return (
    textOf(member(value, '#attributes'), name) ||
    textOf(member(parent, `${element}_attributes`), name) ||
    textOf(value, name, `@${name}`)
  )
}

/** Reads an object with the members `System` and `EventData` or `UserData`. */
export function readEventObject(object: JsonObject, times: Times): WindowsEvent {
  const system = member(object, 'System')
  const event = emptyWindowsEvent()
  event.provider = attribute(system, 'Provider', 'Name')
  event.eventId = toId(elementText(system, 'EventID'))
  event.version = toId(elementText(system, 'Version'))
  event.channel = elementText(system, 'Channel')
  event.computer = elementText(system, 'Computer')
  event.recordId = elementText(system, 'EventRecordID')
  event.userSid = attribute(system, 'Security', 'UserID')
  event.executionPid = toId(attribute(system, 'Execution', 'ProcessID'))
  event.isAuditFailure = isFailedAudit(elementText(system, 'Keywords'))
  setTime(event, times, attribute(system, 'TimeCreated', 'SystemTime'))
  for (const section of ['EventData', 'UserData', 'ProcessingErrorData'])
    addSection(event.data, member(object, section))
  return event
}
