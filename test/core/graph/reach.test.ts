import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INTERACTION_START, reachAll } from '../../../core/graph/reach.ts'
import { aNetwork, costOf, enumeratePaths, idsOf, timesOf, type Draft } from './networks.ts'

const reach = (drafts: readonly Draft[], maxHops = 14) => reachAll(aNetwork(drafts), 1, maxHops, null, null)

describe('reach from one entity', () => {
  it('gives the best way to everything it reaches, and nothing about the rest', () => {
    const found = reach([
      [1, 2, 'spawned', 0.5, 10],
      [1, 3, 'spawned', 1, 10],
      [3, 2, 'spawned', 0.9, 20],
      [4, 2, 'spawned', 1, 20],
      [2, 1, 'spawned', 1, 30],
    ])
    expect([...found].map(([node, ways]) => [node, ways.map(idsOf)])).toEqual([
      [2, [[2, 3]]],
      [3, [[2]]],
    ])
  })

  it('does not lose what only an earlier, less sure arrival can reach', () => {
    const found = reach([
      [1, 2, 'spawned', 1, 300],
      [1, 2, 'executed-as', 0.5, 10],
      [2, 3, 'spawned', 1, 100],
    ])
    expect(found.get(2)?.[0]).toMatchObject({ confidence: 1 })
    expect(found.get(3)?.[0]).toMatchObject({ confidence: 0.5 })
    const [way] = found.get(3) ?? []
    expect(way && timesOf(way)).toEqual([10, 100])
  })

  it('names beside the surest way one that shows more: a program of the mail ran on it', () => {
    const found = reach([
      [1, 2, 'links-to', 1],
      [2, 5, 'opened-on', 1, 10],
      [5, 6, 'remote-execution', 1, 50],
      [2, 3, 'downloaded-to', 0.3, 10],
      [3, 4, 'executed-as', 1, 20],
      [4, 6, 'remote-execution', 1, 50],
    ])
    expect(found.get(6)?.map(idsOf)).toEqual([
      [1, 2, 3],
      [1, 4, 5, 6],
    ])
  })

  it('doubts less what leaves an endpoint where something was run from afar', () => {
    const entered = reach([
      [1, 2, 'remote-execution', 1, 10],
      [2, 3, 'ran-on', 1],
      [3, 4, 'remote-execution', 1, 50],
    ])
    const used = reach([
      [1, 2, 'spawned', 1, 10],
      [2, 3, 'ran-on', 1],
      [3, 4, 'remote-execution', 1, 50],
    ])
    expect(entered.get(4)?.[0]?.confidence).toBeGreaterThan(used.get(4)?.[0]?.confidence ?? 1)
  })

  it('can be asked for what followed from doing something with a mail only', () => {
    const drafts: Draft[] = [
      [1, 2, 'delivered-to', 1, 10],
      [1, 3, 'carries', 1],
      [3, 4, 'saved-as', 1, 20],
    ]
    expect([...reachAll(aNetwork(drafts), 1, 14, INTERACTION_START, null).keys()]).toEqual([3, 4])
  })

  it('keeps to the hop limit and to its beginning', () => {
    const drafts: Draft[] = [
      [1, 2, 'carries', 1],
      [2, 3, 'saved-as', 1, 5],
      [3, 4, 'executed-as', 1, 20],
    ]
    expect([...reach(drafts, 2).keys()]).toEqual([2, 3])
    expect([...reachAll(aNetwork(drafts), 1, 14, null, 10 * 1e6).keys()]).toEqual([2])
  })

  it('is as good as trying all ways', () => {
    const link: fc.Arbitrary<Draft> = fc
      .tuple(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('spawned' as const, 'ran-on' as const, 'remote-logon' as const),
        fc.integer({ min: 30, max: 100 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 2 }),
      )
      .filter(([from, to]) => from !== to)
      .map(([from, to, kind, percent, uses]) => [
        from,
        to,
        kind,
        percent / 100,
        ...uses.map((use) => use * 100),
      ])
    fc.assert(
      fc.property(fc.array(link, { minLength: 4, maxLength: 14 }), (drafts) => {
        const found = reach(drafts, 6)
        for (const node of [2, 3, 4, 5]) {
          const [truth] = enumeratePaths(aNetwork(drafts), 1, node, 6)
          const [way] = found.get(node) ?? []
          expect(way === undefined).toBe(truth === undefined)
          if (way && truth) expect(costOf(way.hops.map((hop) => hop.link))).toBeCloseTo(costOf(truth), 9)
        }
      }),
      { seed: 20_260_310, numRuns: 1000 },
    )
  })
})
