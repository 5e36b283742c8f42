import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../core/demo/random.ts'
import { estimateClocks, type Sighting } from '../../../core/correlation/clocks/clock-offsets.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const nobody = () => false

/** Things seen at a true time by some clocks, each of which is ahead by so much. */
function seen(
  ahead: Readonly<Record<number, number>>,
  things: readonly (readonly [number, ...number[]])[],
): Sighting[][] {
  let event = 0
  return things.map(([at, ...clocks]) =>
    clocks.map((clock) => ({ clock, at: at * SECOND + (ahead[clock] ?? 0), event: (event += 1) })),
  )
}
const offsetsOf = (things: Sighting[][], isReference: (clock: number) => boolean = nobody) =>
  estimateClocks(things, isReference).map(({ clock, offset }) => [clock, offset / SECOND])

describe('clocks, from what two of them recorded', () => {
  it('finds the one that is off, by how much, and what shows it', () => {
    const things = seen({ 3: 7 * MINUTE }, [
      [100, 1, 3],
      [900, 2, 3],
      [5_000, 1, 3],
      [5_100, 1, 2],
      [7_000, 1, 2],
      [9_000, 1, 2],
    ])
    const [found, ...others] = estimateClocks(things, nobody)
    expect(others).toEqual([])
    expect(found).toMatchObject({ clock: 3, offset: 420 * SECOND, support: 3, against: 0, compared: 2 })
    expect(found?.confidence).toBeGreaterThan(0.7)
    expect(found?.proof).toEqual([
      [2, 1],
      [4, 3],
      [6, 5],
    ])
  })

  it('says nothing of clocks that agree, or differ by what records take to be written', () => {
    expect(
      offsetsOf(
        seen({ 2: 3 * SECOND }, [
          [1, 1, 2],
          [50, 1, 2],
          [99, 1, 2],
          [300, 1, 2],
        ]),
      ),
    ).toEqual([])
  })

  it('says nothing on the strength of one or two things', () => {
    expect(
      offsetsOf(
        seen({ 2: -7 * MINUTE }, [
          [100, 1, 2],
          [3_000, 1, 2],
        ]),
      ),
    ).toEqual([])
  })

  it('takes the clock that is looked after for right where there are only two, and is less sure', () => {
    const things = seen({ 5: 3600 * SECOND }, [
      [1, 4, 5],
      [50, 4, 5],
      [99, 4, 5],
      [300, 4, 5],
    ])
    expect(offsetsOf(things, (clock) => clock === 4)).toEqual([[5, 3600]])
    expect(offsetsOf(things, (clock) => clock === 5)).toEqual([[4, -3600]])
    const sure = estimateClocks(things, (clock) => clock === 4)[0]?.confidence ?? 0
    expect(estimateClocks(things, nobody)[0]?.confidence ?? 0).toBeLessThan(sure)
  })

  it('puts a controller right that all others disagree with', () => {
    const things = seen({ 1: -7 * MINUTE }, [
      [10, 1, 2],
      [2_000, 1, 3],
      [9_000, 1, 4],
      [12_000, 1, 2],
    ])
    expect(offsetsOf(things, (clock) => clock === 1)).toEqual([[1, -420]])
  })

  it('claims nothing from what recurs at fixed times: every turn fits', () => {
    const hourly = Array.from({ length: 8 }, (_, turn): Sighting[] => [
      { clock: 1, at: turn * 3600 * SECOND, event: 2 * turn },
      { clock: 2, at: turn * 3600 * SECOND, event: 2 * turn + 1 },
    ])
    expect(estimateClocks([hourly.flat()], nobody)).toEqual([])
  })

  it('claims nothing from coincidences', () => {
    const random = createRandom(20_261_122)
    const noise = Array.from({ length: 300 }, (_, event): Sighting[] => [
      { clock: 1, at: random.int(86_400) * SECOND, event: 2 * event },
      { clock: 2, at: random.int(86_400) * SECOND, event: 2 * event + 1 },
    ])
    expect(estimateClocks(noise, nobody)).toEqual([])
  })

  it('finds any one clock that is off among several, whatever else was seen, in any order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -14 * 3600, max: 14 * 3600 }).filter((seconds) => Math.abs(seconds) >= 30),
        fc.integer({ min: 1, max: 5 }),
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: 80_000 }),
            fc.integer({ min: 1, max: 5 }),
            fc.integer({ min: 1, max: 5 }),
          ),
          {
            maxLength: 40,
          },
        ),
        fc.integer(),
        (seconds, wrong, more, seed) => {
          const ring = [1, 2, 3, 4, 5].flatMap((clock) =>
            [0, 1, 2].map((turn) => [1_000 * clock + 27_183 * turn, clock, (clock % 5) + 1] as const),
          )
          const pairs = more.filter(([, a, b]) => a !== b)
          const things = seen({ [wrong]: seconds * SECOND }, [...ring, ...pairs])
          const random = createRandom(seed)
          const shuffled = things
            .map((thing) => ({ thing, place: random.int(1e9) }))
            .sort((a, b) => a.place - b.place)
            .map(({ thing }) => thing)
          expect(offsetsOf(things)).toEqual([[wrong, seconds]])
          expect(offsetsOf(shuffled)).toEqual([[wrong, seconds]])
        },
      ),
      { seed: 20_261_122, numRuns: 60 },
    )
  })
})
