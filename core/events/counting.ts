import { EVENT_GROUPS, type EventFilter, type EventGroup } from '../contract/nouns/event.ts'
import type { ResultOf } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import { hasEventCounts, HOUR_US, hourOf, UNDATED } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { BLOCK_EVENTS } from '../store/text-segments.ts'
import type { BlockPlan } from './block-plan.ts'
import { earlier, later, type Where } from './filter-sql.ts'
import { share } from './page.ts'
import { PLAUSIBLE_AHEAD_US, PLAUSIBLE_FROM_US, STEPS } from './plausible.ts'
import { BEGINNING, END, Slices } from './slices.ts'
import { Tally } from './tally.ts'

/** One answer takes about this long, so that nobody waits behind it. */
const PATIENCE_MS = 22
export interface CountQuestion {
  readonly filter: Partial<EventFilter>
  /** Microseconds. */
  readonly from: number | null
  readonly to: number | null
  readonly by: readonly EventGroup[]
  readonly lanes: { readonly by: EventGroup; readonly ids: readonly string[] } | null
  readonly buckets: number
  readonly cursor: string | null
}
type Answer = ResultOf<'event.count'>

/** Column an event is counted by. */
export const COLUMN_OF: Readonly<Record<EventGroup, string>> = {
  source: 'evidence_id',
  endpoint: 'endpoint_id',
  user: 'user_id',
  process: 'process_path',
}
/** Groups with an index that has the time, too: counted value by value without looking at an event. */
const INDEXED: readonly EventGroup[] = ['endpoint', 'user', 'process']

/**
 * Steps of a count, in this order; a cursor is `step` or `step:place`. `hours`: time, kinds and sources out of the kept counts; a group:
 * its index; `lanes`: the index of its group; `rest`: everything else in one go through the events.
 */
type Step = 'hours' | 'lanes' | 'rest' | EventGroup
interface Plan {
  readonly steps: readonly Step[]
  /** What the go through the events counts. */
  readonly rest: { readonly time: boolean; readonly by: readonly EventGroup[]; readonly lanes: boolean }
}

function planOf(db: ReadStore, where: Where, question: CountQuestion): Plan {
  const { filter, by, lanes } = question
  const isChosen =
    (filter.endpointIds?.length ?? 0) > 0 ||
    (filter.userIds?.length ?? 0) > 0 ||
    filter.entityId != null ||
    where.query.length > 0
  const byCounts = !isChosen && hasEventCounts(db)
  const isWhole =
    byCounts &&
    (filter.kinds?.length ?? 0) === 0 &&
    (filter.evidenceIds?.length ?? 0) === 0 &&
    filter.evidenceId == null
  const isQuick = (one: EventGroup) => (one === 'source' ? byCounts : isWhole && INDEXED.includes(one))
  const quickLanes = lanes !== null && isWhole && INDEXED.includes(lanes.by)
  const rest = {
    time: !byCounts,
    by: by.filter((one) => !isQuick(one)),
    lanes: lanes !== null && !quickLanes,
  }
  const isRest = rest.time || rest.by.length > 0 || rest.lanes
  return {
    steps: [
      ...(byCounts ? (['hours'] as const) : []),
      ...(quickLanes ? (['lanes'] as const) : []),
      ...by.filter((one) => one !== 'source' && isQuick(one)),
      ...(isRest ? (['rest'] as const) : []),
    ],
    rest,
  }
}

const firstPlausible = `SELECT min(at) FROM event WHERE at >= ${PLAUSIBLE_FROM_US}`
const lastOfAll = 'SELECT max(at) FROM event'
const lastPlausible = 'SELECT max(at) FROM event WHERE at <= ?'
const lastImport = 'SELECT max(imported_at) FROM evidence'

/**
 * The last event that is no younger than the newest import: one clock that runs ahead by a century must not press all others
 * into one bucket. Where everything in view is younger, the last of all.
 */
