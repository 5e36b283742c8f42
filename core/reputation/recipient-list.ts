import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { CopyStates } from './copy-state.ts'
import { ONLY_RECIPIENT } from './only-recipient.ts'
import type { Steps } from './trace-relations.ts'

/** A recipient of a message, before what happened there is looked up; times in microseconds UTC. */
export interface Recipient {
  readonly mailbox: EntityRef | null
  readonly address: string
  /** All addresses under which records name this recipient, `address` first. */
  readonly addresses: readonly string[]
  readonly user: EntityRef | null
  readonly isDelivered: boolean
  readonly deliveredAt: number | null
  readonly recordedAction: string | null
}

export interface RecipientList {
  /** By address. */
  readonly recipients: readonly Recipient[]
  /** The earliest time that a copy names: before that there was no message. Null when none names one. */
  readonly since: number | null
}

const copies = `SELECT id, mailbox, coalesce(delivered_at, sent_at) AS at, delivered_at IS NULL AND recorded_action LIKE 'quarantine%' AS held,
  recorded_action FROM message WHERE entity_id = ? ORDER BY id`
const addresses = `SELECT DISTINCT r.address FROM message m JOIN message_recipient r ON r.message = m.id WHERE m.entity_id = ? ORDER BY r.address LIMIT ?`
const owners = `SELECT e.id, e.kind, e.name FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.kind = 'smtp' AND a.value = ? AND e.kind IN ('mailbox', 'user') ORDER BY e.id`

/** A mail to all staff, or a forged To header, can list tens of thousands. */
const MAX_RECIPIENTS = 10_000

interface Draft extends Recipient {
  readonly addresses: string[]
  isDelivered: boolean
  deliveredAt: number | null
  recordedAction: string | null
}

interface CopyRow {
  id: number
  mailbox: string | null
  at: number | null
  held: number
  recorded_action: string | null
}
interface OwnerRow {
  id: number
  kind: EntityRef['kind']
  name: string
}

export const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

const toRef = (row: OwnerRow | undefined): EntityRef | null =>
  row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }

/** Lists recipients of messages, and when a copy came to each. Statements are prepared once for many messages. */
export class RecipientLists {
  readonly #steps: Steps
  readonly #states: CopyStates
  readonly #copies
  readonly #onlyRecipient
  readonly #addresses
  readonly #owners

  constructor(db: ReadStore, now: number, steps: Steps) {
    this.#steps = steps
    this.#states = new CopyStates(db, now)
    this.#copies = db.prepare(copies)
    this.#onlyRecipient = db.prepare(ONLY_RECIPIENT).pluck()
    this.#addresses = db.prepare(addresses).pluck()
    this.#owners = db.prepare(owners)
  }

  /** @param message entity id */
  of(message: number): RecipientList {
    const known = new Map<string, Draft>()
    const held = new Set<Draft>()
    const rows = this.#copies.all(message) as CopyRow[]
    for (const row of rows) {
      if (row.mailbox === null) {
        this.#noteAction(known, row)
        continue
      }
      const draft = this.#draft(known, row.mailbox, null)
      draft.recordedAction = row.recorded_action ?? draft.recordedAction
      // A quarantine holds a copy for a mailbox that never got it.
      if (row.held === 1) {
        held.add(draft)
        continue
      }
      draft.isDelivered = true
      draft.deliveredAt = earlier(draft.deliveredAt, row.at)
    }
    for (const step of this.#steps.from(message, 'delivered-to')) {
      const draft = this.#draft(known, step.other.name, step.other)
      if (held.has(draft) && !draft.isDelivered) continue
      draft.isDelivered = true
      draft.deliveredAt = earlier(draft.deliveredAt, step.first)
    }
    for (const address of this.#addresses.all(message, MAX_RECIPIENTS) as string[])
      this.#draft(known, address, null)
    for (const draft of known.values()) if (!draft.isDelivered) this.#noteReturn(message, draft)
    return {
      recipients: [...known.values()].sort((a, b) =>
        a.address < b.address ? -1 : a.address > b.address ? 1 : 0,
      ),
      since: rows.reduce<number | null>((first, row) => earlier(first, row.at), null),
    }
  }

  /** What was let out of quarantine came to the mailbox then, and not before. */
  #noteReturn(message: number, draft: Draft): void {
    const at = this.#states.of(message, draft.addresses).returnedAt
    if (at === null) return
    draft.isDelivered = true
    draft.deliveredAt = at
  }

  /** What was done to a copy counts although it reached no mailbox: a quarantine is what a retro scan can undo (W31). */
  #noteAction(known: Map<string, Draft>, row: CopyRow): void {
    if (row.recorded_action === null) return
    const address = this.#onlyRecipient.get(row.id) as string | null | undefined
    if (address != null) this.#draft(known, address, null).recordedAction ??= row.recorded_action
  }

  /** The recipient behind an address or mailbox: all addresses of one mailbox are one recipient. */
  #draft(known: Map<string, Draft>, address: string, delivery: EntityRef | null): Draft {
    const found = delivery === null ? (this.#owners.all(address) as OwnerRow[]) : []
    const mailbox = delivery ?? toRef(found.find((row) => row.kind === 'mailbox'))
    const key = mailbox?.id ?? address
    const before = known.get(key)
    if (before !== undefined) {
      if (!before.addresses.includes(address)) before.addresses.push(address)
      return before
    }
    const owner = mailbox === null ? undefined : this.#steps.from(Number(mailbox.id), 'owned-by')[0]?.other
    const user = owner ?? toRef(found.find((row) => row.kind === 'user'))
    const draft: Draft = {
      mailbox,
      address,
      addresses: [address],
      user,
      isDelivered: false,
      deliveredAt: null,
      recordedAction: null,
    }
    known.set(key, draft)
    return draft
  }
}
