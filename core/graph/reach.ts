import type { RelationKind } from '../model/relation.ts'
import { passageOf } from './carry.ts'
import { mailPassage, type Steps } from './mail-passage.ts'
import { findUse, HOP_COST, type FoundHop, type FoundPath, type Link, type Network } from './path-search.ts'

interface Arrival {
  readonly at: number
  readonly cost: number
  readonly hop: FoundHop | null
  readonly before: Arrival | null
  readonly length: number
  readonly doubt: number
}

/** Relations an attack narrative may start with: something was done with the mail, not merely received. */
export const INTERACTION_START: ReadonlySet<RelationKind> = new Set(['links-to', 'carries'])

/**
 * The best time-respecting way from one entity to everything it reaches (fewest doubts first; one arrival per entity).
 * @param firstKinds restricts the first hop
 * @param notBefore nothing earlier is part of a way; null: no limit
 */
export function reachAll(
  network: Network,
  from: number,
  maxHops: number,
  firstKinds: ReadonlySet<RelationKind> | null,
  notBefore: number | null,
): Map<number, FoundPath> {
  const best = new Map<number, Arrival>()
  let frontier: { node: number; arrival: Arrival }[] = [
    {
      node: from,
      arrival: { at: notBefore ?? -Infinity, cost: 0, hop: null, before: null, length: 0, doubt: 1 },
    },
  ]
  for (let depth = 0; depth < maxHops && frontier.length > 0; depth += 1) {
    const next: typeof frontier = []
    for (const { node, arrival } of frontier) {
      if (node !== from && best.get(node) !== arrival) continue
      for (const link of network.out.get(node) ?? []) {
        if (depth === 0 && firstKinds && !firstKinds.has(link.kind)) continue
        if (link.to === from) continue
        const hop = step(link, arrival)
        if (!hop) continue
        const doubt =
          passageOf(arrival.hop?.link.kind) * mailPassage(network, () => stepsOf(arrival), link.kind, link.to)
        if (doubt === 0) continue
        const made: Arrival = {
          at: hop.at ?? arrival.at,
          cost: arrival.cost - Math.log(Math.max(link.weight * doubt, 0.001)) + HOP_COST,
          hop,
          before: arrival,
          length: arrival.length + 1,
          doubt,
        }
        const known = best.get(link.to)
        if (known && known.cost <= made.cost) continue
        best.set(link.to, made)
        next.push({ node: link.to, arrival: made })
      }
    }
    frontier = next
  }
  return new Map([...best].map(([node, arrival]) => [node, toPath(arrival)]))
}

function step(link: Link, arrival: Arrival): FoundHop | undefined {
  const use = findUse(link, arrival.at)
  if (use === undefined) return undefined
  return { link, at: use ?? (arrival.before === null || arrival.at === -Infinity ? null : arrival.at) }
}

function stepsOf(arrival: Arrival): Steps | null {
  if (!arrival.hop) return null
  return {
    kind: arrival.hop.link.kind,
    from: arrival.hop.link.from,
    before: arrival.before ? stepsOf(arrival.before) : null,
  }
}

function toPath(end: Arrival): FoundPath {
  const hops: FoundHop[] = []
  let confidence = 1
  for (let arrival: Arrival | null = end; arrival?.hop; arrival = arrival.before) {
    hops.unshift(arrival.hop)
    confidence *= arrival.hop.link.weight * arrival.doubt
  }
  return { hops, confidence }
}
