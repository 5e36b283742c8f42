import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPaths } from '../../../core/graph/path-search.ts'
import { aNetwork, costOf, enumeratePaths, idsOf, SECOND, timesOf, type Draft } from './networks.ts'

const find = (
  drafts: readonly Draft[],
  to: number,
  options: { alternatives?: number; maxHops?: number; notBefore?: number } = {},
) => findPaths(aNetwork(drafts), { from: 1, to, alternatives: 3, maxHops: 14, notBefore: null, ...options })

describe('path search', () => {
  it('uses each hop at or after the arrival at its start', () => {
    const [path] = find(
      [
        [1, 2, 'spawned', 1, 100],
        [2, 3, 'spawned', 1, 50, 150, 200],
      ],
      3,
    )
    expect(path && timesOf(path)).toEqual([100, 150])
  })

  it('cannot use a hop that was only used before', () => {
    expect(
      find(
        [
          [1, 2, 'spawned', 1, 100],
          [2, 3, 'spawned', 1, 50],
        ],
        3,
      ),
    ).toEqual([])
  })

  it('takes a less sure way when the surer one comes too late for what follows', () => {
    const paths = find(
      [
        [1, 2, 'spawned', 1, 300],
        [1, 2, 'executed-as', 0.5, 10],
        [2, 3, 'spawned', 1, 100],
      ],
      3,
    )
    expect(paths.map(idsOf)).toEqual([[2, 3]])
  })

  it('allows for two seconds between clocks, without going back in time', () => {
    const drafts = (second: number): Draft[] => [
      [1, 2, 'spawned', 1, 100],
      [2, 3, 'spawned', 1, second],
    ]
    expect(find(drafts(98), 3).map(timesOf)).toEqual([[100, 100]])
    expect(find(drafts(97.9), 3)).toEqual([])
  })

  it('takes standing relations whenever it arrives, at no time of their own', () => {
    const [path] = find(
      [
        [1, 2, 'carries', 1],
        [2, 3, 'spawned', 1, 100],
        [3, 4, 'ran-on', 1],
        [4, 5, 'remote-logon', 1, 90, 120],
      ],
      5,
    )
    expect(path && timesOf(path)).toEqual([null, 100, 100, 120])
  })

  it('gives the surest way first, and of two equally sure ones the shorter', () => {
    const paths = find(
      [
        [1, 4, 'spawned', 0.5, 1],
        [1, 2, 'spawned', 1, 1],
        [2, 4, 'spawned', 0.9, 1],
        [1, 3, 'spawned', 0.9, 1],
        [3, 2, 'executed-as', 1, 1],
      ],
      4,
    )
    expect(paths.map(idsOf)).toEqual([[2, 3], [4, 5, 3], [1]])
    expect(paths.map((path) => Math.round(path.confidence * 100))).toEqual([90, 81, 50])
    const equal: Draft[] = [
      [1, 2, 'spawned', 1, 1],
      [2, 3, 'spawned', 1, 1],
      [1, 3, 'spawned', 1, 1],
    ]
    expect(find(equal, 3).map(idsOf)).toEqual([[3], [1, 2]])
  })

  it('doubts what leaves an endpoint where nobody was named, and weighs rights less than deeds', () => {
    const through = find(
      [
        [1, 2, 'ran-on', 1],
        [2, 3, 'remote-logon', 1, 1],
      ],
      3,
    )[0]
    const named = find(
      [
        [1, 2, 'remote-logon', 1, 1],
        [2, 3, 'remote-logon', 1, 1],
      ],
      3,
    )[0]
    expect(through?.confidence).toBeCloseTo(0.97 * 0.5 * 0.95)
    expect(named?.confidence).toBeCloseTo(0.95 * 0.8 * 0.95)
    expect(find([[1, 2, 'generic-all', 1]], 2)[0]?.confidence).toBeCloseTo(0.7)
  })

  it('doubts a way between machines that was taken before the attack can have begun', () => {
    const drafts: Draft[] = [
      [1, 2, 'remote-logon', 0.9, 5, 20],
      [1, 3, 'remote-logon', 0.7, 20],
      [3, 2, 'remote-execution', 0.9, 21],
    ]
    expect(find(drafts, 2, { alternatives: 1, notBefore: 10 * SECOND }).map(idsOf)).toEqual([[2, 3]])
    expect(find(drafts, 2, { alternatives: 1, notBefore: SECOND }).map(idsOf)).toEqual([[1]])
  })

  it('doubts that a file came out of a message whose recipients nobody knows on its endpoint', () => {
    const drafts: Draft[] = [
      [1, 2, 'links-to', 1],
      [1, 4, 'delivered-to', 1, 1],
      [4, 5, 'owned-by', 1],
      [2, 3, 'downloaded-to', 1, 5],
      [3, 6, 'located-on', 1],
    ]
    const sure = find([...drafts, [5, 6, 'logged-on-to', 1, 1]], 3)[0]?.confidence ?? 0
    expect((find(drafts, 3)[0]?.confidence ?? 0) / sure).toBeCloseTo(0.5)
  })

  it('doubts what a link brought where nobody knows whose mailbox it is, but not the very bytes of an attachment', () => {
    const delivered: Draft = [1, 4, 'delivered-to', 1, 1]
    const owned: Draft[] = [
      [4, 5, 'owned-by', 1],
      [3, 6, 'located-on', 1],
      [5, 6, 'logged-on-to', 1, 1],
    ]
    const ratio = (drafts: readonly Draft[]): number =>
      (find([...drafts], 3)[0]?.confidence ?? 0) / (find([...drafts, ...owned], 3)[0]?.confidence ?? 1)
    const linked: Draft[] = [delivered, [1, 2, 'links-to', 1], [2, 3, 'downloaded-to', 1, 5]]
    expect(ratio(linked)).toBeCloseTo(0.7)
    const carried: Draft[] = [delivered, [1, 2, 'carries', 1], [2, 3, 'saved-as', 1, 5]]
    expect(ratio(carried)).toBeCloseTo(1)
  })

  it('judges an arrival by what can follow, not by its own doubt alone', () => {
    const drafts: Draft[] = [
      [1, 2, 'ran-on', 1],
      [1, 2, 'remote-logon', 0.98, 1],
      [2, 3, 'remote-logon', 1, 2],
    ]
    expect(find(drafts, 3, { alternatives: 1 }).map(idsOf)).toEqual([[2, 3]])
  })

  it('keeps to the hop limit, also when a longer way to the middle is the surer one', () => {
    const drafts: Draft[] = [
      [1, 2, 'spawned', 1, 1],
      [2, 3, 'spawned', 1, 1],
      [3, 4, 'spawned', 1, 1],
      [1, 4, 'spawned', 0.5, 1],
      [4, 5, 'spawned', 1, 1],
      [5, 6, 'spawned', 1, 1],
    ]
    expect(find(drafts, 6, { alternatives: 1 }).map(idsOf)).toEqual([[1, 2, 3, 5, 6]])
    expect(find(drafts, 6, { alternatives: 1, maxHops: 3 }).map(idsOf)).toEqual([[4, 5, 6]])
    expect(find(drafts, 6, { maxHops: 2 })).toEqual([])
  })

  it('gives as many different alternatives as wanted and there are', () => {
    const drafts = [2, 3, 4, 5].flatMap((node): Draft[] => [
      [1, node, 'spawned', 1 - node / 100, 1],
      [node, 9, 'spawned', 1, 1],
    ])
    expect(find(drafts, 9, { alternatives: 2 }).map(idsOf)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(find(drafts, 9, { alternatives: 10 })).toHaveLength(4)
  })

  it('uses nothing before the time it may begin', () => {
    const drafts: Draft[] = [
      [1, 2, 'carries', 1],
      [2, 3, 'saved-as', 1, 50, 150],
    ]
    expect(find(drafts, 3, { notBefore: 100 * SECOND }).map(timesOf)).toEqual([[100, 150]])
    expect(find(drafts, 3, { notBefore: 200 * SECOND })).toEqual([])
  })

  it('gives a click to the messages its user had, not to others with the same link', () => {
    // 1 and 2 are messages to the users 11 and 12 with the link 5; a sender 9 sent both; 3 has recipients nobody knows.
    const drafts: Draft[] = [
      [9, 1, 'sent', 1, 1],
      [9, 2, 'sent', 0.9, 1],
      [1, 21, 'delivered-to', 1, 2],
      [21, 11, 'owned-by', 1],
      [2, 22, 'delivered-to', 1, 2],
      [22, 12, 'owned-by', 1],
      [3, 23, 'delivered-to', 1, 2],
      [1, 5, 'links-to', 1],
      [2, 5, 'links-to', 1],
      [3, 5, 'links-to', 1],
      [5, 12, 'clicked-by', 1, 10],
    ]
    const from = (start: number, to: number) =>
      findPaths(aNetwork(drafts), { from: start, to, alternatives: 1, maxHops: 14, notBefore: null })
    expect(from(2, 12).map(idsOf)).toEqual([[9, 11]])
    expect(from(1, 12)).toEqual([])
    expect(from(3, 12)[0]?.confidence).toBeCloseTo(0.7)
    expect(from(9, 12).map(idsOf)).toEqual([[2, 9, 11]])
  })

  it('visits nothing twice, and finds no way from an entity to itself', () => {
    const drafts: Draft[] = [
      [1, 2, 'spawned', 1, 1],
      [2, 1, 'spawned', 1, 2],
      [2, 3, 'spawned', 1, 3],
      [3, 2, 'spawned', 1, 4],
    ]
    expect(find(drafts, 3).map(idsOf)).toEqual([[1, 3]])
    expect(find(drafts, 1)).toEqual([])
  })
})

const kinds = ['spawned', 'ran-on', 'located-on', 'remote-logon', 'owned-by', 'admin-to'] as const
const randomLink: fc.Arbitrary<Draft> = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom(...kinds),
    fc.integer({ min: 30, max: 100 }),
    fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 2 }),
  )
  .map(([from, to, kind, percent, uses]) => [from, to, kind, percent / 100, ...uses.map((use) => use * 100)])
