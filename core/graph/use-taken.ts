import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { isStanding, type PackedNetwork } from './packed-network.ts'

/**
 * When the relation by which a sweep came to a node was used. The sweep's own times allow for clocks that disagree a little: nothing
 * happened at them. A standing relation has no time of its own: that of the sweep. Microseconds.
 * @param at of the node in the sweep
 */
export function useTaken({ kinds, useStart, uses }: PackedNetwork, relation: number, at: number): number {
  if (!Number.isFinite(at) || isStanding(kinds[relation] ?? 0)) return at
  let low = useStart[relation] ?? 0
  let high = useStart[relation + 1] ?? 0
  const first = low
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((uses[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const use = low > first ? uses[low - 1] : undefined
  return use !== undefined && use >= at - CLOCK_TOLERANCE_US ? use : at
}
