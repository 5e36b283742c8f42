import { readTimeCursor } from '../store/cursor.ts'
import { hasEventCounts, hourOf, UNDATED } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'
import type { StoredEvent } from './event-rows.ts'
import type { Where } from './filter-sql.ts'
import { BEGINNING, END, LAST_ID, Slices } from './slices.ts'

export interface EventPage {
  readonly rows: readonly StoredEvent[]
  readonly next: string | null
  /** 0..1 when there was no time to fill the page; null otherwise. */
  readonly searched: number | null
}
export interface PageQuestion {
  readonly limit: number
  readonly cursor?: string | null | undefined
  readonly order: 'oldest' | 'newest'
  /** Microseconds within which nothing outside can be found. */
  readonly from: number | null
  readonly to: number | null
}

/**
 * Keyset paging over (at, id); undated events follow the dated ones in either order. Cursor: `at:id` or `n:id`.
 * @param patience milliseconds after which the page goes as it is; the cursor then goes on from the last time looked at
 */
export function pageInTime(db: ReadStore, where: Where, question: PageQuestion, patience: number): EventPage {
  if (where.isEmpty) return { rows: [], next: null, searched: null }
  const { limit, order } = question
  const isNewest = order === 'newest'
  const last = readTimeCursor(question.cursor)
  const started = performance.now()
  const isLate = () => performance.now() - started > patience
  const wanted = limit + 1
  const rows: StoredEvent[] = []
  const slices = new Slices(db, isNewest)
  if (last?.at !== null) {
    const edge = isNewest ? (question.from ?? BEGINNING) : (question.to ?? END)
    const first = isNewest
      ? question.to === null
        ? END
        : question.to + 1
      : question.from === null
        ? BEGINNING
        : question.from - 1
    let at = last?.at ?? first
    let id = last?.id ?? (isNewest ? 0 : LAST_ID)
    const sql = isNewest
      ? `(at, id) < (@sliceAt, @sliceId) AND at >= @sliceEnd AND ${where.sql} ORDER BY at DESC, id DESC LIMIT @sliceRows`
      : `(at, id) > (@sliceAt, @sliceId) AND at <= @sliceEnd AND ${where.sql} ORDER BY at, id LIMIT @sliceRows`
    const sql1 = `SELECT * FROM event WHERE at IS NOT NULL AND ${sql}`
    const find = db.prepare(sql1)
    for (;;) {
      const end = slices.endAfter(at)
      const isLast = end === undefined || (isNewest ? end <= edge : end >= edge)
      const found = find.all({
        ...where.params,
        sliceAt: at,
        sliceId: id,
        sliceEnd: isLast ? edge : end,
        sliceRows: wanted - rows.length,
      }) as StoredEvent[]
      rows.push(...found)
      if (rows.length >= wanted) return full(rows, limit)
      if (isLast) break
      slices.end()
      at = end
      id = isNewest ? 0 : LAST_ID
      if (isLate())
        return { rows, next: `${at}:${isNewest ? 0 : LAST_ID}`, searched: share(db, at, isNewest) }
    }
  }
  // A search within a time window finds nothing undated.
  if (question.from !== null || question.to !== null) return { rows, next: null, searched: null }
  let id = last?.at === null ? last.id : 0
  const sql2 = `SELECT * FROM event WHERE at IS NULL AND id > @sliceId AND id <= @sliceEnd AND ${where.sql} ORDER BY id LIMIT @sliceRows`
  const find = db.prepare(sql2)
  for (;;) {
    const end = slices.endAfterId(id)
    const found = find.all({
      ...where.params,
      sliceId: id,
      sliceEnd: end ?? END,
      sliceRows: wanted - rows.length,
    }) as StoredEvent[]
    rows.push(...found)
    if (rows.length >= wanted) return full(rows, limit)
    if (end === undefined) return { rows, next: null, searched: null }
    slices.end()
    id = end
    if (isLate()) return { rows, next: `n:${id}`, searched: 1 }
  }
}

/** A page whose rows are more than asked for: the last one only says that there are more. */
export function full(rows: readonly StoredEvent[], limit: number): EventPage {
  const shown = rows.slice(0, limit)
  const end = shown.at(-1)
  return { rows: shown, next: end ? `${end.at ?? 'n'}:${end.id}` : null, searched: null }
}

const behind = `SELECT coalesce(sum(count), 0) FROM event_count WHERE hour <= ? AND hour <> ${UNDATED}`
const ahead = `SELECT coalesce(sum(count), 0) FROM event_count WHERE hour >= ?`
const dated = `SELECT coalesce(sum(count), 0) FROM event_count WHERE hour <> ${UNDATED}`

/** How much of the dated events lies before a time (or after it), 0..1, by the hour. */
export function share(db: ReadStore, at: number, isNewest: boolean): number {
  if (!hasEventCounts(db)) return 0
  const all = db.prepare(dated).pluck().get() as number
  const seen = db
    .prepare(isNewest ? ahead : behind)
    .pluck()
    .get(hourOf(at)) as number
  return all === 0 ? 1 : Math.min(1, seen / all)
}
