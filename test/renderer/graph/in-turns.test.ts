import { describe, expect, it } from 'vitest'
import { AT_ONCE, inTurns, paceAfter } from '../../../renderer/graph/in-turns.ts'

const never = (): boolean => false
const shapes = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('work in turns', () => {
  it('is done when the call returns, of few shapes', () => {
    const done: number[] = []
    void inTurns(shapes(AT_ONCE), (group) => done.push(...group), never)
    expect(done).toEqual(shapes(AT_ONCE))
  })

  it('is done once to each of many, in their order, some of them before the first frame', async () => {
    const done: number[] = []
    const all = inTurns(shapes(5000), (group) => done.push(...group), never)
    expect(done.length).toBeGreaterThan(0)
    expect(done.length).toBeLessThan(5000)
    expect(await all).toBe(true)
    expect(done).toEqual(shapes(5000))
  })

  it('is left when something newer came', async () => {
    const done: number[] = []
    let isOld = false
    const all = inTurns(
      shapes(5000),
      (group) => done.push(...group),
      () => isOld,
    )
    isOld = true
    expect(await all).toBe(false)
    expect(done.length).toBeLessThan(5000)
  })
})

describe('the size of a turn', () => {
  it('grows while turns are short, shrinks when they are long, within bounds', () => {
    expect(paceAfter(40, 17)).toBe(60)
    expect(paceAfter(60, 17)).toBe(80)
    expect(paceAfter(70, 34)).toBe(70)
    expect(paceAfter(80, 80)).toBe(40)
    expect(paceAfter(30, 80)).toBe(20)
  })
})
