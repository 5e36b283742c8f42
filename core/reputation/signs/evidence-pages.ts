import { parseUrl, type NormalUrl } from '../../normalise/url.ts'
import { RawReader } from '../../store/raw.ts'
import type { Statement } from '../../store/connection.ts'
import type { ReadStore } from '../../store/store.ts'
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

/**
 * Finds pages of the case that belong to an address. The case keeps the texts of mails, of saved pages (`.mht`) and of attached
 * pages (HTML attachments). A saved page belongs to the address it was saved from, a mail and an attached page to the addresses their
 * forms send to, an attached page also to those its scripts name.
 */
export class EvidencePages {
  readonly #raw: RawReader
  readonly #messages: Statement
  readonly #kept = new Map<number, Kept | null>()

  constructor(db: ReadStore) {
    this.#raw = new RawReader(db)
    this.#messages = db.prepare(messagesOf)
  }

  of(urlId: number, url: NormalUrl | undefined): PageFacts[] {
    if (url === undefined) return []
    return (this.#messages.all(urlId, MAX_MESSAGES) as Row[]).flatMap((row) => {
      const kept = this.#read(row)
      if (kept === null) return []
      if (kept.location !== undefined) return kept.location.text === url.text ? [...kept.pages] : []
      return kept.pages.filter(
        (page) =>
          page.formTargets.some((target) => parseUrl(target)?.text === url.text) ||
          (!page.isMail && page.scripts.includes(url.text)),
      )
    })
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
