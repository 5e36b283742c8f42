import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RELATION_KINDS } from '../../../core/model/relation.ts'
import { orderByTime } from '../../../core/graph/order-by-time.ts'
import { isStanding, KIND_INDEX, nodeOf, packNetwork, usesOf } from '../../../core/graph/packed-network.ts'
import type { PackedNetwork } from '../../../core/graph/packed-network.ts'
import { earliestArrival, latestDeparture, neighbourhood } from '../../../core/graph/sweep.ts'
import { SECOND, type Draft } from './networks.ts'

/** Entities 1..8 and the drafts between them, packed. */
function packed(drafts: readonly Draft[]): PackedNetwork {
  const uses = drafts.map(([, , , , ...times]) =>
    times.toSorted((a, b) => a - b).map((time) => time * SECOND),
  )
  const useStart = [0]
  for (const own of uses) useStart.push((useStart.at(-1) ?? 0) + own.length)
  return packNetwork(Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]), {
    count: drafts.length,
    ids: drafts.map((_, index) => index + 1),
    kinds: Uint8Array.from(drafts, ([, , kind]) => KIND_INDEX.get(kind) ?? 0),
    from: drafts.map(([from]) => from),
    to: drafts.map(([, to]) => to),
    confidence: drafts.map(([, , , confidence]) => confidence),
    useStart,
    uses: Float64Array.from(uses.flat()),
  })
}

interface Trip {
  readonly start: number
  readonly at: number
  readonly tolerance: number
  readonly kinds: Uint8Array | null
  readonly window: { from: number; to: number } | null
}

const taken = (network: PackedNetwork, relation: number, trip: Trip): boolean =>
  trip.kinds === null || trip.kinds[network.kinds[relation] ?? 0] === 1
const usable = (network: PackedNetwork, relation: number, { window }: Trip): number[] =>
  [...usesOf(network, relation)].filter((use) => window === null || (use >= window.from && use <= window.to))

/** Earliest arrivals by going round until nothing changes: the truth for the sweep. */
function slowArrival(network: PackedNetwork, trip: Trip): number[] {
  const at = [...network.entities].map(() => Infinity)
  at[trip.start] = trip.at
  for (let changed = true; changed;) {
    changed = false
    for (let r = 0; r < network.ids.length; r += 1) {
      if (!taken(network, r, trip)) continue
      const here = at[network.from[r] ?? 0] ?? Infinity
      const to = network.to[r] ?? 0
      const ways = isStanding(network.kinds[r] ?? 0)
        ? [here]
        : usable(network, r, trip)
            .filter((use) => use >= here - trip.tolerance)
            .map((use) => Math.max(use, here))
      for (const way of ways)
        if (way < (at[to] ?? Infinity)) {
          at[to] = way
          changed = true
        }
    }
  }
  return at
}

const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc
    .record({
      from: fc.integer({ min: 1, max: 8 }),
      to: fc.integer({ min: 1, max: 8 }),
      kind: fc.constantFrom('spawned', 'dropped', 'remote-logon', 'ran-on', 'carries', 'member-of'),
      uses: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }),
    })
    .map(({ from, to, kind, uses }): Draft => [from, to, kind as Draft[2], 0.9, ...uses]),
  { maxLength: 30 },
)
const trips: fc.Arbitrary<Trip> = fc.record({
  start: fc.integer({ min: 0, max: 7 }),
  at: fc.oneof(
    fc.constant(-Infinity),
    fc.integer({ min: 0, max: 30 }).map((second) => second * SECOND),
  ),
  tolerance: fc.constantFrom(0, SECOND, 2 * SECOND, 40 * SECOND),
  kinds: fc.option(
    fc
      .subarray(['spawned', 'dropped', 'remote-logon', 'ran-on', 'carries'] as const)
      .map((kinds) => Uint8Array.from(RELATION_KINDS, (kind) => (kinds.some((one) => one === kind) ? 1 : 0))),
  ),
  window: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
      .map(([a, b]) => ({ from: Math.min(a, b) * SECOND, to: Math.max(a, b) * SECOND })),
  ),
})

