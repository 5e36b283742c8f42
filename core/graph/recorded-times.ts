import type { HopClock } from '../contract/nouns/graph.ts'
import { listOffsets, timedUsesOf, type TimedUse } from '../store/clocks.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { loadEntities, toRef } from './entity-rows.ts'
import type { FoundHop } from './path-search.ts'

/** When a hop was, as recorded; `clock` where the clock that recorded it is off. */
export interface ShownHop {
  readonly at: number | null
  readonly clock: HopClock | null
}

/** Searches go by the right time; what is shown is the time of the record, with what is known of its clock beside it. */
export class RecordedTimes {
  readonly #db: ReadStore
  readonly #uses: ReadonlyMap<number, readonly TimedUse[]>
  #offsets: ReadonlyMap<number, { readonly ahead: number; readonly confidence: number }> | undefined

  constructor(db: ReadStore, relations: readonly number[]) {
    this.#db = db
    this.#uses = timedUsesOf(db, relations)
  }

  /** A standing hop has no time of its own: it is shown at the time of the one before it. */
  ofHops(hops: readonly FoundHop[]): ShownHop[] {
    let before: ShownHop = { at: null, clock: null }
    return hops.map(({ link, at }) => {
      if (link.uses.length === 0) {
        // The search begins at a time where nothing was used yet.
        return before.clock === null ? { at, clock: null } : before
      }
      before = this.of(link.id, at)
      return before
    })
  }

  /** @param at by the right time: of a use of the relation */
  of(relation: number, at: number | null): ShownHop {
    const uses = this.#uses.get(relation)
    if (at === null || uses === undefined) return { at, clock: null }
    // A use a little before the arrival stands at the arrival.
    const [use] = uses
      .filter((one) => Math.abs(one.at - at) <= CLOCK_TOLERANCE_US)
      .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))
    if (use === undefined || use.clock === 0) return { at, clock: null }
    this.#offsets ??= new Map(listOffsets(this.#db).map((one) => [one.clock, one]))
    const known = this.#offsets.get(use.clock)
    const row = use.clock > 0 ? loadEntities(this.#db, [use.clock]).get(use.clock) : undefined
    return {
      at: use.recorded,
      clock: {
        endpoint: row ? toRef(row) : null,
        evidenceId: use.clock < 0 ? String(-use.clock) : null,
        aheadSeconds: Math.round((use.recorded - use.at) / 1e6),
        confidence: known?.confidence ?? 0,
        rightAt: toIso(at),
      },
    }
  }
}
