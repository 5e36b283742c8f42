import { kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import { RELATION_SIGNS, type Seed } from './seed.ts'

/** What one setup program leaves behind follows within this time (microseconds): services, drivers, tasks, autostarts. */
const SAME_SETUP = 5 * 60_000_000
/** Of signs as weak as these alone: whatever speaks louder is told by itself. */
const TRIFLE = RELATION_SIGNS['installed-service']?.weight ?? 0

/**
 * Joins the services, tasks or autostarts that one setup brought to one endpoint: sixteen services of one product, installed within a
 * quarter of a minute, are one matter and not sixteen stories with one line each. Only what nothing else speaks of is joined, like with
 * like, so that no installation draws an attack to itself.
 */
export function joinSetups(
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters }: Gathered,
  seeds: readonly Seed[],
): void {
  const elementOf = (at: number): number => network.entities.length + at
  const bySetup = new Map<number, string | null>()
  const setupOf = (seed: Seed): string | null => {
    if (seed.relation < 0 || seed.sign !== 'persistence' || seed.weight > TRIFLE) return null
    const endpoint = seed.nodes.find((node) => facts.of(node).kind === 'endpoint')
    return endpoint === undefined ? null : `${kindAt(network.kinds[seed.relation] ?? 0)}|${endpoint}`
  }
  for (const [at, seed] of seeds.entries()) {
    const root = clusters.find(elementOf(at))
    const setup = setupOf(seed)
    bySetup.set(root, bySetup.has(root) && bySetup.get(root) !== setup ? null : setup)
  }
  const last = new Map<string, { readonly at: number; readonly element: number }>()
  const pairs: [number, number][] = []
  // Signs come in the order of time.
  for (const [at, seed] of seeds.entries()) {
    const setup = bySetup.get(clusters.find(elementOf(at)))
    if (setup == null || seed.at === null) continue
    const before = last.get(setup)
    if (before && seed.at - before.at <= SAME_SETUP) pairs.push([before.element, elementOf(at)])
    last.set(setup, { at: seed.at, element: elementOf(at) })
  }
  for (const [one, other] of pairs) clusters.join(one, other)
}
