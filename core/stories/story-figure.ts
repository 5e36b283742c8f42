import type { PackedNetwork } from '../graph/packed-network.ts'
import type { FoundPath } from '../graph/path-search.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Story } from './story.ts'

/** Endpoints beyond those of the paths; a worm's three hundred would bury the path, the list of assets has them all. */
const MOST_ENDPOINTS = 20
/** Steps between a path and an endpoint beside it; what lies further off is not joined to it in a reader's eyes. */
const MOST_STEPS = 5

export interface Figure {
  /** Entity ids. */
  readonly ids: Set<number>
  /** Relation row ids. */
  readonly relations: Set<number>
}

/**
 * What the figure of a story holds: its paths, and how the affected endpoints that no path comes through hang together with them. An
 * endpoint that nothing joins is left out; whoever draws the figure can tell from the story's totals how many are.
 */
export function figureOf(
  network: PackedNetwork,
  facts: EntityFacts,
  story: Story,
  paths: readonly FoundPath[],
): Figure {
  const links = paths.flatMap((path) => path.hops.map((hop) => hop.link))
  const figure: Figure = {
    ids: new Set(links.flatMap((link) => [link.from, link.to])),
    relations: new Set(links.map((link) => link.id)),
  }
  if (story.firstObserved) figure.ids.add(facts.of(story.firstObserved.node).id)
  const missing = story.endpoints
    .map((part) => part.node)
    .filter((node) => !figure.ids.has(facts.of(node).id))
    .slice(0, MOST_ENDPOINTS)
  if (missing.length === 0) return figure
  const shown = [...story.parts.keys()].filter((node) => figure.ids.has(facts.of(node).id))
  const ways = waysFrom(network, story, shown)
  for (const endpoint of missing) {
    const steps = wayBack(ways, endpoint)
    if (steps.length === 0 || steps.length > MOST_STEPS) continue
    for (const { node, relation } of steps) {
      figure.ids.add(facts.of(node).id)
      figure.relations.add(network.ids[relation] ?? 0)
    }
  }
  return figure
}

interface Step {
  readonly node: number
  readonly before: number
  readonly relation: number
}

/** The shortest way from what is shown to every other part of the story, over its own relations and in either direction. */
function waysFrom(network: PackedNetwork, story: Story, shown: readonly number[]): Map<number, Step | null> {
  const own = new Set(story.relations)
  for (const part of story.parts.values()) for (const relation of part.relations) own.add(relation)
  const beside = new Map<number, { readonly node: number; readonly relation: number }[]>()
  const add = (from: number, node: number, relation: number): void => {
    const known = beside.get(from)
    if (known) known.push({ node, relation })
    else beside.set(from, [{ node, relation }])
  }
  for (const relation of [...own].sort((a, b) => a - b)) {
    const [from, to] = [network.from[relation] ?? 0, network.to[relation] ?? 0]
    if (!story.parts.has(from) || !story.parts.has(to)) continue
    add(from, to, relation)
    add(to, from, relation)
  }
  const ways = new Map<number, Step | null>(shown.map((node) => [node, null]))
  // A map goes through what is added meanwhile: breadth first.
  for (const [before] of ways)
    for (const { node, relation } of beside.get(before) ?? [])
      if (!ways.has(node)) ways.set(node, { node, before, relation })
  return ways
}

function wayBack(ways: ReadonlyMap<number, Step | null>, end: number): Step[] {
  const steps: Step[] = []
  for (let step = ways.get(end); step; step = ways.get(step.before)) steps.push(step)
  return steps
}
