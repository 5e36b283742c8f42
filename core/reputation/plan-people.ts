import type { PlanTarget } from '../contract/nouns/plan.ts'
import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef } from '../contract/shapes.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'

/** A person exposed to a message. */
export type Exposed = RetroRun['exposure'][number]

const copy = `SELECT message_id, unique_id, subject, from_address, coalesce(delivered_at, sent_at) AS at FROM message
  WHERE entity_id = ? ORDER BY mailbox IS NOT ?, unique_id IS NULL, id LIMIT 1`
const named = 'SELECT id, kind, name FROM entity WHERE id = ?'
const addressOf = `SELECT value FROM alias WHERE entity_id = ? AND kind IN ('upn', 'smtp') ORDER BY kind DESC, value LIMIT 1`
const inboxRules = `SELECT v.id, v.at, t.v AS target, a.v AS action FROM event v LEFT JOIN str t ON t.id = v.target
  LEFT JOIN str a ON a.id = v.action WHERE v.user_id = ? AND v.kind = ? AND v.at >= ? ORDER BY v.at LIMIT 100`
const ruleOf = 'SELECT rule FROM relation WHERE id = ?'

/** Names, addresses and later inbox rules of people; messages as the mail system knows them. */
export class People {
  readonly #named
  readonly #address
  readonly #rules
  readonly #copy
  readonly #ruleOf
  constructor(db: ReadStore) {
    this.#named = db.prepare(named)
    this.#address = db.prepare(addressOf).pluck()
    this.#rules = db.prepare(inboxRules)
    this.#copy = db.prepare(copy)
    this.#ruleOf = db.prepare(ruleOf).pluck()
  }
  find(id: number): EntityRef | null {
    const row = this.#named.get(id) as { id: number; kind: EntityRef['kind']; name: string } | undefined
    return row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }
  }
  /** The address an account is reached by; its name when the directory gives none. */
  accountOf({ user, recipient }: Pick<Exposed, 'user' | 'recipient'>): string {
    if (user === null) return recipient
    return (
      (this.#address.get(Number(user.id)) as string | undefined) ??
      (recipient.includes('@') ? recipient : user.name)
    )
  }
  inboxRulesOf(
    user: EntityRef,
    since: number,
  ): { id: number; at: number; target: string | null; action: string | null }[] {
    return this.#rules.all(Number(user.id), kindNumber('mailbox-rule'), since) as {
      id: number
      at: number
      target: string | null
      action: string | null
    }[]
  }
  copyOf(message: EntityRef, mailbox: string): Partial<PlanTarget> {
    type Row = {
      message_id: string | null
      unique_id: string | null
      subject: string
      from_address: string | null
      at: number | null
    }
    const row = this.#copy.get(Number(message.id), mailbox) as Row | undefined
    if (row === undefined) return { mailbox, subject: message.name }
    return {
      mailbox,
      messageId: row.message_id,
      uniqueId: row.unique_id,
      subject: row.subject,
      sender: row.from_address,
      deliveredAt: toIsoOrNull(row.at),
    }
  }
  /** The rule of correlation that speaks for a relation. */
  ruleOf(relations: readonly string[], prefix: string): string | undefined {
    for (const id of relations) {
      const rule = this.#ruleOf.get(Number(id)) as string | undefined
      if (rule?.startsWith(prefix)) return rule
    }
    return undefined
  }
}
