import { kindAt, KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import type { Seed, Sign } from './seed.ts'

/** A roll-out reaches all of its endpoints within this time (microseconds). */
const WITHIN = 3_600_000_000
/** Endpoints that make one. */
const AT_LEAST = 5
/** Signs that roll-outs leave; with any other it may be an intruder's. */
const USUAL: ReadonlySet<Sign> = new Set<Sign>([
  'persistence',
  'remote_execution',
  'detection_low',
  'detection_medium',
])
const DROPPED = KIND_INDEX.get('dropped') ?? 255

interface Setup {
  readonly element: number
  readonly endpoint: number
  readonly at: number
}

/**
 * Joins one service that is installed on five endpoints and more within an hour: software is rolled out so, and scanners work so. Not
 * where anything graver is known of one of the parts or of its endpoint, nor where a program of the story wrote what runs.
 * @returns for each joined service how many endpoints its roll-out has, by an element of its cluster
 */
export function joinRollouts(
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  seeds: readonly Seed[],
): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  const isGrave = graveIn(network, facts, gathered, seeds)
  const byService = new Map<string, Setup[]>()
  for (const [place, { relation, at, nodes }] of seeds.entries()) {
    if (relation < 0 || at === null || kindAt(network.kinds[relation] ?? 0) !== 'installed-service') continue
    const [endpoint, service] = nodes
    if (endpoint === undefined || service === undefined || facts.of(endpoint).kind !== 'endpoint') continue
    const element = network.entities.length + place
    if (isGrave(element, endpoint)) continue
    const key = keyOf(facts, service)
    byService.set(key, [...(byService.get(key) ?? []), { element, endpoint, at }])
  }
  for (const setups of byService.values())
    for (const rollout of rolloutsOf(setups)) {
      const [first] = rollout
      if (!first) continue
      const endpoints = new Set(rollout.map(({ endpoint }) => endpoint))
      for (const { element } of rollout) gathered.clusters.join(first.element, element)
      for (const element of fanOuts(network, seeds, rollout, endpoints))
        gathered.clusters.join(first.element, element)
      found.set(first.element, endpoints.size)
    }
  return found
}

/** The name of a service with the program it runs: what differs by a digest or a number is one all the same. */
function keyOf(facts: EntityFacts, service: number): string {
  const { name, attributes } = facts.of(service)
  const program = String(attributes.get('image') ?? '')
  return `${name}|${program.replace(/[0-9a-f]{8,}|\d+/gi, '#')}`.toLowerCase()
}

/** Runs of installs in the order of time, each within an hour of the first, on enough endpoints. */
function rolloutsOf(setups: readonly Setup[]): Setup[][] {
  const runs: Setup[][] = []
  for (const one of setups.toSorted((a, b) => a.at - b.at || a.element - b.element)) {
    const run = runs.at(-1)
    if (run?.[0] && one.at - run[0].at <= WITHIN) run.push(one)
    else runs.push([one])
  }
  return runs.filter((run) => new Set(run.map(({ endpoint }) => endpoint)).size >= AT_LEAST)
}

/** That one account reached these endpoints at once is the same matter. */
function fanOuts(
  network: PackedNetwork,
  seeds: readonly Seed[],
  rollout: readonly Setup[],
  endpoints: ReadonlySet<number>,
): number[] {
  const [since, until] = [(rollout[0]?.at ?? 0) - WITHIN, (rollout.at(-1)?.at ?? 0) + WITHIN]
  return seeds.flatMap(({ sign, detection, at, nodes }, place) =>
    sign === 'detection_low' &&
    detection >= 0 &&
    at !== null &&
    at >= since &&
    at <= until &&
    nodes.filter((node) => endpoints.has(node)).length >= AT_LEAST
      ? [network.entities.length + place]
      : [],
  )
}

/** Whether anything graver is known of a part or of the endpoint it is about. */
function graveIn(
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters, things }: Gathered,
  seeds: readonly Seed[],
): (element: number, endpoint: number) => boolean {
  const parts = new Set<number>()
  const endpoints = new Set<number>()
  for (const [place, { sign, nodes }] of seeds.entries()) {
    if (USUAL.has(sign) || sign === 'mail_file_ran') continue
    parts.add(clusters.find(network.entities.length + place))
    for (const node of nodes) {
      if (facts.of(node).kind === 'endpoint') endpoints.add(node)
      for (let r = network.outStart[node] ?? 0; r < (network.outStart[node + 1] ?? 0); r += 1)
        if (network.kinds[r] === KIND_INDEX.get('ran-on')) endpoints.add(network.to[r] ?? 0)
    }
  }
  for (const node of things)
    for (let p = network.inStart[node] ?? 0; p < (network.inStart[node + 1] ?? 0); p += 1) {
      const relation = network.into[p] ?? 0
      if (network.kinds[relation] === DROPPED && things.has(network.from[relation] ?? 0))
        parts.add(clusters.find(node))
    }
  return (element, endpoint) => parts.has(clusters.find(element)) || endpoints.has(endpoint)
}
