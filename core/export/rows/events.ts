import type { EventRow } from '../../contract/nouns/event.ts'
import { type StoredEvent, toEventRows } from '../../events/event-rows.ts'
import type { ReadStore } from '../../store/store.ts'
import type { ExportSource } from '../exporter.ts'
import { inPages, PAGE } from './pages.ts'

/** An event as stored beside its public shape; `atUs` keeps the microseconds. */
export interface ExportEvent extends EventRow {
  readonly atUs: number | null
  readonly zoneAssumed: boolean
}

// Each looks up its place in the index. One condition on both columns, or a start of the span beside it, is looked up by the time alone,
// or by that start: each page then passes over all before it.
export const sameTime = `SELECT * FROM event WHERE at = @at AND id > @id ORDER BY id LIMIT ${PAGE}`
export const later = `SELECT * FROM event WHERE at > @at AND at < @to ORDER BY at, id LIMIT @rows`
const undated = `SELECT * FROM event WHERE at IS NULL AND id > @id ORDER BY id LIMIT ${PAGE}`
const countDated = 'SELECT count(*) FROM event WHERE at >= @from AND at < @to'
const countUndated = 'SELECT count(*) FROM event WHERE at IS NULL'

/** Times before and after every event. */
const EVER = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }
const spanOf = ({ from, to }: Pick<ExportSource, 'from' | 'to'>) => ({
  from: from ?? EVER.from,
  to: to ?? EVER.to,
})
const isWhole = ({ from, to }: Pick<ExportSource, 'from' | 'to'>) => from === null && to === null

export function countEvents(db: ReadStore, source: Pick<ExportSource, 'from' | 'to'>): number {
  const count = db.prepare(countDated).pluck().get(spanOf(source)) as number
  return count + (isWhole(source) ? (db.prepare(countUndated).pluck().get() as number) : 0)
}

/** Events in the order of time; without a span the undated ones follow. */
export async function* eventPages(source: ExportSource): AsyncGenerator<readonly ExportEvent[]> {
  const { db, signal } = source
  const span = spanOf(source)
  const shape = (rows: readonly StoredEvent[]): ExportEvent[] => {
    source.count('events', rows.length)
    return toEventRows(db, rows).map((event, at) => ({
      ...event,
      atUs: rows[at]?.at ?? null,
      zoneAssumed: rows[at]?.zone_assumed === 1,
    }))
  }
  const readSameTime = db.prepare(sameTime)
  const readLater = db.prepare(later)
  const readUndated = db.prepare(undated)
  const readDated = ({ at, id }: Pick<StoredEvent, 'at' | 'id'>): StoredEvent[] => {
    const same = readSameTime.all({ at, id }) as StoredEvent[]
    const rows = PAGE - same.length
    return rows === 0 ? same : [...same, ...(readLater.all({ at, to: span.to, rows }) as StoredEvent[])]
  }
  const first = { at: span.from, id: -1 }
  for await (const page of inPages<StoredEvent>(signal, (last) => readDated(last ?? first))) yield shape(page)
  if (!isWhole(source)) return
  for await (const page of inPages<StoredEvent>(
    signal,
    (last) => readUndated.all({ id: last?.id ?? -1 }) as StoredEvent[],
  ))
    yield shape(page)
}
