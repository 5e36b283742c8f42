import type { Importer, ParsedUnit, RecordIssue } from './importer.ts'
import { decodeUtf8, toUtf8 } from './text-encoding.ts'
import { readEventXml } from './windows/event-xml.ts'
import { toEvent } from './windows/to-event.ts'
import { eventKey } from './windows/windows-event.ts'
import { EventSplitter, type XmlSlice } from './windows/xml-split.ts'
import { XML_TEXTS } from './windows/xml-texts.ts'

const EXCERPT_CHARS = 200
const BEGINNING =
  /^\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--[^]{0,2000}?-->\s*|<!DOCTYPE[^]{0,4000}?>\s*)*(?:<[\w.-]{1,40}(?:\s[^<>]{0,500})?>\s*)?<(?:[\w.-]{1,32}:)?Event[\s>]/
const NAMESPACE = 'schemas.microsoft.com/win/2004/08/events/event'

/** Turns slices into units. `encoding` is that of bytes which are no UTF-8. */
class Reading {
  #decoder: InstanceType<typeof TextDecoder> | undefined

  toUnit(slice: XmlSlice, encoding: string): ParsedUnit {
    const locator = `event ${slice.number}`
    const issues: RecordIssue[] = []
    const utf8 = decodeUtf8(slice.bytes)
    const raw = utf8 ?? (this.#decoder ??= new TextDecoder(encoding)).decode(slice.bytes)
    const excerpt = raw.slice(0, EXCERPT_CHARS)
    if (slice.problem === 'too_long')
      return { kind: 'issue', locator, code: 'windows-xml.too_long', excerpt, records: 1 }
    const read = readEventXml(raw)
    if (read === undefined) {
      const what = slice.problem === 'cut' ? 'truncated' : 'not_an_event'
      return { kind: 'issue', locator, code: `windows-xml.${what}`, excerpt, records: 1 }
    }
    const tail = raw.slice(-EXCERPT_CHARS)
    if (utf8 === undefined) issues.push({ code: 'windows-xml.encoding', excerpt: encoding })
    if (slice.problem === 'cut') issues.push({ code: 'windows-xml.truncated', excerpt: tail })
    else if (!read.isWhole) issues.push({ code: 'windows-xml.syntax', excerpt: tail })
    if (read.event.timeUs === null) issues.push({ code: 'windows-xml.time', excerpt })
    return {
      kind: 'record',
      locator,
      raw,
      // What broke off may differ from the whole event in another file: it must not stand for it.
      key: slice.problem === 'cut' ? undefined : eventKey(read.event),
      items: [toEvent(read.event)],
      issues: issues.length === 0 ? undefined : issues,
    }
  }
}

/** The encoding the XML declaration names, for bytes that are not UTF-8; else that of Western Windows. */
function declaredEncoding(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, 200)).toString('latin1')
  const label = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]{1,40})["']/.exec(text)?.[1]?.toLowerCase()
  if (label === undefined || label.startsWith('utf')) return 'windows-1252'
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    if (error instanceof RangeError) return 'windows-1252'
    throw error
  }
}

/** What only shows at the end of the file. */
function remarks(splitter: EventSplitter, isCut: boolean): ParsedUnit[] {
  const found: [string, string][] = []
  if (splitter.hasDoctype) found.push(['doctype', '<!DOCTYPE'])
  if (splitter.strayCount > 0) found.push(['between', `${splitter.strayCount} x ${splitter.strayExcerpt}`])
  if (splitter.isUnclosed && !isCut) found.push(['truncated', '</Events>'])
  return found.map(([what, excerpt]) => ({
    kind: 'issue',
    locator: 'file',
    code: `windows-xml.${what}`,
    excerpt,
    records: 0,
  }))
}

/** Windows events as XML: wevtutil, Event Viewer's "Save as XML", PowerShell's ToXml(). */
const importer: Importer = {
  id: 'windows-xml',
  texts: XML_TEXTS,
  detect({ text }) {
    if (!BEGINNING.test(text)) {
      // An export whose beginning is lost, or XML with something before it on each line (Sysmon for Linux in syslog).
      return /^\s*(?:<|[A-Z][a-z]{2} +\d)/.test(text) && /<Event[^>]*>\s*<System>\s*<Provider /.test(text)
        ? 0.7
        : 0
    }
    if (text.includes(NAMESPACE)) return 0.95
    return /<System>/.test(text) && /<EventID[\s>]/.test(text) ? 0.8 : 0
  },
  async *parse(part) {
    const splitter = new EventSplitter()
    const reading = new Reading()
    let encoding: string | undefined
    let isCut = false
    for await (const piece of toUtf8(part.open())) {
      const from = (encoding ??= declaredEncoding(piece))
      const slices = splitter.feed(piece)
      if (slices.length > 0) yield slices.map((slice) => reading.toUnit(slice, from))
    }
    const rest = splitter.end().map((slice) => {
      isCut ||= slice.problem === 'cut'
      return reading.toUnit(slice, encoding ?? 'windows-1252')
    })
    const units = [...rest, ...remarks(splitter, isCut)]
    if (units.length > 0) yield units
  },
}
export default importer
