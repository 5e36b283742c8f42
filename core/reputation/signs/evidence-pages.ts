import { parseUrl, type NormalUrl } from '../../normalise/url.ts'
import { RawReader } from '../../store/raw.ts'
import type { Statement } from '../../store/connection.ts'
import type { ReadStore } from '../../store/store.ts'
import { member } from '../packs/read-json.ts'
import { toPageFacts, type PageFacts } from './page-facts.ts'

const messagesOf = `SELECT DISTINCT m.id, m.evidence_id, m.record, m.headers FROM message_url l JOIN message m ON m.id = l.message
  WHERE l.url_id = ? ORDER BY m.id LIMIT ?`
/** A link in a footer stands in every mail; what a page looks like is seen in the first. */
const MAX_MESSAGES = 3

interface Row {
  readonly id: number
  readonly evidence_id: number
  readonly record: number
  readonly headers: string
}

/** What is kept of one message: its HTML and that of attached pages, and the address it was saved from. */
interface Kept {
  readonly pages: readonly PageFacts[]
  readonly location: NormalUrl | undefined
}

/** Requests with their answers as a browser or proxy captured them; other logs hold no pages. */
const captures = `SELECT t.v AS url, v.evidence_id, v.record FROM evidence e CROSS JOIN event v ON v.evidence_id = e.id
  JOIN str t ON t.id = v.url WHERE e.format = 'har' ORDER BY v.evidence_id, v.record LIMIT ?`
/** A capture of a day of browsing; pages behind that many requests are not looked for. */
const MAX_CAPTURES = 200_000
/** Captures of one address: the page changes little. */
const MAX_PAGES = 3

/**
 * Finds pages of the case that belong to an address. The case keeps the texts of mails, of saved pages (`.mht`), of attached
 * pages (HTML attachments) and of captured answers (HAR). A captured page belongs to the address that was asked for. A saved page belongs to the address it was saved from, a mail and an attached page to the addresses their
 * forms send to, an attached page also to those its scripts name.
 */
export class EvidencePages {
  readonly #raw: RawReader
  readonly #messages: Statement
  readonly #kept = new Map<number, Kept | null>()
  readonly #db: ReadStore
  /** Records of captured answers by address; read when first asked for. */
  #captured: Map<string, { readonly evidence: number; readonly record: number }[]> | undefined

  constructor(db: ReadStore) {
    this.#db = db
    this.#raw = new RawReader(db)
    this.#messages = db.prepare(messagesOf)
  }

  of(urlId: number, url: NormalUrl | undefined): PageFacts[] {
    if (url === undefined) return []
    const mailed = (this.#messages.all(urlId, MAX_MESSAGES) as Row[]).flatMap((row) => {
      const kept = this.#read(row)
      if (kept === null) return []
      if (kept.location !== undefined) return kept.location.text === url.text ? [...kept.pages] : []
      return kept.pages.filter(
        (page) =>
          page.formTargets.some((target) => parseUrl(target)?.text === url.text) ||
          (!page.isMail && page.scripts.includes(url.text)),
      )
    })
    return [...mailed, ...this.#capturesOf(url)]
  }

  #capturesOf(url: NormalUrl): PageFacts[] {
    this.#captured ??= this.#readCaptures()
    return (this.#captured.get(url.text) ?? []).flatMap(({ evidence, record }) => {
      const html = capturedHtml(this.#raw.find(evidence, record)?.raw ?? '')
      return html === undefined ? [] : [toPageFacts(html, false)]
    })
  }

  #readCaptures(): Map<string, { evidence: number; record: number }[]> {
    const found = new Map<string, { evidence: number; record: number }[]>()
    type Capture = { url: string; evidence_id: number; record: number }
    for (const row of this.#db.prepare(captures).iterate(MAX_CAPTURES) as IterableIterator<Capture>) {
      const text = parseUrl(row.url)?.text
      if (text === undefined) continue
      const known = found.get(text) ?? []
      if (known.length < MAX_PAGES)
        found.set(text, [...known, { evidence: row.evidence_id, record: row.record }])
    }
    return found
  }

  #read(row: Row): Kept | null {
    const known = this.#kept.get(row.id)
    if (known !== undefined) return known
    const raw = this.#raw.find(row.evidence_id, row.record)?.raw ?? ''
    const location = locationOf(row.headers)
    const pages = htmlOf(raw).map(({ html, isAttached }) =>
      toPageFacts(html, !isAttached && location === undefined),
    )
    const kept = pages.length === 0 ? null : { pages, location }
    this.#kept.set(row.id, kept)
    return kept
  }
}

/** The page in an entry of an HTTP archive, which is its own raw text; undefined when it is none, or cut off. */
function capturedHtml(raw: string): string | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(raw)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
  const content = member(member(entry, 'response'), 'content')
  const text = member(content, 'text')
  const type = member(content, 'mimeType')
  if (typeof text !== 'string' || typeof type !== 'string' || !/html/i.test(type)) return undefined
  return member(content, 'encoding') === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text
}

/** A mark of the raw view: `[text/html]` of a body, `[TYPE "name" N bytes sha256:...]` of an attachment with its page below. */
const MARK = /\n\[(?:(text\/html)|([^\n]{1,2000} \d+ bytes sha256:[0-9a-f]{64})|[^\n[\]]{1,2000})\]\n/g

/** The first HTML body and the attached pages of a message, out of its raw view. */
function htmlOf(raw: string): { html: string; isAttached: boolean }[] {
  const marks = [...raw.matchAll(MARK)]
  const found = marks.flatMap((mark, index) => {
    const from = mark.index + mark[0].length
    const html = raw.slice(from, marks[index + 1]?.index ?? raw.length)
    if (html.trim() === '' || (mark[1] === undefined && mark[2] === undefined)) return []
    return [{ html, isAttached: mark[2] !== undefined }]
  })
  return [...found.filter((one) => !one.isAttached).slice(0, 1), ...found.filter((one) => one.isAttached)]
}

/** The address a browser wrote into the page it saved. */
function locationOf(headers: string): NormalUrl | undefined {
  const fields = JSON.parse(headers) as { name: string; value: string }[]
  const field = fields.find(({ name }) => /^(?:snapshot-)?content-location$/i.test(name))
  return field === undefined ? undefined : parseUrl(field.value)
}
