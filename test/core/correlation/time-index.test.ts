import { describe, expect, it } from 'vitest'
import { TimeIndex } from '../../../core/correlation/time-index.ts'

const filled = (times: readonly number[]) => {
  const index = new TimeIndex<{ readonly at: number; readonly place: number }>()
  for (const [place, at] of times.entries()) index.add('a', { at, place })
  return index
}

describe('things with a time', () => {
  it('are found by the last and the first of a span, its ends included', () => {
    const index = filled([10, 20, 20, 30])
    expect(index.last('a', 0, 20)).toEqual({ at: 20, place: 2 })
    expect(index.first('a', 20, 99)).toEqual({ at: 20, place: 1 })
    expect([index.last('a', 31, 99), index.first('a', 0, 9), index.last('b', 0, 99)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([...index.between('a', 20, 30)].map(({ place }) => place)).toEqual([1, 2, 3])
  })

  it('may come in any order, also between questions', () => {
    const index = filled([30, 10])
    expect(index.last('a', 0, 20)?.place).toBe(1)
    index.add('a', { at: 15, place: 9 })
    expect(index.last('a', 0, 20)?.place).toBe(9)
    expect(index.all('a').map(({ at }) => at)).toEqual([10, 15, 30])
  })

  it('are looked up without walking through all of them', () => {
    const count = 200_000
    const index = filled(Array.from({ length: count }, (_, at) => at))
    const before = process.cpuUsage()
    let sum = 0
    for (let at = 0; at < count; at += 1) sum += index.last('a', at - 5, at)?.at ?? 0
    expect(sum).toBe((count * (count - 1)) / 2)
    // a walk would take minutes of processor time
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  })
})
