import type { RelationKind } from '../model/relation.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'
import type { Sweep } from './sweep.ts'

/**
 * When a process began, by entity id: its first start on record (who spawned it, what file it was run from), by the right clocks; when a
 * file came about: its first writing on record, where nothing was seen of it before. -Infinity for what is neither, and where no start or
 * writing is on record: it may always have been there. The relations that say where it ran or lies hold at any time, but nobody was there
 * before (ADR 0036).
 */
export const bornAt = (packed: PackedNetwork, entity: number): number =>
  bornAtNode(packed, nodeOf(packed, entity))

/** How a file comes about; the first time may have written over an older one, of which then nothing is on record. */
const WRITES: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'dropped',
  'saved-as',
  'extracted-to',
  'downloaded-to',
])

function bornAtNode(packed: PackedNetwork, node: number): number {
  const { arriveStart, arrives, leaveStart, leaves, contactRelation, contactTime, kinds } = packed
  if (node < 0) return -Infinity
  const from = arriveStart[node] ?? 0
  for (let own = from; own < (arriveStart[node + 1] ?? 0); own += 1) {
    const contact = arrives[own] ?? 0
    const kind = kindAt(kinds[contactRelation[contact] ?? 0] ?? 0)
    const at = contactTime[contact] ?? -Infinity
    if (kind === 'spawned' || kind === 'executed-as') return at
    if (own !== from || !WRITES.has(kind)) continue
    const left = leaveStart[node] ?? 0
    const isUsedBefore =
      left < (leaveStart[node + 1] ?? 0) && (contactTime[leaves[left] ?? 0] ?? at) < at - CLOCK_TOLERANCE_US
    return isUsedBefore ? -Infinity : at
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