function lastBefore(db: ReadStore, low: number, last: number): number {
  const limit = ((db.prepare(lastImport).pluck().get() as number | null) ?? last) + PLAUSIBLE_AHEAD_US
  if (last <= limit || low > limit) return last
  return (db.prepare(lastPlausible).pluck().get(limit) as number | null) ?? last
}

/** The stretch of time the buckets cover and their width. */
function windowOf(db: ReadStore, { from, to, buckets }: CountQuestion) {
  const first = db.prepare(firstPlausible).pluck().get() as number | null
  const last = db.prepare(lastOfAll).pluck().get() as number | null
  if (first === null || last === null) return { low: null, high: null, width: 1 }
  const low = Math.max(first, from ?? first)
  const high = Math.max(low, to === null ? lastBefore(db, low, last) : Math.min(last, to))
  const width = STEPS.find((step) => (high - low) / (step * 1e6) < buckets - 1) ?? 31_536_000
  return { low, high, width }
}

/**
 * One short piece of the count.
 * @param patience milliseconds after which the rest waits for the next piece
 * @param blocks where something can be found, if that is known
 */
export function countPiece(
  db: ReadStore,
  where: Where,
  question: CountQuestion,
  patience = PATIENCE_MS,
  blocks?: BlockPlan,
): Answer {
  const { low, high, width } = windowOf(db, question)
  const tally = new Tally(db, width, high ?? Infinity)
  const ends = { from: low === null ? null : toIso(low), to: high === null ? null : toIso(high) }
  if (where.isEmpty) return { bucketSeconds: width, ...ends, ...tally.answer(), done: 1, next: null }
  const plan = planOf(db, where, question)
  const { step, place } = readCursor(question.cursor, plan)
  const started = performance.now()
  const isLate = () => performance.now() - started > patience
  let at = plan.steps.indexOf(step)
  let inside: string | null = place
  let done = 1
  for (; at < plan.steps.length; at += 1) {
    const current = plan.steps[at]
    if (current === undefined) break
    if (inside === null && at > plan.steps.indexOf(step) && isLate()) {
      inside = ''
      break
    }
    const left = runStep(db, where, blocks, question, plan, current, inside, tally, isLate)
    inside = null
    if (left !== null) {
      inside = left.place
      done = left.done
      break
    }
  }
  const next = plan.steps[at]
  return {
    bucketSeconds: width,
    ...ends,
    ...tally.answer(),
    done: next === undefined ? 1 : (at + (inside === '' ? 0 : done)) / plan.steps.length,
    next: next === undefined ? null : `${next}:${inside ?? ''}`,
  }
}

function readCursor(cursor: string | null, plan: Plan): { step: Step; place: string | null } {
  const [first = 'rest'] = plan.steps
  if (cursor === null || cursor === '') return { step: first, place: null }
  const [name = '', place = ''] = cursor.split(/:(.*)/s)
  const step = plan.steps.find((one) => one === name)
  if (step === undefined || !/^([nb]?-?\d{0,17})$/.test(place))
    throw new WorkbenchError('request.invalid', { field: 'cursor' })
  return { step, place: place === '' ? null : place }
}

type Left = { readonly place: string; readonly done: number } | null

function runStep(
  db: ReadStore,
  where: Where,
  blocks: BlockPlan | undefined,
  question: CountQuestion,
  plan: Plan,
  step: Step,
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  if (step === 'hours') return countHours(db, where, question, place, tally, isLate)
  if (step === 'rest') return countRest(db, where, blocks, question, plan.rest, place, tally, isLate)
  if (step === 'lanes') {
    countLanes(db, question, tally)
    return null
  }
  return countValues(db, question, step, place, tally, isLate)
}

interface HourCount {
  readonly evidence_id: number
  readonly kind: number
  readonly hour: number
  readonly count: number
}
const kindCounts = 'SELECT evidence_id, kind, hour, count FROM event_count WHERE hour BETWEEN @low AND @high'

