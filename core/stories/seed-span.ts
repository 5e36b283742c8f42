import type { PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Seed } from './seed.ts'

/**
 * When a sign was last seen: a detection that lasts says so (data in name queries for hours); what a program did again is its own doing.
 * What an account or endpoint did again may be its daily work, so there the first time stands.
 */
export function lastSeen(network: PackedNetwork, facts: EntityFacts, seed: Seed): number | null {
  if (seed.until != null) return seed.until
  if (seed.relation < 0 || facts.of(network.from[seed.relation] ?? 0).kind !== 'process') return seed.at
  const end = network.useStart[seed.relation + 1] ?? 0
  return end > (network.useStart[seed.relation] ?? 0) ? (network.uses[end - 1] ?? seed.at) : seed.at
}