const randomSearch = fc.record({
  drafts: fc.array(
    randomLink.filter(([from, to]) => from !== to),
    { minLength: 6, maxLength: 18 },
  ),
  alternatives: fc.integer({ min: 1, max: 4 }),
  maxHops: fc.integer({ min: 1, max: 6 }),
})

describe('path search against trying all ways', () => {
  const parameters = { seed: 20_260_310, numRuns: 2000 }

  it('finds a way when there is one, and the best one first', () => {
    fc.assert(
      fc.property(randomSearch, ({ drafts, alternatives, maxHops }) => {
        const network = aNetwork(drafts)
        const [best] = findPaths(network, { from: 1, to: 5, alternatives, maxHops, notBefore: null })
        const [truth] = enumeratePaths(network, 1, 5, maxHops)
        expect(best === undefined).toBe(truth === undefined)
        if (best && truth) expect(costOf(best.hops.map((hop) => hop.link))).toBeCloseTo(costOf(truth), 9)
      }),
      parameters,
    )
  })

  it('finds only ways that are, each once, cheapest first, at times that never decrease', () => {
    fc.assert(
      fc.property(randomSearch, ({ drafts, alternatives, maxHops }) => {
        const network = aNetwork(drafts)
        const found = findPaths(network, { from: 1, to: 5, alternatives, maxHops, notBefore: null })
        const truth = new Set(
          enumeratePaths(network, 1, 5, maxHops).map((way) => way.map((link) => link.id).join()),
        )
        const ways = found.map((path) => idsOf(path).join())
        expect(ways.filter((way) => !truth.has(way))).toEqual([])
        expect(new Set(ways).size).toBe(ways.length)
        const costs = found.map((path) => costOf(path.hops.map((hop) => hop.link)))
        expect(costs).toEqual(costs.toSorted((a, b) => a - b))
        for (const path of found) {
          const times = timesOf(path).filter((at) => at !== null)
          expect(times).toEqual(times.toSorted((a, b) => a - b))
        }
      }),
      parameters,
    )
  })

  it('finds as many ways as wanted, if there are so many', () => {
    fc.assert(
      fc.property(randomSearch, ({ drafts, alternatives, maxHops }) => {
        const network = aNetwork(drafts)
        const truth = enumeratePaths(network, 1, 5, maxHops)
        const found = findPaths(network, { from: 1, to: 5, alternatives, maxHops, notBefore: null })
        expect(found).toHaveLength(Math.min(alternatives, truth.length))
      }),
      parameters,
    )
  })

  it('answers the same each time', () => {
    fc.assert(
      fc.property(randomSearch, ({ drafts, alternatives, maxHops }) => {
        const search = () =>
          findPaths(aNetwork(drafts), { from: 1, to: 5, alternatives, maxHops, notBefore: null }).map(idsOf)
        expect(search()).toEqual(search())
      }),
      { ...parameters, numRuns: 200 },
    )
  })
})
