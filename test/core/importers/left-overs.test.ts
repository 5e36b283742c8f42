import { describe, expect, it } from 'vitest'
import { LeftOvers } from '../../../core/importers/evtx/left-overs.ts'

describe('left-over records', () => {
  it('are dropped when a live chunk has the id in the same stretch of time', () => {
    const leftOvers = new LeftOvers<string>()
    leftOvers.noteLive(100, 199, 1_000, 2_000)
    for (const [unit, id, us] of [
      ['copy', 150, 1_500],
      ['older round', 150, 500],
      ['beyond', 200, 1_500],
    ] as const)
      expect(leftOvers.hold(unit, id, us, 1)).toEqual([])
    leftOvers.noteLive(10, 99, 100, 999)
    expect(leftOvers.release()).toEqual(['older round', 'beyond'])
    expect(leftOvers.repeated).toBe(1)
  })

  it('are taken once, wherever in the file they lie', () => {
    const leftOvers = new LeftOvers<string>()
    expect([leftOvers.isNew('5', 1), leftOvers.isNew('5', 2), leftOvers.isNew('5', 1)]).toEqual([
      true,
      true,
      false,
    ])
    expect(leftOvers.repeated).toBe(1)
  })

  it('are not held without end', () => {
    const leftOvers = new LeftOvers<number>()
    const early = Array.from({ length: 40 }, (_, id) => leftOvers.hold(id, id, 1, 1_000_000)).flat()
    expect(early.length).toBeGreaterThan(0)
    expect([...early, ...leftOvers.release()]).toEqual(Array.from({ length: 40 }, (_, id) => id))
  })
})
