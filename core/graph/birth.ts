import { kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'
import type { Sweep } from './sweep.ts'

/**
 * When a process began, by entity id: its first start on record (who spawned it, what file it was run from), by the right clocks.
 * -Infinity for what is no process, and where no start is on record: it may always have been there. The relations that say where and as
 * whom it ran hold at any time, but nobody was there before (ADR 0036).
 */
export const bornAt = (packed: PackedNetwork, entity: number): number =>
  bornAtNode(packed, nodeOf(packed, entity))

function bornAtNode(packed: PackedNetwork, node: number): number {
  const { arriveStart, arrives, contactRelation, contactTime, kinds } = packed
  if (node < 0) return -Infinity
  for (let own = arriveStart[node] ?? 0; own < (arriveStart[node + 1] ?? 0); own += 1) {
    const contact = arrives[own] ?? 0
    const kind = kindAt(kinds[contactRelation[contact] ?? 0] ?? 0)
    if (kind === 'spawned' || kind === 'executed-as') return contactTime[contact] ?? -Infinity
  }
  return -Infinity
}

/**
 * Takes out of a sweep backwards what began only after it would have had to act.
 * @param sweep of latest departures, which allow for clocks already; changed in place
 */
export function dropUnborn(packed: PackedNetwork, sweep: Sweep): Sweep {
  const { at, via } = sweep
  for (let node = 0; node < via.length; node += 1) {
    if ((via[node] ?? -1) < 0 || (at[node] ?? Infinity) >= bornAtNode(packed, node)) continue
    at[node] = -Infinity
    via[node] = -1
  }
  return sweep
}
