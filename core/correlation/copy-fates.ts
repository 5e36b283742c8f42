import { toAddressKey } from '../normalise/mail.ts'
import { proofOf } from './drafts.ts'
import { isStopped } from './message-wholes.ts'
import { MessageNames } from './message-names.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Where the copy for one address ended: `removed` was in the mailbox and was taken back by the product or an administrator. */
export type Fate = 'inbox' | 'junk' | 'stopped' | 'removed'

/** The copy of a judged message for one address. */
export interface CopyFate {
  readonly address: string
  readonly fate: Fate
  /** When it came into the mailbox; null when it did not, or nobody says. */
  readonly at: number | null
  /** What shows that it was released or taken back later. */
  readonly proof: RelationDraft['proof']
}

const rows = `SELECT m.mailbox, m.delivered_at AS deliveredAt, m.recorded_action AS action, r.address, r.role FROM message m
  LEFT JOIN message_recipient r ON r.message = m.id WHERE m.entity_id = ? ORDER BY m.id`
interface Row {
  readonly mailbox: string | null
  readonly deliveredAt: number | null
  readonly action: string | null
  readonly address: string | null
  readonly role: string | null
}

/** What the rows and events of one copy say, before it is known what they come to. */
interface Traces {
  reachedAt: number | null
  isReached: boolean
  isJunk: boolean
  isStopped: boolean
  /** Lay in the mailbox when it was taken, as a scanner does that works behind the mail system. */
  isTaken: boolean
  /** Last of its releases and removals. */
  last: ViewEvent | undefined
}

/** Addresses of one message that are told apart. Attack: a message to a hundred thousand. */
const MAX_ADDRESSES = 5_000
const TAKEN = /^(?:quarantin|delet|block|remov)/i
const JUNK = /junk|spam/i

/**
 * What became of the copies of messages, by message and address: of what the mail system and the scanners recorded at delivery
 * (DeliveryAction and LatestDeliveryAction of Defender, the status of a message trace, the action of the cloud scanner) and did afterwards
 * (EmailPostDeliveryEvents).
 */
export function copyFates(
  view: CorrelationView,
  messages: Iterable<number>,
): ReadonlyMap<number, readonly CopyFate[]> {
  const found = new Map<number, Map<string, Traces>>()
  const read = view.mailTables.prepare(rows)
  for (const message of messages) {
    const copies = new Map<string, Traces>()
    found.set(message, copies)
    for (const row of read.iterate(message) as IterableIterator<Row>) noteRow(copies, row)
  }
  for (const { event, message, address } of later(view)) {
    const copy = found.get(message)?.get(address)
    if (copy && (copy.last?.at ?? -Infinity) <= (event.at ?? -Infinity)) copy.last = event
  }
  return new Map(
    [...found].map(([message, copies]) => [
      message,
      [...copies].map(([address, copy]): CopyFate => ({
        address,
        fate: fateOf(copy),
        at: copy.reachedAt ?? (copy.last?.kind === 'mail-released' ? copy.last.at : null),
        proof: copy.last ? proofOf(copy.last) : [],
      })),
    ]),
  )
}

function noteRow(copies: Map<string, Traces>, row: Row): void {
  // Who stands in To beside got a copy of their own.
  const address = row.mailbox ?? (row.role === 'envelope' ? row.address : null)
  if (address === null || (copies.size >= MAX_ADDRESSES && !copies.has(address))) return
  const copy: Traces = copies.get(address) ?? {
    reachedAt: null,
    isReached: false,
    isJunk: false,
    isStopped: false,
    isTaken: false,
    last: undefined,
  }
  copies.set(address, copy)
  const action = row.action ?? ''
  if (row.mailbox === null) copy.isStopped ||= isStopped(row.action, false)
  else if (TAKEN.test(action)) copy.isTaken = true
  else if (row.deliveredAt !== null) {
    if (JUNK.test(action)) copy.isJunk = true
    else copy.isReached = true
  }
  if (row.mailbox !== null && row.deliveredAt !== null)
    copy.reachedAt = Math.min(row.deliveredAt, copy.reachedAt ?? Infinity)
}

function fateOf(copy: Traces): Fate {
  if (copy.last) return copy.last.kind === 'mail-released' ? 'inbox' : 'removed'
  if (copy.isTaken) return copy.isStopped ? 'stopped' : 'removed'
  // What one log calls junk, another calls delivered.
  if (copy.isJunk) return 'junk'
  if (copy.isReached) return 'inbox'
  return 'stopped'
}

/** What the mail system did to copies later; what their owners deleted themselves is no action of the product. */
function* later(view: CorrelationView): Generator<{ event: ViewEvent; message: number; address: string }> {
  const events: ViewEvent[] = []
  for (const event of view.events(
    ['mail-removed', 'mail-released'],
    ['messageId', 'networkMessageId', 'recipient', 'outcome', 'rule', 'detail'],
  ))
    if (event.fields.outcome !== 'failure' && event.fields.rule !== undefined) events.push(event)
  const names = new MessageNames(
    view,
    events.map(({ fields }) => fields),
  )
  for (const event of events) {
    const address = toAddressKey(event.fields.recipient ?? '')
    if (address !== undefined) for (const message of names.of(event.fields)) yield { event, message, address }
  }
}
