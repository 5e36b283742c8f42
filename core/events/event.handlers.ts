import type { EventFilter, EventRow } from '../contract/nouns/event.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import { countEvents, hasEventCounts, HOUR_US } from '../store/event-counts.ts'
import { searchIndexShare } from '../store/search-index.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso, toIso } from '../store/time.ts'
import { STEPS } from './axis-steps.ts'
import { planBlocks } from './block-plan.ts'
import { toEventRows, type StoredEvent } from './event-rows.ts'
import { earlier, later, lookUp, toWhere, type Where, withoutLookUp } from './filter-sql.ts'
import { pageInTime } from './page.ts'
import { pageInBlocks } from './page-in-blocks.ts'
import { pageSorted, timeOrder } from './sorted.ts'
import { countPiece } from './counting.ts'

/** The same out of the kept counts: whole hours make whole buckets. */
const keptBuckets = `SELECT CAST(hour * ${HOUR_US} / @width AS INTEGER) AS bucket, sum(count) AS count FROM event_count
  WHERE hour >= ${PLAUSIBLE_FROM_US / HOUR_US} GROUP BY bucket ORDER BY bucket`
const keptKinds = 'SELECT kind, sum(count) AS count FROM event_count GROUP BY kind ORDER BY sum(count) DESC'

function histogram(db: ReadStore, where: Where, buckets: number) {
  const plausible = `at >= ${PLAUSIBLE_FROM_US} AND ${where.sql}`
  // Each on its own: the two together would be looked for in every event, one alone stands at an end of the index.
  const spanSql = `SELECT (SELECT min(at) FROM event WHERE ${plausible}) AS low, (SELECT max(at) FROM event WHERE ${plausible}) AS high`
  const span = db.prepare(spanSql).get(where.params) as { low: number | null; high: number | null }
  const undatedSql = `SELECT count(*) FROM event WHERE at IS NULL AND ${where.sql}`
  const undated = db.prepare(undatedSql).pluck().get(where.params) as number
  const kindSql = `SELECT kind, count(*) AS count FROM event WHERE ${where.sql} GROUP BY kind ORDER BY count DESC`
  const kinds = (
    db.prepare(where.sql === '1' && hasEventCounts(db) ? keptKinds : kindSql).all(where.params) as {
      kind: number
      count: number
    }[]
  ).map((row) => ({
    kind: kindOfNumber(row.kind),
    count: row.count,
  }))
  if (span.low === null || span.high === null)
    return { bucketSeconds: 1, from: null, to: null, undated, buckets: [], kinds }
  const { low, high } = span as { low: number; high: number }
  const width = STEPS.find((step) => (high - low) / (step * 1e6) < buckets) ?? 31_536_000
  const isKept = where.sql === '1' && width >= HOUR_US / 1e6 && hasEventCounts(db)
  const countSql = `SELECT CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event WHERE ${plausible} GROUP BY bucket ORDER BY bucket`
  const counts = db.prepare(isKept ? keptBuckets : countSql).all({ ...where.params, width: width * 1e6 }) as {
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
function getEvent(db: ReadStore, id: string): { event: EventRow; zoneAssumed: boolean } {
  const row = db.prepare('SELECT * FROM event WHERE id = ?').get(Number(id)) as StoredEvent | undefined
  const [event] = row ? toEventRows(db, [row]) : []
  if (!row || !event) throw new WorkbenchError('request.not_found', { what: `event ${id}` })
  return { event, zoneAssumed: row.zone_assumed === 1 }
}

/** Microseconds of a bound; toWhere has refused what is none. */
const bound = (iso: string | null | undefined): number | null =>
  iso == null ? null : (parseIso(iso) ?? null)

/** A brief answer takes about this long, what is looked up included. */
const BRIEF_MS = 60
/** So long a search looks for first rows before it looks up what takes long. */
const QUICK_MS = 25
/** What a search has for its rows however long its texts took. */
const LEAST_MS = 20

const chipsOf = ({ query }: Where) =>
  query.flat().map(({ text, field, negated }) => ({ text, field, negated }))

export default defineHandlers({
  'event.index': ({ db }) => ({ share: searchIndexShare(db) }),
  'event.search': async ({ db }, input) => {
    const { brief, limit, cursor, sort } = input
    const started = performance.now()
    const order = timeOrder(sort) ?? input.order
    const isInTime = !sort || sort.length === 0 || timeOrder(sort) !== undefined
    const [from, to] = [bound(input.from), bound(input.to)]
    const unlooked = brief && isInTime ? withoutLookUp(db, input) : undefined
    if (unlooked) {
      const where = toWhere(db, input, unlooked)
      const span = { from: later(from, where.from), to: earlier(to, where.to) }
      const page = pageInTime(db, where, { limit, cursor, order, ...span }, QUICK_MS)
      if (page.rows.length > 0)
        return { ...page, rows: toEventRows(db, page.rows, brief), total: null, chips: chipsOf(where) }
    }
    const found = await lookUp(db, input, brief)
    const where = toWhere(db, input, found)
    const plan = planBlocks(db, input, found, where)
    const question = {
      limit,
      cursor,
      order,
      from: later(from, where.from),
      to: earlier(to, where.to),
    }
    const patience = brief ? Math.max(LEAST_MS, BRIEF_MS - (performance.now() - started)) : Infinity
    const page =
      sort && !isInTime
        ? await pageSorted(
            db,
            where,
            filterOf(input),
            { ...question, sort, fold: input.fold ?? null, lang: input.lang ?? null },
            patience,
            plan,
          )
        : plan
          ? pageInBlocks(db, plan, question, patience)
          : pageInTime(db, where, question, patience)
    const countSql = `SELECT count(*) FROM event WHERE ${where.sql}`
    return {
      rows: toEventRows(db, page.rows, brief),
      next: page.next,
      total: brief
        ? null
        : where.sql === '1'
          ? countEvents(db)
          : (db.prepare(countSql).pluck().get(where.params) as number),
      chips: chipsOf(where),
      searched: page.searched,
    }
  },
  'event.count': async ({ db }, input) => {
    const found = await lookUp(db, input, false)
    const where = toWhere(db, input, found)
    const question = {
      filter: input,
      from: bound(input.from),
      to: bound(input.to),
      by: input.by,
      lanes: input.lanes ?? null,
      buckets: input.buckets,
      cursor: input.cursor ?? null,
    }
    return countPiece(db, where, question, undefined, planBlocks(db, input, found, where))
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

/** What the answer depends on beside its sort and page. */
const filterOf = ({ text, kinds, from, to, entityId, evidenceId, ...more }: EventFilter): EventFilter => ({
  text,
  kinds,
  from,
  to,
  entityId,
  evidenceId,
  endpointIds: more.endpointIds,
  userIds: more.userIds,
  evidenceIds: more.evidenceIds,
})