describe('sweep over packed relations', () => {
  it('finds the earliest arrivals that trying everything finds', () => {
    fc.assert(
      fc.property(drafts, trips, (wanted, trip) => {
        const network = packed(wanted)
        const { at } = earliestArrival(network, [{ node: trip.start, at: trip.at }], trip)
        expect([...at]).toEqual(slowArrival(network, trip))
      }),
      { numRuns: 3000 },
    )
  })

  it('came to each node by a relation that can be used between the two times', () => {
    fc.assert(
      fc.property(drafts, trips, (wanted, trip) => {
        const network = packed(wanted)
        const { at, via } = earliestArrival(network, [{ node: trip.start, at: trip.at }], trip)
        for (const [node, relation] of via.entries()) {
          if (relation < 0) continue
          const here = at[network.from[relation] ?? 0] ?? Infinity
          const there = at[node] ?? Infinity
          expect(network.to[relation]).toBe(node)
          // Time never runs backwards.
          expect(there).toBeGreaterThanOrEqual(here)
          if (!isStanding(network.kinds[relation] ?? 0))
            expect(
              usable(network, relation, trip).some(
                (use) => use >= here - trip.tolerance && Math.max(use, here) === there,
              ),
            ).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('finds going back exactly those times of leaving from which the target is reached', () => {
    fc.assert(
      fc.property(drafts, trips, fc.integer({ min: 0, max: 40 }), (wanted, trip, second) => {
        const network = packed(wanted)
        const target = trip.start
        const deadline = second * SECOND
        const { at } = latestDeparture(network, [{ node: target, at: deadline }], trip)
        for (const [start, latest] of at.entries())
          for (let quarter = -4; quarter <= 170; quarter += 1) {
            const leaving = (quarter * SECOND) / 4
            const arrival = slowArrival(network, { ...trip, start, at: leaving })[target] ?? Infinity
            expect(arrival <= deadline, `from ${start} at ${leaving}`).toBe(leaving <= latest)
          }
      }),
      { numRuns: 60 },
    )
  })

  it('asks the guard before it takes a hop', () => {
    const network = packed([
      [1, 2, 'clicked-by', 1, 5],
      [1, 3, 'spawned', 1, 5],
      [2, 4, 'spawned', 1, 6],
    ])
    const guarded = Uint8Array.from(RELATION_KINDS, (kind) => (kind === 'clicked-by' ? 1 : 0))
    const asked: number[] = []
    const { at } = earliestArrival(network, [{ node: 0, at: 0 }], {
      guarded,
      guard: (relation, use) => {
        asked.push(network.ids[relation] ?? 0, use)
        return false
      },
    })
    expect(asked).toEqual([1, 5 * SECOND])
    expect([...at].map((time) => time / SECOND)).toEqual([0, Infinity, 5, ...Array<number>(5).fill(Infinity)])
  })

  it('is right where thousands of contacts fall into one instant', () => {
    // A chain whose hops stand in the log in the wrong order, between noise of the same second.
    const noise: Draft[] = Array.from({ length: 400 }, (): Draft => [7, 8, 'spawned', 1, 10])
    const network = packed([
      ...noise,
      [3, 4, 'spawned', 1, 9],
      [2, 3, 'spawned', 1, 10],
      ...noise,
      [1, 2, 'spawned', 1, 11],
    ])
    expect([...earliestArrival(network, [{ node: 0, at: 0 }]).at].slice(0, 4)).toEqual([
      0,
      11 * SECOND,
      11 * SECOND,
      11 * SECOND,
    ])
    expect(latestDeparture(network, [{ node: 3, at: Infinity }]).at[0]).toBe(11 * SECOND)
  })

  it('knows neighbours by distance, both ways', () => {
    const network = packed([
      [1, 2, 'spawned', 1, 5],
      [3, 2, 'spawned', 1, 1],
      [3, 4, 'carries', 1],
      [4, 5, 'carries', 1],
    ])
    expect([...neighbourhood(network, 0, 3)]).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  it('leaves out what can never be taken, and numbers entities by their ids', () => {
    const network = packed([
      [1, 2, 'spawned', 1],
      [1, 2, 'carries', 1],
      [1, 99, 'spawned', 1, 3],
    ])
    expect([...network.ids]).toEqual([2])
    expect([nodeOf(network, 8), nodeOf(network, 9)]).toEqual([7, -1])
  })

  it('orders times of any span, equal ones as they stand', () => {
    const time = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -8e15, max: 8e15 }),
      fc.integer({ min: 1.7e15, max: 1.7e15 + 1e6 }),
      // 1601, as clocks say that were never set: no exact distance from today.
      fc.constant(-11_644_473_600_000_000),
    )
    fc.assert(
      fc.property(fc.array(time, { maxLength: 200 }), (values) => {
        const wanted = values
          .map((_, index) => index)
          .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
        expect([...orderByTime(Float64Array.from(values))]).toEqual(wanted)
      }),
      { numRuns: 500 },
    )
  })
})
