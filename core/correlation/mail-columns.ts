import type { ReadStore } from '../store/store.ts'
import { partition, sortedPlaces } from './columns.ts'
import type { EvidenceOrder } from './evidence-order.ts'
import type { RowCount } from './message-wholes.ts'

const count = 'SELECT count(*) FROM message WHERE entity_id IS NOT NULL'
const figures =
  'SELECT id, entity_id, event_id, evidence_id, record, delivered_at, sent_at FROM message WHERE entity_id IS NOT NULL ORDER BY id'

/** Figures of all copies, by place: 56 bytes for a copy, whatever it says. */
export interface MailColumns {
  readonly rowId: Float64Array
  readonly entity: Float64Array
  readonly event: Float64Array
  readonly evidence: Uint32Array
  readonly record: Float64Array
  /** Microseconds; NaN for none. */
  readonly delivered: Float64Array
  readonly sent: Float64Array
}

/** Figures of all copies, those of one evidence item after those of another: see {@link EvidenceOrder}. */
export function readColumns(db: ReadStore, evidence: EvidenceOrder): MailColumns {
  const size = db.prepare(count).pluck().get() as number
  const columns = newColumns(size)
  let place = 0
  for (const row of db.prepare(figures).raw().iterate() as IterableIterator<(number | null)[]>) {
    for (const [index, name] of COLUMNS.entries()) columns[name][place] = row[index] ?? NaN
    place += 1
  }
  if (evidence.isTrivial) return columns
  const rankOf = (one: number): number => evidence.rankOf(columns.evidence[one] ?? 0)
  const order = sortedPlaces(size, (a, b) => rankOf(a) - rankOf(b))
  const ordered = newColumns(size)
  for (const name of COLUMNS) order.forEach((from, to) => (ordered[name][to] = columns[name][from] ?? NaN))
  return ordered
}
const COLUMNS = ['rowId', 'entity', 'event', 'evidence', 'record', 'delivered', 'sent'] as const
const newColumns = (size: number): MailColumns => ({
  rowId: new Float64Array(size),
  entity: new Float64Array(size),
  event: new Float64Array(size),
  evidence: new Uint32Array(size),
  record: new Float64Array(size),
  delivered: new Float64Array(size),
  sent: new Float64Array(size),
})

/** How many rows each message has. */
export function rowsOf(messages: Float64Array): RowCount {
  const sorted = messages.slice().sort()
  return (message) =>
    partition(sorted.length, (next) => (sorted[next] ?? 0) <= message) -
    partition(sorted.length, (next) => (sorted[next] ?? 0) < message)
}
