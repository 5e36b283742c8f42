import { EVENT_GROUPS } from '../contract/nouns/event.ts'
import { PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import type { ReadStore } from '../store/store.ts'
import { BLOCK_EVENTS } from '../store/text-segments.ts'
import type { BlockPlan } from './block-plan.ts'
import { COLUMN_OF, type CountPlan, type CountQuestion, type Left } from './count-plan.ts'
import { earlier, later, type Where } from './filter-sql.ts'
import { share } from './page.ts'
import { BEGINNING, END, Slices } from './slices.ts'
import type { Tally } from './tally.ts'

/**
 * Through the events in the order of time, looking at each the filter leaves. Place: the time reached, `n` and an id among the undated.
 * Where it is known in which blocks something can be found, through these in the order of ids; place: `b` and the last id.
 */
export function countRest(
  db: ReadStore,
  where: Where,
  blocks: BlockPlan | undefined,
  { lanes, ...asked }: CountQuestion,
  rest: CountPlan['rest'],
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
