import type { EventData } from './event-values.ts'
import { parseTime } from '../../normalise/time.ts'
import { addValue, emptyWindowsEvent, saysAuditFailure, type WindowsEvent } from './windows-event.ts'
import { parseXmlTree, type XmlElement } from './xml-tree.ts'

/**
 * @property isWhole false when the XML breaks off or does not nest: the event is what could be read of it
 */
export interface EventXml {
  readonly event: WindowsEvent
  readonly isWhole: boolean
}

/**
 * A Windows event out of the XML text of one `<Event>` (formats.md A1.8), as wevtutil, Event Viewer, Splunk's `_raw` and
 * Winlogbeat's `event.original` write it. Same names in `data` as from EVTX. What stands before the element is skipped.
 * @returns undefined when the text is no event: no `Event` element, or no System with an event id
 */
export function parseEventXml(text: string): WindowsEvent | undefined {
  return readEventXml(text)?.event
}

/** The same, also telling whether the XML was whole. */
export function readEventXml(text: string): EventXml | undefined {
  const start = text.search(/<(?:[\w.-]+:)?Event[\s>]/)
  if (start === -1) return undefined
  const { root, isWhole } = parseXmlTree(start === 0 ? text : text.slice(start))
  const system = root === undefined ? undefined : child(root, 'System')
  if (root === undefined || system === undefined) return undefined
  const event = emptyWindowsEvent()
  if (!readSystem(event, system)) return undefined
  let position = 0
  for (const section of elements(root)) {
    if (section === system || section.name === 'RenderingInfo') continue
    for (const element of elements(section)) position = addElement(event.data, element, position)
    const own = textOf(section)
    if (elements(section).length === 0 && own.trim() !== '') addValue(event.data, section.name, own)
  }
  if (event.data.size === 0) addMessage(event, root)
  return { event, isWhole }
}

/** False when there is no event id, without which nothing here is an event. */
function readSystem(event: WindowsEvent, system: XmlElement): boolean {
  const id = childText(system, 'EventID')
  if (!/^\d{1,9}$/.test(id)) return false
  const provider = child(system, 'Provider')?.attributes
  event.provider = provider?.get('Name') ?? provider?.get('EventSourceName') ?? ''
  event.eventId = Number(id)
  const version = childText(system, 'Version')
  event.version = /^\d{1,9}$/.test(version) ? Number(version) : 0
  event.channel = childText(system, 'Channel')
  event.computer = childText(system, 'Computer')
  event.recordId = childText(system, 'EventRecordID')
  event.userSid = child(system, 'Security')?.attributes.get('UserID') ?? ''
  const pid = child(system, 'Execution')?.attributes.get('ProcessID') ?? ''
  event.executionPid = /^\d{1,9}$/.test(pid) ? Number(pid) : 0
  event.isAuditFailure = saysAuditFailure(childText(system, 'Keywords'))
  // SystemTime is UTC by definition, also where a writer leaves the Z out.
  event.timeUs =
    parseTime(child(system, 'TimeCreated')?.attributes.get('SystemTime') ?? '', 'UTC')?.us ?? null
  return true
}

/** As flat-program.ts does: attributes of other elements than Data are values of their own. */
function addElement(data: EventData, element: XmlElement, unnamed: number): number {
  let position = unnamed
  const isData = element.name === 'Data'
  const name = isData ? element.attributes.get('Name') : element.name
  let hasAttributes = false
  for (const [key, value] of element.attributes) {
    if (key === 'xmlns' || key.startsWith('xmlns:') || (isData && key === 'Name')) continue
    hasAttributes = true
    if (!isData) addValue(data, key, value)
  }
  const inner = elements(element)
  for (const one of inner) position = addElement(data, one, position)
  const value = textOf(element)
  if (value === '' && (inner.length > 0 || hasAttributes)) return position
  if (inner.length > 0 && value.trim() === '') return position
  if (name === undefined) position += 1
  addValue(data, name ?? `param${position}`, value)
  return position
}

/** The rendered text speaks only where the event itself says nothing (forwarded events of unknown providers). */
function addMessage(event: WindowsEvent, root: XmlElement): void {
  const rendering = child(root, 'RenderingInfo')
  const message = rendering === undefined ? '' : childText(rendering, 'Message')
  if (message !== '') event.data.set('Message', message)
}

function elements(element: XmlElement): XmlElement[] {
  return element.children.filter((one): one is XmlElement => typeof one !== 'string')
}
function child(element: XmlElement, name: string): XmlElement | undefined {
  return elements(element).find((one) => one.name === name)
}
function textOf(element: XmlElement): string {
  let text = ''
  for (const one of element.children) if (typeof one === 'string') text += one
  return text
}
function childText(element: XmlElement, name: string): string {
  const found = child(element, name)
  return found === undefined ? '' : textOf(found).trim()
}
