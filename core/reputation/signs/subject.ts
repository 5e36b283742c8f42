import type { Statement } from '../../store/connection.ts'
import type { ReadStore } from '../../store/store.ts'
import { EvidencePages } from './evidence-pages.ts'
import type { Subject } from './sign.ts'
import { toUrlFacts } from './url-facts.ts'

const links = 'SELECT DISTINCT original, label FROM message_url WHERE url_id = ? LIMIT ?'
/** Variants of one link in many mails: the first ones show what there is to see. */
const MAX_LINKS = 20

/** Gathers what the case knows of a stored URL: how mails wrote and showed it, and pages that belong to it. */
export class Subjects {
  readonly #links: Statement
  readonly #pages: EvidencePages
  constructor(db: ReadStore) {
    this.#links = db.prepare(links)
    this.#pages = new EvidencePages(db)
  }

  /** @param url normal form; userinfo and fragment, which it lacks, come from the mails */
  of(id: number, url: string): Subject {
    const rows = this.#links.all(id, MAX_LINKS) as { original: string; label: string | null }[]
    const labels = rows.flatMap(({ label }) => (label === null ? [] : [label]))
    const written = rows.map(({ original }) => original).sort((a, b) => b.length - a.length)[0]
    const facts = toUrlFacts(written ?? url, labels)
    // What a gateway had rewritten is judged by the address behind it.
    const own = facts.url?.text === url || facts.url === undefined ? facts : toUrlFacts(url, labels)
    return { url: own, pages: this.#pages.of(id, own.url) }
  }
}
