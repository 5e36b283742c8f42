import { openedLinks } from './link-evidence.ts'
import type { RelationDraft } from './rule.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Who is asked for consent on a page answers within this time of opening it. */
const SOON_US = 3_600_000_000
/** Clocks of two logs of the same provider. */
const CLOCK_US = 60_000_000
/** The application in the address of a page that asks for consent (RFC 6749 4.1.1). */
const CLIENT = /[?&]client_id=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i
const GUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi

/** A link of a message that somebody opened and that asks for the rights which the same person gave right after. */
export interface ConsentClick {
  readonly at: number
  /** Entity id of the link. */
  readonly url: number
  readonly proof: RelationDraft['proof']
}

/** Opened links that ask for consent to an application, by who opened them and for which application. */
export class ConsentClicks {
  readonly #clicks = new TimeIndex<ConsentClick>()

  constructor(view: CorrelationView) {
    for (const { kind, from, to, at, proof } of openedLinks(view)) {
      if (kind !== 'clicked-by' || typeof from !== 'number' || typeof to !== 'number' || at === null) continue
      const client = CLIENT.exec(view.entity(from).name)?.[1]?.toLowerCase()
      if (client !== undefined) this.#clicks.add(`${to}|${client}`, { at, url: from, proof })
    }
  }

  /** The last one before an entry that gave rights to the application: its id stands in the entry (AppId, or the object itself). */
  before(event: ViewEvent): ConsentClick | undefined {
    const { at, userId, fields } = event
    if (at === null || userId === null || this.#clicks.size === 0) return undefined
    for (const [id] of `${fields.target ?? ''} ${fields.detail ?? ''}`.matchAll(GUID)) {
      const found = this.#clicks.last(`${userId}|${id.toLowerCase()}`, at - SOON_US, at + CLOCK_US)
      if (found) return found
    }
    return undefined
  }
}
