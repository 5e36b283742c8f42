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

const dated = `SELECT * FROM event WHERE at >= @from AND at < @to AND (at, id) > (@at, @id) ORDER BY at, id LIMIT ${PAGE}`
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
  const readDated = db.prepare(dated)
  const readUndated = db.prepare(undated)
  const first = { at: span.from, id: -1 }
  for await (const page of inPages<StoredEvent>(
    signal,
    (last) => readDated.all({ ...span, ...(last ? { at: last.at, id: last.id } : first) }) as StoredEvent[],
  ))
    yield shape(page)
  if (!isWhole(source)) return
  for await (const page of inPages<StoredEvent>(
    signal,
    (last) => readUndated.all({ id: last?.id ?? -1 }) as StoredEvent[],
  ))
    yield shape(page)
}
