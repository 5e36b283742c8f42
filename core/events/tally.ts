import { EVENT_GROUPS, type EventGroup } from '../contract/nouns/event.ts'
import type { ResultOf } from '../contract/types.ts'
import { PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'

const NAMES: Readonly<Record<EventGroup, string>> = {
  source: 'SELECT id, name FROM evidence WHERE id IN (SELECT value FROM json_each(?))',
  endpoint: 'SELECT id, name FROM entity WHERE id IN (SELECT value FROM json_each(?))',
  user: 'SELECT id, name FROM entity WHERE id IN (SELECT value FROM json_each(?))',
  process: 'SELECT id, v AS name FROM str WHERE id IN (SELECT value FROM json_each(?))',
}
type Counted = Pick<ResultOf<'event.count'>, 'total' | 'undated' | 'buckets' | 'kinds' | 'groups' | 'lanes'>

/** Sums of one piece of a count. */
export class Tally {
  readonly #db: ReadStore
  /** Seconds of a bucket. */
  readonly width: number
  readonly #high: number
  #total = 0
  #undated = 0
  readonly #kinds = new Map<number, number>()
  readonly #buckets = new Map<number, number>()
  readonly #groups = new Map<EventGroup, Map<number, number>>()
  readonly #lanes = new Map<string, Map<number, number>>()
  /** @param high the last time buckets are made for, in microseconds */
  constructor(db: ReadStore, width: number, high: number) {
    this.#db = db
    this.width = width
    this.#high = high
  }

  addTotal(count: number, isUndated: boolean, kind: number): void {
    this.#total += count
    if (isUndated) this.#undated += count
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count)
  }
  /** @param at microseconds */
  addBucket(at: number, count: number): void {
    if (at + this.width * 1e6 > PLAUSIBLE_FROM_US && at <= this.#high)
      add(this.#buckets, this.#bucketOf(at), count)
  }
  addGroup(by: EventGroup, value: number, count: number): void {
    let values = this.#groups.get(by)
    if (!values) this.#groups.set(by, (values = new Map()))
    if (count > 0) add(values, value, count)
  }
  addLane(id: string, at: number, count: number): void {
    if (at > this.#high) return
    let buckets = this.#lanes.get(id)
    if (!buckets) this.#lanes.set(id, (buckets = new Map()))
    add(buckets, this.#bucketOf(at), count)
  }
  #bucketOf(at: number): number {
    return Math.floor(at / (this.width * 1e6))
  }

  answer(): Counted {
    return {
      total: this.#total,
      undated: this.#undated,
      buckets: this.#inTime(this.#buckets),
      kinds: [...this.#kinds]
        .map(([kind, count]) => ({ kind: kindOfNumber(kind), count }))
        .sort((a, b) => b.count - a.count),
      groups: EVENT_GROUPS.flatMap((by) => {
        const values = this.#groups.get(by)
        return values ? [{ by, values: this.#named(by, values) }] : []
      }),
      lanes: [...this.#lanes].map(([id, buckets]) => ({ id, buckets: this.#inTime(buckets) })),
    }
  }
  #inTime(buckets: ReadonlyMap<number, number>) {
    return [...buckets]
      .sort(([a], [b]) => a - b)
      .map(([bucket, count]) => ({ at: toIso(bucket * this.width * 1e6), count }))
  }
  #named(by: EventGroup, values: ReadonlyMap<number, number>) {
    const ids = JSON.stringify([...values.keys()])
    const found = this.#db.prepare(NAMES[by]).all(ids) as { id: number; name: string }[]
    return found
      .map(({ id, name }) => ({ id: String(id), name, count: values.get(id) ?? 0 }))
      .sort((a, b) => b.count - a.count)
  }
}

const add = (counts: Map<number, number>, key: number, count: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + count)
