import type { EventGroup } from '../contract/nouns/event.ts'
import { PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import type { ReadStore } from '../store/store.ts'
import { COLUMN_OF, type CountQuestion, type Left } from './count-plan.ts'
import { BEGINNING, END } from './slices.ts'
import type { Tally } from './tally.ts'

/** The distinct values of an indexed column, in the order of their numbers; then how many events each has. Place: the last value. */
export function countValues(
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

/** Buckets of each lane, out of the index of its group. */
export function countLanes(db: ReadStore, { lanes, from, to }: CountQuestion, tally: Tally): void {
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
