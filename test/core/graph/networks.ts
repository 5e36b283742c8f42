import { carryOf, passageOf } from '../../../core/graph/carry.ts'
import { HOP_COST, type FoundPath, type Link, type Network } from '../../../core/graph/path-search.ts'
import { STANDING_RELATIONS, type RelationKind } from '../../../core/model/relation.ts'

/** One second in the microseconds of the store. */
export const SECOND = 1_000_000

/** A link as a test writes it: from, to, kind, confidence, times of use in seconds (none for a standing relation). */
export type Draft = readonly [
  from: number,
  to: number,
  kind: RelationKind,
  confidence: number,
  ...uses: readonly number[],
]

export function aNetwork(drafts: readonly Draft[]): Network {
  const links = drafts.map(([from, to, kind, confidence, ...uses], index): Link => ({
    id: index + 1,
    kind,
    from,
    to,
    confidence,
    weight: confidence * carryOf(kind),
    uses: Float64Array.from(
      STANDING_RELATIONS.has(kind) ? [] : uses.toSorted((a, b) => a - b),
      (use) => use * SECOND,
    ),
  }))
  const by = (end: 'from' | 'to') => new Map(Map.groupBy(links, (link) => link[end]))
  return { out: by('from'), into: by('to') }
}

/** The links of a path, by number from 1. */
export const idsOf = (path: FoundPath): number[] => path.hops.map((hop) => hop.link.id)
/** Times of its hops in seconds. */
export const timesOf = (path: FoundPath): (number | null)[] =>
  path.hops.map((hop) => (hop.at === null ? null : hop.at / SECOND))

/** What a path costs: its doubt, and a little for each hop. */
export function costOf(links: readonly Link[]): number {
  return links.reduce(
    (sum, link, index) =>
      sum - Math.log(link.weight * passageOf(links[index - 1]?.kind, links[index - 2]?.kind)) + HOP_COST,
    0,
  )
}

/** Every way without cycle that respects time, by trying all: the truth for the search. Cheapest first. */
export function enumeratePaths(network: Network, from: number, to: number, maxHops: number): Link[][] {
  const found: Link[][] = []
  const walk = (node: number, at: number, way: readonly Link[], visited: ReadonlySet<number>): void => {
    if (node === to && way.length > 0) {
      found.push([...way])
      return
    }
    if (way.length === maxHops) return
    for (const link of network.out.get(node) ?? []) {
      if (visited.has(link.to)) continue
      const use = link.uses.length === 0 ? at : link.uses.find((time) => time >= at)
      if (use !== undefined) walk(link.to, use, [...way, link], new Set([...visited, link.to]))
    }
  }
  walk(from, -Infinity, [], new Set([from]))
  return found.sort((a, b) => costOf(a) - costOf(b))
}
