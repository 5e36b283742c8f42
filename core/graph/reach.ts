import type { RelationKind } from '../model/relation.ts'
import { passageOf, routineOf } from './carry.ts'
import { mailPassage, type Steps } from './mail-passage.ts'
import { findUse, HOP_COST, type FoundHop, type FoundPath, type Link, type Network } from './path-search.ts'

interface Arrival {
  readonly at: number
  readonly cost: number
  /** Cost with the doubt that any hop from here adds. */
  readonly leaving: number
  readonly hop: FoundHop | null
  readonly before: Arrival | null
  readonly doubt: number
  /** What happened on the way that speaks for it beyond its sureness, see {@link SIGNS}. */
  readonly signs: number
}

/** A program of the mail ran, credentials were read: a way that shows it is not hidden by a surer one that does not. */
const SIGNS: Partial<Record<RelationKind, number>> = { 'executed-as': 1, 'accessed-credentials': 2 }

/** Relations an attack narrative may start with: something was done with the mail, not merely received. */
export const INTERACTION_START: ReadonlySet<RelationKind> = new Set(['links-to', 'carries'])

/** Arrivals kept per entity: a sure late one, a doubtful early one, one that shows more, and a few between. */
const ARRIVALS_PER_NODE = 6

/**
 * The time-respecting ways from one entity to everything it reaches, the surest first; after it those that show more of what an
 * attacker does (a program of the mail ran, credentials were read). A surer way that comes later does not hide an earlier one: what
 * follows may need the earlier.
 * @param firstKinds restricts the first hop
 * @param notBefore nothing earlier is part of a way; null: no limit
 */
export function reachAll(
  network: Network,
  from: number,
  maxHops: number,
  firstKinds: ReadonlySet<RelationKind> | null,
  notBefore: number | null,
): Map<number, readonly FoundPath[]> {
  const start: Arrival = {
    at: notBefore ?? -Infinity,
    cost: 0,
    leaving: 0,
    hop: null,
    before: null,
    doubt: 1,
    signs: 0,
  }
  const arrivals = new Map<number, Arrival[]>()
  let frontier: { node: number; arrival: Arrival }[] = [{ node: from, arrival: start }]
  for (let depth = 0; depth < maxHops && frontier.length > 0; depth += 1) {
    const next: typeof frontier = []
    for (const { node, arrival } of frontier) {
      if (node !== from && !arrivals.get(node)?.includes(arrival)) continue
      for (const link of network.out.get(node) ?? []) {
        if (depth === 0 && firstKinds && !firstKinds.has(link.kind)) continue
        if (link.to === from) continue
        const made = follow(network, arrival, link, notBefore)
        if (made && keep(arrivals, link.to, made)) next.push({ node: link.to, arrival: made })
      }
    }
    frontier = next
  }
  return new Map([...arrivals].map(([node, known]) => [node, bestOfEach(known).map(toPath)]))
}

/** The cheapest arrival, and the cheapest of each that shows something it does not. */
function bestOfEach(arrivals: readonly Arrival[]): Arrival[] {
  const chosen: Arrival[] = []
  for (const arrival of arrivals.toSorted((a, b) => a.cost - b.cost))
    if (!chosen.some((other) => showsAll(other, arrival))) chosen.push(arrival)
  return chosen
}

/** Nothing speaks for the other: not as an end, not for going on, not in time. */
const isAsGood = (one: Arrival, other: Arrival) =>
  one.cost <= other.cost && one.leaving <= other.leaving && one.at <= other.at && showsAll(one, other)
/** One shows whatever the other shows. */
const showsAll = (one: Arrival, other: Arrival): boolean => (one.signs & other.signs) === other.signs

function follow(network: Network, arrival: Arrival, link: Link, since: number | null): Arrival | undefined {
  const hop = step(link, arrival)
  if (!hop) return undefined
  const doubt =
    passageOf(arrival.hop?.link.kind, arrival.before?.hop?.link.kind) *
    routineOf(link.kind, link.uses[0], since) *
    mailPassage(network, () => stepsOf(arrival), link.kind, link.to)
  if (doubt === 0) return undefined
  const cost = arrival.cost - Math.log(Math.max(link.weight * doubt, 0.001)) + HOP_COST
  return {
    at: hop.at ?? arrival.at,
    cost,
    leaving: cost - Math.log(passageOf(link.kind, arrival.hop?.link.kind)),
    hop,
    before: arrival,
    doubt,
    signs: arrival.signs | (SIGNS[link.kind] ?? 0),
  }
}

/** Adds an arrival unless a known one is as sure and as early; drops what it is better than, and the least sure of too many. */
function keep(arrivals: Map<number, Arrival[]>, node: number, made: Arrival): boolean {
  const known = arrivals.get(node) ?? []
  if (known.some((other) => isAsGood(other, made))) return false
  for (let step: Arrival | null = made.before; step?.hop; step = step.before)
    if (step.hop.link.to === node) return false
  const kept = known.filter((other) => !isAsGood(made, other))
  kept.push(made)
  kept.sort((a, b) => a.leaving - b.leaving)
  arrivals.set(node, kept.slice(0, ARRIVALS_PER_NODE))
  return kept.indexOf(made) < ARRIVALS_PER_NODE
}

function step(link: Link, arrival: Arrival): FoundHop | undefined {
  const use = findUse(link, arrival.at)
  if (use === undefined) return undefined
  return { link, at: use ?? (arrival.at === -Infinity ? null : arrival.at) }
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
