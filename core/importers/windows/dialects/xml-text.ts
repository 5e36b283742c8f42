import type { EventData } from '../event-values.ts'
import { member } from '../../json/parse-object.ts'
import { parseEventXml } from '../event-xml.ts'
import type { WindowsEvent } from '../windows-event.ts'
import type { Dialect } from './dialect.ts'
import { dig, toText } from './members.ts'

const XML_START = /^\s*(?:<\?xml[^>]*\?>\s*)?<Event[\s>]/

/** The event of a text that is its XML; undefined for any other text. */
export function eventOfXml(text: string): WindowsEvent | undefined {
  return XML_START.test(text) ? parseEventXml(text) : undefined
}

/** Members in which collectors ship the XML of the event as one text. */
const XML_MEMBERS = ['event.original', 'EventXml', 'Xml', 'xml', '_raw', 'message', 'msg', 'EventData.Xml']

/** Collectors that only pass the XML on: WEF subscriptions behind syslog, Logstash, Graylog, Elastic's `event.original`. */
export const xmlText: Dialect = (object) => {
  for (const name of XML_MEMBERS) {
    const text = toText(name.includes('.') ? dig(object, name) : member(object, name))
    const event = text === '' ? undefined : eventOfXml(text)
    if (event !== undefined) return { event }
  }
  return undefined
}

/**
 * Adds the data of an `<EventData>` or `<UserData>` fragment, or of `<Param>` texts (Azure Monitor).
 * @returns false when the text holds neither
 */
export function addXmlFragment(data: EventData, text: string): boolean {
  if (!text.includes('<')) return false
  const start = text.search(/<(?:EventData|UserData|Param)[\s>]/)
  if (start === -1) return false
  const section = /^<Param/.test(text.slice(start, start + 6))
    ? `<EventData>${text.slice(start).replace(/<(\/?)Param>/g, '<$1Data>')}</EventData>`
    : text.slice(start)
  const event = parseEventXml(`<Event><System><EventID>0</EventID></System>${section}</Event>`)
  if (event === undefined) return false
  for (const [name, value] of event.data) data.set(name, value)
  return event.data.size > 0
}
