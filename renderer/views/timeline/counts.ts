import type { EventGroup } from '../../../core/contract/nouns/event.ts'
import type { ReplyOf } from '../../../core/contract/types.ts'
import type { EventKind } from '../../../core/model/event.ts'

type Piece = ReplyOf<'event.count'>
export interface GroupValue {
  readonly id: string
  readonly name: string
  readonly count: number
}
export interface TimeBucket {
  readonly at: string
  readonly count: number
}

/** The sums of the pieces of a count so far. */
export interface EventCounts {
  readonly bucketSeconds: number
  readonly from: string | null
  readonly to: string | null
  readonly total: number
  readonly undated: number
  readonly buckets: readonly TimeBucket[]
  readonly kinds: readonly { readonly kind: EventKind; readonly count: number }[]
  readonly groups: ReadonlyMap<EventGroup, readonly GroupValue[]>
  readonly lanes: ReadonlyMap<string, readonly TimeBucket[]>
  /** 0..1. */
  readonly done: number
  readonly isWhole: boolean
}

/** Adds up pieces as they come. */
export class CountSum {
  #last: Piece | undefined
  #total = 0
  #undated = 0
  readonly #buckets = new Map<string, number>()
  readonly #kinds = new Map<EventKind, number>()
  readonly #groups = new Map<EventGroup, Map<string, GroupValue>>()
  readonly #lanes = new Map<string, Map<string, number>>()

  add(piece: Piece): void {
    this.#last = piece
    this.#total += piece.total
    this.#undated += piece.undated
    addAll(this.#buckets, piece.buckets)
    for (const { kind, count } of piece.kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + count)
    for (const { by, values } of piece.groups) {
      const group = this.#groups.get(by) ?? new Map<string, GroupValue>()
      this.#groups.set(by, group)
      for (const { id, name, count } of values)
        group.set(id, { id, name, count: count + (group.get(id)?.count ?? 0) })
    }
    for (const { id, buckets } of piece.lanes) {
      const lane = this.#lanes.get(id) ?? new Map<string, number>()
      this.#lanes.set(id, lane)
      addAll(lane, buckets)
    }
  }
  sum(): EventCounts {
    const last = this.#last
    return {
      bucketSeconds: last?.bucketSeconds ?? 1,
      from: last?.from ?? null,
      to: last?.to ?? null,
      total: this.#total,
      undated: this.#undated,
      buckets: inTime(this.#buckets),
      kinds: [...this.#kinds]
        .map(([kind, count]) => ({ kind, count }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count),
      groups: new Map(
        [...this.#groups].map(([by, values]) => [by, [...values.values()].sort((a, b) => b.count - a.count)]),
      ),
      lanes: new Map([...this.#lanes].map(([id, buckets]) => [id, inTime(buckets)])),
      done: last?.done ?? 0,
      isWhole: last?.next === null,
    }
  }
}

function addAll(counts: Map<string, number>, buckets: readonly TimeBucket[]): void {
  for (const { at, count } of buckets) counts.set(at, (counts.get(at) ?? 0) + count)
}
const inTime = (counts: ReadonlyMap<string, number>): TimeBucket[] =>
  [...counts].map(([at, count]) => ({ at, count })).sort((a, b) => (a.at < b.at ? -1 : 1))
