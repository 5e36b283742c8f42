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

/** What is kept of one message: its HTML, and the address it was saved from. */
interface Kept {
  readonly page: PageFacts
  readonly location: NormalUrl | undefined
}

/**
 * Finds pages of the case that belong to an address. The case keeps the texts of mails and of saved pages (`.mht`), of other
 * attachments the hash and the links: their pages cannot be looked at. A saved page belongs to the address it was saved from, a mail
 * to the addresses its forms send to.
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
      if (kept.location !== undefined) return kept.location.text === url.text ? [kept.page] : []
      return kept.page.formTargets.some((target) => parseUrl(target)?.text === url.text) ? [kept.page] : []
    })
  }

  #read(row: Row): Kept | null {
    const known = this.#kept.get(row.id)
    if (known !== undefined) return known
    const raw = this.#raw.find(row.evidence_id, row.record)?.raw ?? ''
    const start = raw.indexOf('\n[text/html]\n')
    const location = locationOf(row.headers)
    const kept =
      start < 0 ? null : { page: toPageFacts(raw.slice(start + 13), location === undefined), location }
    this.#kept.set(row.id, kept)
    return kept
  }
}

/** The address a browser wrote into the page it saved. */
function locationOf(headers: string): NormalUrl | undefined {
  const fields = JSON.parse(headers) as { name: string; value: string }[]
  const field = fields.find(({ name }) => /^(?:snapshot-)?content-location$/i.test(name))
  return field === undefined ? undefined : parseUrl(field.value)
}
