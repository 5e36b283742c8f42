import { describe, expect, it } from 'vitest'
import { steadiness } from '../../../core/correlation/steadiness.ts'

/** Numbers in [0, 1), the same for a seed. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed + 1
  for (;;) {
    state = (state * 48_271) % 2_147_483_647
    yield state / 2_147_483_647
  }
}

/** Beats whose intervals are made by the function of a number in [0, 1), in seconds. */
function beats(count: number, seed: number, interval: (chance: number) => number): number[] {
  const chance = numbers(seed)
  let at = 0
  return Array.from({ length: count }, () => (at += interval(chance.next().value) * 1e6))
}
const seeds = Array.from({ length: 200 }, (_, seed) => seed * 7_919)
const found = (interval: (chance: number) => number, count = 40) =>
  seeds.filter((seed) => steadiness(beats(count, seed, interval)) !== undefined).length

describe('steadiness of connections', () => {
  it('sees sleeps without and with jitter', () => {
    expect(found(() => 60)).toBe(200)
    expect(found((chance) => 60 * (0.8 + 0.4 * chance))).toBe(200)
    // 50 % jitter, as the common tools make it: between half and the whole sleep
    expect(found((chance) => 60 * (0.5 + 0.5 * chance))).toBeGreaterThanOrEqual(198)
  })

  it('sees no habit in chance and in the bursts of a person', () => {
    expect(found((chance) => -60 * Math.log(1 - chance))).toBeLessThanOrEqual(2)
    expect(found((chance) => (chance < 0.7 ? 3 : 600 * chance))).toBe(0)
  })

  it('tells the interval and the jitter, pauses notwithstanding', () => {
    const day = beats(30, 1, () => 300)
    const night = day.map((at) => at + 50_000e6)
    const seen = steadiness([...day, ...night])
    expect(seen?.median).toBe(300e6)
    expect(seen?.jitter).toBe(0)
    expect(steadiness(beats(30, 5, (chance) => 100 * (0.9 + 0.2 * chance)))?.jitter).toBeCloseTo(0.05, 1)
  })

  it('leaves out what is faster than programs sleep', () => {
    expect(found(() => 1)).toBe(0)
  })
})
