import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import type { Touch } from './message-touches.ts'
import type { Recipient } from './recipient-list.ts'
import type { Person } from './touch-owners.ts'
import { caseRatings, UNRANKED } from './url-ratings.ts'

const addressOf = `SELECT value FROM alias WHERE entity_id = ? AND kind IN ('upn', 'smtp') ORDER BY kind, value LIMIT 1`
const firstWith = `SELECT m.entity_id FROM message_url l JOIN message m ON m.id = l.message
  WHERE l.url_id = ? AND m.entity_id IS NOT NULL ORDER BY coalesce(m.delivered_at, m.sent_at), m.id LIMIT 1`
const gotIt = `SELECT 1 FROM relation o JOIN relation d ON d.to_id = o.from_id AND d.kind = 'delivered-to'
  JOIN message m ON m.entity_id = d.from_id JOIN message_url l ON l.message = m.id
  WHERE o.to_id = ? AND o.kind = 'owned-by' AND l.url_id = ? LIMIT 1`

/** People who opened a link of a message that was not sent to them: what of it is told of that message. */
export class Outsiders {
  readonly #db: ReadStore
  readonly #now: number
  readonly #address
  readonly #firstWith
  readonly #gotIt
  /** Answers by URL: a link of a campaign stands in thousands of messages, and is asked for with each of them. */
  readonly #firsts = new Map<number, number | undefined>()
  readonly #got = new Map<string, boolean>()
  constructor(db: ReadStore, now: number) {
    this.#db = db
    this.#now = now
    this.#address = db.prepare(addressOf).pluck()
    this.#firstWith = db.prepare(firstWith).pluck()
    this.#gotIt = db.prepare(gotIt)
  }

  /**
   * Touches of an outsider that this message is to account for. A link in several messages (of a campaign, of every newsletter) was
   * opened once: it is told of the first message that holds it, only where packs speak against it, and not of somebody who got it in
   * another message.
   */
  own(message: number, person: Person, owned: ReadonlyMap<Person, readonly Touch[]>): Touch[] {
    const touches = owned.get(person) ?? []
    return touches.filter(({ isShared, url }) => {
      if (!isShared) return true
      if (url === null || person.user === null) return false
      const { rank } = caseRatings(this.#db, this.#now)
      return (
        (rank.get(url) ?? UNRANKED) < UNRANKED &&
        this.#firstMessage(url) === message &&
        !this.#hasGot(person.user.id, url)
      )
    })
  }

  #firstMessage(url: number): number | undefined {
    if (!this.#firsts.has(url)) this.#firsts.set(url, this.#firstWith.get(url) as number | undefined)
    return this.#firsts.get(url)
  }

  #hasGot(user: string, url: number): boolean {
    const key = `${user} ${url}`
    const known = this.#got.get(key)
    if (known !== undefined) return known
    const got = this.#gotIt.get(Number(user), url) !== undefined
    this.#got.set(key, got)
    return got
  }

  /** Somebody without mailbox or delivery here; the address the person is reached by, else the name. */
  toRecipient(user: EntityRef | null): Recipient {
    const known = user === null ? undefined : (this.#address.get(Number(user.id)) as string | undefined)
    const address = known ?? user?.name ?? ''
    return {
      mailbox: null,
      address,
      addresses: [address],
      user,
      isDelivered: false,
      deliveredAt: null,
      recordedAction: null,
    }
  }
}
