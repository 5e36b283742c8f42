import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { findTouches, type Touch } from './message-touches.ts'
import { Steps } from './trace-relations.ts'

/** What is known of one recipient of one message; times in microseconds UTC. */
export interface RecipientTrace {
  readonly mailbox: EntityRef | null
  readonly address: string
  readonly user: EntityRef | null
  /** A copy or a delivery is on record. */
  readonly isDelivered: boolean
  readonly deliveredAt: number | null
  readonly recordedAction: string | null
  readonly clickedAt: number | null
  readonly executedAt: number | null
  /** Where it was run, else where the file was saved, else where the link was opened. */
  readonly endpoint: EntityRef | null
  /** First logon of the user to that endpoint (to any without one) since delivery. */
  readonly loggedOnAt: number | null
  /** Something was clicked, opened, saved or run here. */
  readonly isTouched: boolean
}

const copies = `SELECT id, mailbox, coalesce(delivered_at, sent_at) AS at, recorded_action FROM message WHERE entity_id = ? ORDER BY id`
const addresses = `SELECT DISTINCT r.address FROM message m JOIN message_recipient r ON r.message = m.id WHERE m.entity_id = ? ORDER BY r.address LIMIT ?`
const owners = `SELECT e.id, e.kind, e.name FROM alias a JOIN entity e ON e.id = a.entity_id
  WHERE a.kind = 'smtp' AND a.value = ? AND e.kind IN ('mailbox', 'user') ORDER BY e.id`

/** A mail to all staff, or a forged To header, can list tens of thousands. */
const MAX_RECIPIENTS = 10_000

interface Draft {
  mailbox: EntityRef | null
  address: string
  user: EntityRef | null
  isDelivered: boolean
  deliveredAt: number | null
  recordedAction: string | null
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

/**
 * Who got a message and what followed at each of them: recipient, delivered, clicked, executed, logged on. Everything comes from
 * relations of the last correlation run; without one only addresses and copies are known.
 * @param message entity id of the message
 */
export function traceRecipients(db: ReadStore, message: number): RecipientTrace[] {
  const steps = new Steps(db)
  const drafts = listRecipients(db, steps, message)
  const delivered = drafts.reduce<number | null>((at, draft) => earlier(at, draft.deliveredAt), null)
  const touches = findTouches(db, steps, message, delivered)
  const users = new Set(drafts.flatMap((draft) => (draft.user === null ? [] : [draft.user.id])))
  return drafts.map((draft) => complete(steps, draft, touches, users, drafts.length === 1))
}

function listRecipients(db: ReadStore, steps: Steps, message: number): Draft[] {
  const find = db.prepare(owners)
  const known = new Map<string, Draft>()
  const draftOf = (address: string, mailbox: EntityRef | null): Draft => {
    const found =
      mailbox === null ? (find.all(address) as { id: number; kind: EntityRef['kind']; name: string }[]) : []
    const box = mailbox ?? toRef(found.find((row) => row.kind === 'mailbox'))
    const key = box?.id ?? address
    const before = known.get(key)
    if (before !== undefined) return before
    const owner = box === null ? undefined : steps.from(Number(box.id), 'owned-by')[0]?.other
    const user = owner ?? toRef(found.find((row) => row.kind === 'user'))
    const draft: Draft = {
      mailbox: box,
      address,
      user,
      isDelivered: false,
      deliveredAt: null,
      recordedAction: null,
    }
    known.set(key, draft)
    return draft
  }
  for (const row of db.prepare(copies).all(message) as {
    mailbox: string | null
    at: number | null
    recorded_action: string | null
  }[]) {
    if (row.mailbox === null) continue
    const draft = draftOf(row.mailbox, null)
    draft.isDelivered = true
    draft.deliveredAt = earlier(draft.deliveredAt, row.at)
    draft.recordedAction = row.recorded_action ?? draft.recordedAction
  }
  for (const step of steps.from(message, 'delivered-to')) {
    const draft = draftOf(step.other.name, step.other)
    draft.isDelivered = true
    draft.deliveredAt = earlier(draft.deliveredAt, step.first)
  }
  for (const address of db.prepare(addresses).pluck().all(message, MAX_RECIPIENTS) as string[])
    draftOf(address, null)
  return [...known.values()].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
}

const toRef = (row: { id: number; kind: EntityRef['kind']; name: string } | undefined): EntityRef | null =>
  row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }

/**
 * Ties what happened to the recipient: by the recipient named in it, else by an endpoint the user logs on to (a program may run
 * as somebody else), else as the only recipient
 * of a link or file that no other message carries, when nothing is known of where the user works.
 */
function complete(
  steps: Steps,
  draft: Draft,
  touches: readonly Touch[],
  recipients: ReadonlySet<string>,
  isAlone: boolean,
): RecipientTrace {
  const logons = draft.user === null ? [] : steps.from(Number(draft.user.id), 'logged-on-to')
  const uses = new Set(logons.map((step) => step.other.id))
  const mine = touches.filter((touch) => {
    if (touch.user !== null && recipients.has(touch.user.id)) return touch.user.id === draft.user?.id
    if (touch.endpoint !== null && uses.has(touch.endpoint.id)) return true
    return isAlone && touch.user === null && !touch.isShared && logons.length === 0
  })
  const at = (kind: Touch['kind']): number | null =>
    mine
      .filter((touch) => touch.kind === kind)
      .reduce<number | null>((first, touch) => earlier(first, touch.at), null)
  const place = (kind: Touch['kind']): EntityRef | null =>
    mine.filter((touch) => touch.kind === kind && touch.endpoint !== null).sort(byTime)[0]?.endpoint ?? null
  const endpoint = place('executed') ?? place('saved') ?? place('opened')
  const there = logons.filter((step) => endpoint === null || step.other.id === endpoint.id)
  const { mailbox, address, user, isDelivered, deliveredAt, recordedAction } = draft
  return {
    mailbox,
    address,
    user,
    isDelivered,
    deliveredAt,
    recordedAction,
    clickedAt: at('opened'),
    executedAt: at('executed'),
    isTouched: mine.length > 0,
    endpoint,
    loggedOnAt: there.reduce<number | null>(
      (first, step) => earlier(first, steps.firstUse(step, deliveredAt)),
      null,
    ),
  }
}

const byTime = (a: Touch, b: Touch): number => (a.at ?? Infinity) - (b.at ?? Infinity)
