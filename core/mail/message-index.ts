import { oncePerState } from '../reputation/case-cache.ts'
import { traceRecipients } from '../reputation/recipient-trace.ts'
import { caseRatings } from '../reputation/url-ratings.ts'
import type { ReadStore } from '../store/store.ts'

/** Rank of a message without links: after `safe`. */
export const NO_LINKS = 5

/** One logical message in the lists. */
export interface IndexedMessage {
  /** Entity id. */
  readonly id: number
  /** First delivery, else sending; null when no copy knows one. */
  readonly at: number | null
}

const times = `SELECT entity_id AS id, coalesce(delivered_at, sent_at) AS at FROM message WHERE entity_id IS NOT NULL`
const copies = 'SELECT id, entity_id FROM message WHERE entity_id IS NOT NULL'
const links = 'SELECT message, url_id FROM message_url'

/** All logical messages, oldest first, those without a time last; per state of the case. */
export const messagesByTime = oncePerState((db: ReadStore): readonly IndexedMessage[] => {
  const first = new Map<number, number | null>()
  for (const row of db.prepare(times).iterate() as IterableIterator<IndexedMessage>) {
    const before = first.get(row.id)
    if (before === undefined || before === null || (row.at !== null && row.at < before))
      first.set(row.id, row.at ?? before ?? null)
  }
  return [...first]
    .map(([id, at]) => ({ id, at }))
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || a.id - b.id || 0)
})

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

const touchedUrls = `SELECT DISTINCT m.entity_id FROM url u JOIN message_url l ON l.url_id = u.id JOIN message m ON m.id = l.message
  WHERE m.entity_id IS NOT NULL AND u.entity_id IN (SELECT from_id FROM relation WHERE kind IN ('clicked-by', 'opened-on', 'downloaded-to'))`
const savedAttachments = `SELECT DISTINCT m.entity_id FROM attachment a JOIN message m ON m.id = a.message
  WHERE m.entity_id IS NOT NULL AND a.entity_id IN (SELECT from_id FROM relation WHERE kind = 'saved-as')`

/** Messages whose link or attachment was touched somewhere, perhaps out of another message; answers remembered. */
const candidates = oncePerState((db: ReadStore): ReadonlyMap<number, { touched: boolean | null }> => {
  const found = new Map<number, { touched: boolean | null }>()
  for (const id of db.prepare(touchedUrls).pluck().iterate() as IterableIterator<number>)
    found.set(id, { touched: null })
  for (const id of db.prepare(savedAttachments).pluck().iterate() as IterableIterator<number>)
    found.set(id, { touched: null })
  return found
})

/** Did a recipient of this message click, open, save or run something from it? */
export function isTouched(db: ReadStore, now: number, message: number): boolean {
  const candidate = candidates(db, now).get(message)
  if (candidate === undefined) return false
  candidate.touched ??= traceRecipients(db, message).some((recipient) => recipient.isTouched)
  return candidate.touched
}