/**
 * Out of the kept counts: hours that lie in the window altogether. The two at its edges, and all where a bucket is shorter than an
 * hour, are counted kind by kind in the index of kind and time. Place: the next kind to be counted there.
 */
function countHours(
  db: ReadStore,
  where: Where,
  { filter, from, to, by }: CountQuestion,
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const kinds = new Set(filter.kinds ?? [])
  const sources = new Set([
    ...(filter.evidenceIds ?? []),
    ...(filter.evidenceId == null ? [] : [filter.evidenceId]),
  ])
  const isFine = tally.width < HOUR_US / 1e6
  // The index of kind and time does not know the source.
  const needsSource = sources.size > 0 || by.includes('source')
  const [firstHour, lastHour] = [from === null ? null : hourOf(from), to === null ? null : hourOf(to)]
  const inWindow = {
    low: from === null && to === null ? UNDATED : (firstHour ?? hourOf(BEGINNING)),
    high: lastHour ?? hourOf(END),
  }
  const isWanted = (row: HourCount) =>
    (kinds.size === 0 || kinds.has(kindOfNumber(row.kind))) &&
    (sources.size === 0 || sources.has(String(row.evidence_id)))
  const isEdge = (hour: number) => hour === firstHour || hour === lastHour
  const edges = new Set<number>()
  const fine = new Set<number>()
  for (const row of db.prepare(kindCounts).all(inWindow) as HourCount[]) {
    if (!isWanted(row)) continue
    if (isEdge(row.hour)) edges.add(row.kind)
    else {
      if (place === null) {
        tally.addTotal(row.count, row.hour === UNDATED, row.kind)
        if (by.includes('source')) tally.addGroup('source', row.evidence_id, row.count)
      }
      if (row.hour === UNDATED) continue
      if (isFine) fine.add(row.kind)
      else if (place === null) tally.addBucket(row.hour * HOUR_US, row.count)
    }
  }
  const pieces: { readonly from: number; readonly to: number }[] = []
  if (edges.size > 0) {
    const ends = [...new Set([firstHour, lastHour])].filter((hour) => hour !== null)
    for (const hour of ends)
      pieces.push({
        from: Math.max(from ?? BEGINNING, hour * HOUR_US),
        to: Math.min(to ?? END, (hour + 1) * HOUR_US - 1),
      })
  }
  if (place === null && needsSource && pieces.length > 0) {
    const sql1 = `SELECT kind, evidence_id, CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event
       WHERE at >= @pieceFrom AND at <= @pieceTo AND ${where.sql} GROUP BY kind, evidence_id, bucket`
    const rows = db.prepare(sql1)
    for (const piece of pieces)
      for (const row of rows.all({
        ...where.params,
        width: tally.width * 1e6,
        pieceFrom: piece.from,
        pieceTo: piece.to,
      }) as { kind: number; evidence_id: number; bucket: number; count: number }[]) {
        tally.addTotal(row.count, false, row.kind)
        if (by.includes('source')) tally.addGroup('source', row.evidence_id, row.count)
        tally.addBucket(row.bucket * tally.width * 1e6, row.count)
      }
  }
  return countByKind(
    db,
    { edges: needsSource ? new Set() : edges, fine, pieces, from, to, where, sources },
    place,
    tally,
    isLate,
  )
}

const kindBuckets = `SELECT CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event
  WHERE kind = @kind AND at >= @from AND at <= @to GROUP BY bucket`

