import { oncePerState } from '../reputation/case-cache.ts'
import { RecipientTracer } from '../reputation/recipient-trace.ts'
import { caseRatings } from '../reputation/url-ratings.ts'
import type { ReadStore } from '../store/store.ts'

/** Rank of a message without links: after `safe`. */
export const NO_LINKS = 5

/** One logical message in the lists. */
interface IndexedMessage {
  /** Entity id. */
  readonly id: number
  /** First delivery, else sending; null when no copy knows one. */
  readonly at: number | null
}

const times = `SELECT entity_id AS id, coalesce(min(delivered_at), min(sent_at)) AS at FROM message WHERE entity_id IS NOT NULL GROUP BY entity_id`
const copies = 'SELECT id, entity_id FROM message WHERE entity_id IS NOT NULL'
const links = 'SELECT message, url_id FROM message_url'

/** All logical messages with their times; per state of the case. */
export const messageTimes = oncePerState(
  (db: ReadStore): readonly IndexedMessage[] => db.prepare(times).all() as IndexedMessage[],
)

/** Worst severity now of each logical message's links ({@link NO_LINKS} without any); per state of the case. */
export const messageRanks = oncePerState((db: ReadStore, now: number): ReadonlyMap<number, number> => {
  const { rank } = caseRatings(db, now)
  const entityOf = new Map<number, number>()
  const ranks = new Map<number, number>()
  for (const row of db.prepare(copies).iterate() as IterableIterator<{ id: number; entity_id: number }>) {
    entityOf.set(row.id, row.entity_id)
    ranks.set(row.entity_id, NO_LINKS)
  }
  for (const link of db.prepare(links).iterate() as IterableIterator<{ message: number; url_id: number }>) {
    const entity = entityOf.get(link.message)
    if (entity === undefined) continue
    ranks.set(entity, Math.min(ranks.get(entity) ?? NO_LINKS, rank.get(link.url_id) ?? NO_LINKS))
  }
  return ranks
})

export type MessageOrder = 'oldest' | 'newest' | 'risk'

/** After every real time, in either direction of time. */
const NO_TIME = Number.MAX_SAFE_INTEGER

/** A message with its place in one order: compared number by number. */
export interface OrderedMessage extends IndexedMessage {
  readonly keys: readonly [rank: number, time: number, id: number]
}

function inOrder(
  messages: readonly IndexedMessage[],
  order: MessageOrder,
  ranks: ReadonlyMap<number, number>,
): OrderedMessage[] {
  const ordered = messages.map((message): OrderedMessage => {
    const time = message.at === null ? NO_TIME : order === 'oldest' ? message.at : -message.at
    return {
      ...message,
      keys: [order === 'risk' ? (ranks.get(message.id) ?? NO_LINKS) : 0, time, message.id],
    }
  })
  return ordered.sort((a, b) => a.keys[0] - b.keys[0] || a.keys[1] - b.keys[1] || a.keys[2] - b.keys[2])
}

/** All messages in one order, those without a time last among equals; sorted once per state of the case. */
export const messagesIn: Readonly<
  Record<MessageOrder, (db: ReadStore, now: number) => readonly OrderedMessage[]>
> = {
  oldest: oncePerState((db, now) => inOrder(messageTimes(db, now), 'oldest', new Map())),
  newest: oncePerState((db, now) => inOrder(messageTimes(db, now), 'newest', new Map())),
  risk: oncePerState((db, now) => inOrder(messageTimes(db, now), 'risk', messageRanks(db, now))),
}

const touchedUrls = `SELECT DISTINCT m.entity_id FROM url u JOIN message_url l ON l.url_id = u.id JOIN message m ON m.id = l.message
  WHERE m.entity_id IS NOT NULL AND u.entity_id IN (SELECT from_id FROM relation WHERE kind IN ('clicked-by', 'opened-on', 'downloaded-to'))`
const savedAttachments = `SELECT DISTINCT m.entity_id FROM attachment a JOIN message m ON m.id = a.message
  WHERE m.entity_id IS NOT NULL AND a.entity_id IN (SELECT from_id FROM relation WHERE kind = 'saved-as')`

/** Messages whose link or attachment was touched somewhere, perhaps out of another message; answers are remembered. */
const candidates = oncePerState((db: ReadStore): Map<number, boolean | null> => {
  const found = new Map<number, boolean | null>()
  for (const sql of [touchedUrls, savedAttachments]) {
    for (const id of db.prepare(sql).pluck().iterate() as IterableIterator<number>) found.set(id, null)
  }
  return found
})

/** Answers whether a recipient of a message clicked, opened, saved or ran something from it. */
export function touchedLookup(db: ReadStore, now: number): (message: number) => boolean {
  const known = candidates(db, now)
  let tracer: RecipientTracer | undefined
  return (message) => {
    const before = known.get(message)
    if (before === undefined) return false
    if (before !== null) return before
    tracer ??= new RecipientTracer(db, now, true)
    const isTouched = tracer.trace(message).some((recipient) => recipient.isTouched)
    known.set(message, isTouched)
    return isTouched
  }
}
