import { getDomain } from 'tldts'
import type { Statement } from '../../store/connection.ts'
import type { ReadStore } from '../../store/store.ts'
import { EvidencePages } from './evidence-pages.ts'
import type { Subject } from './sign.ts'
import { toUrlFacts } from './url-facts.ts'

const links = 'SELECT DISTINCT original, label FROM message_url WHERE url_id = ? LIMIT ?'
/** Links beside it, in the first mails that brought it. */
const besides = `SELECT DISTINCT u.host FROM (SELECT DISTINCT message FROM message_url WHERE url_id = ? ORDER BY message LIMIT 3) m
  CROSS JOIN message_url l ON l.message = m.message CROSS JOIN url u ON u.id = l.url_id WHERE u.host <> '' LIMIT ?`
/** Variants of one link in many mails: the first ones show what there is to see. */
const MAX_LINKS = 20
/** A digest can hold thousands. */
const MAX_BESIDES = 200

/** Gathers what the case knows of a stored URL: how mails wrote and showed it, and pages that belong to it. */
export class Subjects {
  readonly #links: Statement
  readonly #besides: Statement
  readonly #pages: EvidencePages
  constructor(db: ReadStore) {
    this.#links = db.prepare(links)
    this.#besides = db.prepare(besides).pluck()
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
    const hosts = this.#besides.all(id, MAX_BESIDES) as string[]
    const companions = new Set(hosts.flatMap((host) => getDomain(host) ?? []))
    companions.delete(own.owner)
    return { url: own, pages: this.#pages.of(id, own.url), companions: [...companions] }
  }
}
