import type { NormalUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'
import { Judge } from './judge.ts'
import { getJudgingPolicy } from './policy-stored.ts'

const senders = `SELECT DISTINCT m.from_address FROM message_url l JOIN message m ON m.id = l.message WHERE l.url_id = ?`

/** Why the policy in force leaves URLs of stored mail out of retro scans, whatever packs say of them (W27). */
export class UrlExclusions {
  readonly #judge: Judge
  readonly #db: ReadStore
  readonly #now: number

  constructor(db: ReadStore, now: number) {
    this.#db = db
    this.#now = now
    this.#judge = new Judge(getJudgingPolicy(db, now))
  }

  /** @returns the number of the rule: of a list, or that all mail with it is of approved senders; null where neither is so */
  of(id: number, url: NormalUrl | undefined): string | null {
    if (url === undefined) return null
    return this.#judge.byList(url)?.clause ?? (this.#isOfApprovedSenders(id) ? 'W38' : null)
  }

  #isOfApprovedSenders(id: number): boolean {
    if (!this.#judge.policy.approvedSenders.enabled) return false
    const all = this.#db.prepare(senders).pluck().all(id) as (string | null)[]
    return (
      all.length > 0 &&
      all.every((from) => {
        const facts = { direction: 'incoming' as const, from, to: [], headers: [] }
        return this.#judge.exclude(facts, this.#now)?.reason === 'approved-sender'
      })
    )
  }
}