function countByKind(
  db: ReadStore,
  what: {
    readonly edges: ReadonlySet<number>
    readonly fine: ReadonlySet<number>
    readonly pieces: readonly { readonly from: number; readonly to: number }[]
    readonly from: number | null
    readonly to: number | null
    readonly where: Where
    readonly sources: ReadonlySet<string>
  },
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const kinds = [...new Set([...what.edges, ...what.fine])].sort((a, b) => a - b)
  const width = tally.width * 1e6
  // Buckets of a few sources: the events themselves must be looked at.
  const bySource =
    what.sources.size === 0 ? '' : ` AND evidence_id IN (${[...what.sources].map(Number).join(',')})`
  const find = db.prepare(kindBuckets.replace(' GROUP BY', `${bySource} GROUP BY`))
  const rowsOf = (kind: number, from: number, to: number) =>
    find.all({ kind, from, to, width }) as { bucket: number; count: number }[]
  for (const [index, kind] of kinds.entries()) {
    if (place !== null && kind < Number(place)) continue
    if (isLate() && String(kind) !== place) return { place: String(kind), done: index / kinds.length }
    if (what.edges.has(kind))
      for (const { from, to } of what.pieces)
        for (const { bucket, count } of rowsOf(kind, from, to)) {
          tally.addTotal(count, false, kind)
          tally.addBucket(bucket * width, count)
        }
    if (!what.fine.has(kind)) continue
    const [first, last] = [what.pieces.at(0), what.pieces.length > 1 ? what.pieces.at(-1) : undefined]
    const low = what.from === null ? PLAUSIBLE_FROM_US : first ? first.to + 1 : what.from
    const high =
      what.to === null ? END : last ? last.from - 1 : what.from === null && first ? first.from - 1 : what.to
    for (const { bucket, count } of rowsOf(kind, low, high)) tally.addBucket(bucket * width, count)
  }
  return null
}

/** The distinct values of an indexed column, in the order of their numbers; then how many events each has. Place: the last value. */
function countValues(
  db: ReadStore,
  { from, to }: CountQuestion,
  by: EventGroup,
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const column = COLUMN_OF[by]
  const sql2 = `SELECT min(${column}) FROM event WHERE ${column} > ?`
  const next = db.prepare(sql2).pluck()
  const isOpen = from === null && to === null
  const sql3 = `SELECT count(*) FROM event WHERE ${column} = @value${isOpen ? '' : ' AND at >= @from AND at <= @to'}`
  const count = db.prepare(sql3).pluck()
  const sql4 = `SELECT max(${column}) FROM event WHERE ${column} IS NOT NULL`
  const highest = db.prepare(sql4).pluck()
  let value = place === null ? 0 : Number(place)
  for (;;) {
    const found = next.get(value) as number | null
    if (found === null) return null
    value = found
    const times = isOpen ? { value } : { value, from: from ?? BEGINNING, to: to ?? END }
    tally.addGroup(by, value, count.get(times) as number)
    if (isLate()) return { place: String(value), done: value / Math.max(1, highest.get() as number) }
  }
}

function countLanes(db: ReadStore, { lanes, from, to }: CountQuestion, tally: Tally): void {
  if (!lanes) return
  const column = COLUMN_OF[lanes.by]
  const sql5 = `SELECT CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event WHERE ${column} = @value AND at >= @from AND at <= @to GROUP BY bucket`
  const find = db.prepare(sql5)
  const width = tally.width * 1e6
  for (const id of lanes.ids)
    for (const { bucket, count } of find.all({
      value: Number(id),
      width,
      from: from ?? PLAUSIBLE_FROM_US,
      to: to ?? END,
    }) as { bucket: number; count: number }[])
      tally.addLane(id, bucket * width, count)
}

/**
 * Through the events in the order of time, looking at each the filter leaves. Place: the time reached, `n` and an id among the undated.
 * Where it is known in which blocks something can be found, through these in the order of ids; place: `b` and the last id.
 */
