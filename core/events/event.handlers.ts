import type { EventRow } from '../contract/nouns/event.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readTimeCursor } from '../store/cursor.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { toEventRows, type StoredEvent } from './event-rows.ts'
import { toWhere, type Where } from './filter-sql.ts'

/** Times before this are "never" values of broken clocks (1601, 1970); they are listed but never stretch a histogram. */
const PLAUSIBLE_FROM_US = Date.UTC(1990, 0, 1) * 1000

/** Keyset paging over (at, id); undated events follow the dated ones in either order. Cursor: `at:id` or `n:id`. */
function pageOfEvents(
  db: ReadStore,
  where: Where,
  input: { limit: number; cursor?: string | null | undefined; order: 'oldest' | 'newest' },
): { rows: StoredEvent[]; next: string | null } {
  const last = readTimeCursor(input.cursor)
  const wanted = input.limit + 1
  const rows: StoredEvent[] = []
  const isOldest = input.order === 'oldest'
  if (last?.at !== null) {
    const after =
      last === undefined
        ? ''
        : isOldest
          ? ' AND (at, id) > (@cursorAt, @cursorId)'
          : ' AND (at, id) < (@cursorAt, @cursorId)'
    const order = isOldest ? 'at, id' : 'at DESC, id DESC'
    const sql = `SELECT * FROM event WHERE at IS NOT NULL AND ${where.sql}${after} ORDER BY ${order} LIMIT @limit`
    rows.push(
      ...(db.prepare(sql).all({
        ...where.params,
        ...(last === undefined ? {} : { cursorAt: last.at, cursorId: last.id }),
        limit: wanted,
      }) as StoredEvent[]),
    )
  }
  if (rows.length < wanted) {
    const sql = `SELECT * FROM event WHERE at IS NULL AND ${where.sql} AND id > @cursorId ORDER BY id LIMIT @limit`
    rows.push(
      ...(db.prepare(sql).all({
        ...where.params,
        cursorId: last?.at === null ? last.id : 0,
        limit: wanted - rows.length,
      }) as StoredEvent[]),
    )
  }
  const shown = rows.slice(0, input.limit)
  const end = shown.at(-1)
  return { rows: shown, next: rows.length > input.limit && end ? `${end.at ?? 'n'}:${end.id}` : null }
}

function histogram(db: ReadStore, where: Where, buckets: number) {
  const plausible = `at >= ${PLAUSIBLE_FROM_US} AND ${where.sql}`
  const spanSql = `SELECT min(at) AS low, max(at) AS high FROM event WHERE ${plausible}`
  const span = db.prepare(spanSql).get(where.params) as { low: number | null; high: number | null }
  const undatedSql = `SELECT count(*) FROM event WHERE at IS NULL AND ${where.sql}`
  const undated = db.prepare(undatedSql).pluck().get(where.params) as number
  const kindSql = `SELECT kind, count(*) AS count FROM event WHERE ${where.sql} GROUP BY kind ORDER BY count DESC`
  const kinds = (db.prepare(kindSql).all(where.params) as { kind: number; count: number }[]).map((row) => ({
    kind: kindOfNumber(row.kind),
    count: row.count,
  }))
  if (span.low === null || span.high === null)
    return { bucketSeconds: 1, from: null, to: null, undated, buckets: [], kinds }
  const { low, high } = span as { low: number; high: number }
  const width = STEPS.find((step) => (high - low) / (step * 1e6) < buckets) ?? 31_536_000
  const countSql = `SELECT CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event WHERE ${plausible} GROUP BY bucket ORDER BY bucket`
  const counts = db.prepare(countSql).all({ ...where.params, width: width * 1e6 }) as {
    bucket: number
    count: number
  }[]
  return {
    bucketSeconds: width,
    from: toIso(span.low),
    to: toIso(span.high),
    undated,
    buckets: counts.map((row) => ({ at: toIso(row.bucket * width * 1e6), count: row.count })),
    kinds,
  }
}
/** Bucket widths in seconds that read well on an axis. */
const STEPS = [1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000]

function getEvent(db: ReadStore, id: string): { event: EventRow; zoneAssumed: boolean } {
  const row = db.prepare('SELECT * FROM event WHERE id = ?').get(Number(id)) as StoredEvent | undefined
  const [event] = row ? toEventRows(db, [row]) : []
  if (!row || !event) throw new WorkbenchError('request.not_found', { what: `event ${id}` })
  return { event, zoneAssumed: row.zone_assumed === 1 }
}

export default defineHandlers({
  'event.search': ({ db }, input) => {
    const where = toWhere(db, input)
    const { rows, next } = pageOfEvents(db, where, input)
    const countSql = `SELECT count(*) FROM event WHERE ${where.sql}`
    return {
      rows: toEventRows(db, rows),
      next,
      total: db.prepare(countSql).pluck().get(where.params) as number,
      chips: where.query.flat().map(({ text, field, negated }) => ({ text, field, negated })),
    }
  },
  'event.get': ({ db }, { id }) => {
    const { event, zoneAssumed } = getEvent(db, id)
    return {
      ...event,
      zoneAssumed,
      source: { evidenceId: event.evidenceId, record: event.record, locator: event.locator },
    }
  },
  'event.histogram': ({ db }, input) => histogram(db, toWhere(db, input), input.buckets),
})
