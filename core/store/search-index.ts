import { notedShelves, SHELF_STRINGS } from './identifier-grams.ts'
import type { ReadStore } from './store.ts'
import { hasTextTables } from './text-segments.ts'

/** Smaller cases are searched through in no time: nothing is noted of them. */
export const FEWEST_EVENTS = 50_000

const lastEvent = 'SELECT coalesce(max(id), 0) FROM event'
const lastText = 'SELECT coalesce(max(id), 0) FROM str'
const notedEvents = 'SELECT coalesce(max(last_id), 0) FROM text_segment'

/** What noting where texts stand takes of the whole; the rest is noting parts of identifiers. */
const TEXTS = 0.8

/**
 * How much of what makes searches quick is there, 0..1 (ADR 0035). It is built in idle times; until then searches give the same answers,
 * but take longer.
 */
export function searchIndexShare(db: ReadStore): number {
  if (!hasTextTables(db)) return 1
  const one = (sql: string): number => db.prepare(sql).pluck().get() as number
  const events = one(lastEvent)
  if (events < FEWEST_EVENTS) return 1
  const texts = Math.min(1, one(notedEvents) / events)
  if (texts < 1) return texts * TEXTS
  const shelves = Math.floor(one(lastText) / SHELF_STRINGS)
  const identifiers = shelves === 0 ? 1 : Math.min(1, notedShelves(db) / shelves)
  return TEXTS + (1 - TEXTS) * identifiers
}
