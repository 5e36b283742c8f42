import { kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Story } from './story.ts'

const PLACES: ReadonlySet<RelationKind> = new Set<RelationKind>(['ran-on', 'located-on'])

/** Whether a thing lies or ran on an endpoint, or is it. */
export function isOn(network: PackedNetwork, thing: number, endpoint: number): boolean {
  return thing === endpoint || endpointsOf(network, thing).includes(endpoint)
}

/** Endpoints that a thing lies or ran on. */
function endpointsOf({ outStart, kinds, to }: PackedNetwork, thing: number): number[] {
  const found: number[] = []
  for (let r = outStart[thing] ?? 0; r < (outStart[thing + 1] ?? 0); r += 1)
    if (PLACES.has(kindAt(kinds[r] ?? 0))) found.push(to[r] ?? 0)
  return found
}

/** Names of things as sentences write them: with their endpoint where the story has several, whose programs have the same names. */
export function placedNames(
  network: PackedNetwork,
  facts: EntityFacts,
  { endpoints }: Story,
): (node: number) => string {
  if (endpoints.length < 2) return (node) => facts.of(node).name
  return (node) => {
    const { name, kind } = facts.of(node)
    if (kind !== 'process' && kind !== 'file') return name
    const [endpoint, ...others] = new Set(endpointsOf(network, node))
    return endpoint === undefined || others.length > 0 ? name : `${name} (${facts.of(endpoint).name})`
  }
}
