import type { ReadStore } from '../store/store.ts'
import { FIRST_RECORD } from './first-record.ts'

/**
 * Row ids per slice. Grouping sorts, and sorting a case at once takes memory as the case grows; a slice sorts some megabytes,
 * and what slices say of one group is put together by whoever asked.
 */
const SLICE = 65_536

/** Ranges of row ids that together hold all events: `id BETWEEN @from AND @to`. */
export function* eventSlices(db: ReadStore): Generator<{ readonly from: number; readonly to: number }> {
  const last = (db.prepare('SELECT max(id) FROM event').pluck().get() as number | null) ?? 0
  for (let from = 0; from <= last; from += SLICE) yield { from, to: from + SLICE - 1 }
}

/** Events that have the same values in some columns. */
export interface EventGroup {
  /** Of the columns, in their order. */
  readonly values: readonly (number | null)[]
  /** Times in microseconds; null when none has one. */
  first: number | null
  last: number | null
  /** See {@link FIRST_RECORD}. */
  proof: number
  count: number
  /** The highest and lowest value of what else was asked for; null when none had one. */
  most: number | null
  least: number | null
}

/**
 * Groups events by columns, in memory that grows with the number of groups.
 * @param columns SQL of each
 * @param condition SQL of which events count
 * @param also SQL of a further value, of which highest and lowest are told
 */
export function groupEvents(
  db: ReadStore,
  columns: readonly string[],
  condition: string,
  params: Readonly<Record<string, number | string>> = {},
  also = 'NULL',
): EventGroup[] {
  const list = columns.join(', ')
  const sql = `SELECT ${list}, min(at), max(at), ${FIRST_RECORD}, count(*), max(${also}), min(${also}) FROM event
    WHERE id BETWEEN @from AND @to AND ${condition} GROUP BY ${list}`
  const statement = db.prepare(sql).raw()
  const groups = new Map<string, EventGroup>()
  for (const slice of eventSlices(db))
    for (const row of statement.iterate({ ...params, ...slice }) as IterableIterator<(number | null)[]>) {
      const values = row.slice(0, columns.length)
      const [first = null, last = null, proof, count, most = null, least = null] = row.slice(columns.length)
      const key = values.join('|')
      const known = groups.get(key)
      if (!known) {
        groups.set(key, { values, first, last, proof: proof ?? 0, count: count ?? 0, most, least })
        continue
      }
      known.first = lower(known.first, first)
      known.last = higher(known.last, last)
      known.proof = Math.min(known.proof, proof ?? known.proof)
      known.count += count ?? 0
      known.most = higher(known.most, most)
      known.least = lower(known.least, least)
    }
  return [...groups.values()]
}

const lower = (a: number | null, b: number | null): number | null =>
  a === null || (b !== null && b < a) ? b : a
const higher = (a: number | null, b: number | null): number | null =>
  a === null || (b !== null && b > a) ? b : a

/** Reads interned texts by id; null stays null. */
export function textReader(db: ReadStore): (id: number | null | undefined) => string | null {
  const text = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
  return (id) => (id == null ? null : (text.get(id) as string))
}