function countRest(
  db: ReadStore,
  where: Where,
  blocks: BlockPlan | undefined,
  { lanes, ...asked }: CountQuestion,
  rest: Plan['rest'],
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const groups = EVENT_GROUPS.map((one) => COLUMN_OF[one]).join(', ')
  const from = later(asked.from, where.from)
  const to = earlier(asked.to, where.to)
  const laneIds = new Set((lanes?.ids ?? []).map(Number))
  const laneIndex = lanes ? 2 + EVENT_GROUPS.indexOf(lanes.by) : -1
  const note = (row: readonly (number | null)[]): void => {
    const [at = null, kind = 0] = row
    if (rest.time) {
      tally.addTotal(1, at === null, kind ?? 0)
      if (at !== null && at >= PLAUSIBLE_FROM_US) tally.addBucket(at, 1)
    }
    for (const one of rest.by) {
      const value = row[2 + EVENT_GROUPS.indexOf(one)]
      if (value != null) tally.addGroup(one, value, 1)
    }
    const lane = rest.lanes ? row[laneIndex] : undefined
    if (lane != null && at !== null && at >= PLAUSIBLE_FROM_US && laneIds.has(lane))
      tally.addLane(String(lane), at, 1)
  }
  const isInBlocks = place?.startsWith('b') ?? false
  if (isInBlocks || (blocks && place === null)) {
    const begun = place === null ? 0 : Number(place.slice(1))
    const end = lastIdOf(db)
    const columns = `at, kind, ${groups}`
    // Segments may have been forgotten between two pieces: then every event is looked at from there on.
    let id = begun
    for (const range of blocks ? blocks.blocks : everything(begun, end)) {
      if (range.upTo <= begun) continue
      if (id > begun && isLate()) return { place: `b${id}`, done: id / end }
      const rows = 'texts' in range ? blocks?.read(range, columns) : readAll(db, where, range, columns)
      for (const row of rows ?? []) note(row)
      id = range.upTo
    }
    return null
  }
  const slices = new Slices(db)
  if (place?.startsWith('n') !== true) {
    const sql6 = `SELECT at, kind, ${groups} FROM event WHERE at > @sliceAt AND at <= @sliceEnd AND ${where.sql}`
    const find = db.prepare(sql6).raw()
    let at = place === null ? (from === null ? BEGINNING : from - 1) : Number(place)
    for (;;) {
      const end = slices.endAfter(at)
      const isLast = end === undefined || end >= (to ?? END)
      for (const row of find.all({ ...where.params, sliceAt: at, sliceEnd: isLast ? (to ?? END) : end }))
        note(row as (number | null)[])
      slices.end()
      if (isLast) break
      at = end
      if (isLate()) return { place: String(at), done: share(db, at, false) }
    }
    if (from !== null || to !== null) return null
  }
  const sql7 = `SELECT at, kind, ${groups} FROM event WHERE at IS NULL AND id > @sliceId AND id <= @sliceEnd AND ${where.sql}`
  const undated = db.prepare(sql7).raw()
  for (let id = place?.startsWith('n') === true ? Number(place.slice(1)) : 0; ;) {
    const end = slices.endAfterId(id)
    for (const row of undated.all({ ...where.params, sliceId: id, sliceEnd: end ?? END }))
      note(row as (number | null)[])
    slices.end()
    if (end === undefined) return null
    id = end
    if (isLate()) return { place: `n${id}`, done: 1 }
  }
}

const lastId = 'SELECT coalesce(max(id), 0) FROM event'
const lastIdOf = (db: ReadStore): number => db.prepare(lastId).pluck().get() as number
interface Range {
  readonly after: number
  readonly upTo: number
}
function* everything(from: number, end: number): Generator<Range> {
  for (let after = from; after < end; after += BLOCK_EVENTS)
    yield { after, upTo: Math.min(end, after + BLOCK_EVENTS) }
}
function readAll(db: ReadStore, where: Where, range: Range, columns: string): (number | null)[][] {
  const sql8 = `SELECT ${columns} FROM event NOT INDEXED WHERE id > @after AND id <= @upTo AND ${where.sql}`
  return db
    .prepare(sql8)
    .raw()
    .all({ ...where.params, ...range }) as (number | null)[][]
}
