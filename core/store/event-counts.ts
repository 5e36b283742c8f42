import type { ReadStore, WriteStore } from './store.ts'

export const HOUR_US = 3_600_000_000
/** Stands for the hour of events without a time; no time of 1601 or later comes near it. */
export const UNDATED = -(2 ** 31)

/** Hour of a time, counted from 1970. */
export const hourOf = (at: number | null): number => (at === null ? UNDATED : Math.floor(at / HOUR_US))

interface Count {
  readonly evidence: number
  readonly kind: number
  readonly hour: number
  count: number
  first: number | null
  last: number | null
}

const addCount = `INSERT INTO event_count (evidence_id, kind, hour, count, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count, first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`

/** Counts events while they are written; `write` before the transaction ends. */
export class EventCounts {
  readonly #add
  readonly #counts = new Map<string, Count>()
  #last: Count | undefined
  constructor(db: WriteStore) {
    this.#add = db.prepare(addCount)
  }

  note(evidence: number, kind: number, at: number | null): void {
    const hour = hourOf(at)
    let count = this.#last
    if (count?.hour !== hour || count.kind !== kind || count.evidence !== evidence) {
      const key = `${evidence} ${kind} ${hour}`
      count = this.#counts.get(key)
      if (!count) this.#counts.set(key, (count = { evidence, kind, hour, count: 0, first: at, last: at }))
      this.#last = count
    }
    count.count += 1
    if (at === null || count.first === null || count.last === null) return
    if (at < count.first) count.first = at
    else if (at > count.last) count.last = at
  }

  write(): void {
    for (const { evidence, kind, hour, count, first, last } of this.#counts.values())
      this.#add.run(evidence, kind, hour, count, first, last)
    this.#counts.clear()
    this.#last = undefined
  }
}

const isFilled = 'SELECT 1 FROM event_count LIMIT 1'
const anyEvent = 'SELECT 1 FROM event LIMIT 1'
const fill = `INSERT INTO event_count (evidence_id, kind, hour, count, first_at, last_at)
  SELECT evidence_id, kind, coalesce(at / ${HOUR_US} - (at < 0 AND at % ${HOUR_US} <> 0), ${UNDATED}) AS hour, count(*), min(at), max(at)
  FROM event GROUP BY evidence_id, kind, hour`

/** Counts what a case of an older schema holds. */
export function fillEventCounts(db: WriteStore): void {
  if (db.prepare(anyEvent).get() !== undefined && db.prepare(isFilled).get() === undefined)
    db.prepare(fill).run()
}

const hasTable = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'event_count'`
const known = new WeakMap<ReadStore, boolean>()

/** Whether the case has counts: one of an older schema, opened for reading, has none. */
export function hasEventCounts(db: ReadStore): boolean {
  let has = known.get(db)
  if (has === undefined) {
    const counted = db.prepare(hasTable).get() !== undefined
    has = counted && (db.prepare(isFilled).get() !== undefined || db.prepare(anyEvent).get() === undefined)
    // An empty case may be filled later; that the table is missing stays so.
    if (!counted || db.prepare(isFilled).get() !== undefined) known.set(db, has)
  }
  return has
}

const total = 'SELECT coalesce(sum(count), 0) FROM event_count'
const countAll = 'SELECT count(*) FROM event'

/** How many events there are. */
export const countEvents = (db: ReadStore): number =>
  db
    .prepare(hasEventCounts(db) ? total : countAll)
    .pluck()
    .get() as number
