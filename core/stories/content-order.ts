import type { PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'

/** Things without a time come last. */
export const byTime = (a: number | null, b: number | null): number =>
  a === b ? 0 : (a ?? Infinity) < (b ?? Infinity) ? -1 : 1

/**
 * The order of relations of one time: by what they are and between whom. Their row ids tell in which order the evidence was imported, and
 * two who imported the same would read it in two orders.
 */
export const relationsByContent =
  ({ kinds, from, to }: PackedNetwork, facts: EntityFacts) =>
  (a: number, b: number): number =>
    (kinds[a] ?? 0) - (kinds[b] ?? 0) ||
    facts.inOrder(from[a] ?? 0, from[b] ?? 0) ||
    facts.inOrder(to[a] ?? 0, to[b] ?? 0)

/** The order of lists of nodes, by the first that differ. */
export function nodesByContent(facts: EntityFacts, a: readonly number[], b: readonly number[]): number {
  for (const [at, node] of a.entries()) {
    const other = b[at]
    const order = other === undefined ? 1 : facts.inOrder(node, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}
