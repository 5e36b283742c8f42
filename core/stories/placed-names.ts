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

/**
 * Names of the two things of a sentence: with their endpoint where the story has several, whose programs have the same names. One that
 * is the same for both is named once.
 */
export function placedNames(
  network: PackedNetwork,
  facts: EntityFacts,
  { endpoints }: Story,
): (from: number, to: number) => { readonly from: string; readonly to: string } {
  const placeOf = (node: number): number | undefined => {
    const { kind } = facts.of(node)
    if (endpoints.length < 2 || (kind !== 'process' && kind !== 'file')) return undefined
    const [endpoint, ...others] = new Set(endpointsOf(network, node))
    return others.length > 0 ? undefined : endpoint
  }
  const written = (node: number, place: number | undefined): string =>
    place === undefined ? facts.of(node).name : `${facts.of(node).name} (${facts.of(place).name})`
  return (from, to) => {
    const [here, there] = [placeOf(from), placeOf(to)]
    const isSame = here !== undefined && here === there
    return { from: written(from, here), to: written(to, isSame || there === from ? undefined : there) }
  }
}
