import { POSSIBLE_RELATION_KINDS, STANDING_RELATIONS, type RelationKind } from '../model/relation.ts'
import { hasRelationClocks } from '../store/clocks.ts'
import type { ReadStore } from '../store/store.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { isStanding, kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'

/** What a walk has to know of a relation; names, rules and reasons are read for those that are shown. */
export interface Neighbour {
  readonly id: number
  readonly kind: RelationKind
  readonly from: number
  readonly to: number
  /** Microseconds; null for a standing relation, and for one whose time is not known. */
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly confidence: number
}
/**
 * Relations out of or into an entity that can follow (out) or precede (in) what happened at a time, in no certain order.
 * @param at microseconds; null: any
 */
export type Neighbours = (entity: number, direction: 'in' | 'out', at: number | null) => Neighbour[]

/** Which relations a walk takes. */
export interface WalkFilter {
  readonly possible: boolean
  /** null: all. */
  readonly kinds: readonly RelationKind[] | null
}

const POSSIBLE = new Set<RelationKind>(POSSIBLE_RELATION_KINDS)
const isTaken = (kind: RelationKind, filter: WalkFilter): boolean =>
  (filter.possible || !POSSIBLE.has(kind)) && (filter.kinds?.includes(kind) ?? true)

/** An effect is not older than its cause; two clocks may differ a little. */
function fits(first: number, last: number, at: number, direction: 'in' | 'out'): boolean {
  return direction === 'out' ? last >= at - CLOCK_TOLERANCE_US : first <= at + CLOCK_TOLERANCE_US
}

const COLUMNS = 'id, kind, from_id, to_id, first_at, last_at, confidence'
// Both are answered out of their index alone (0040): a row of the table is never read.
const outgoing = `SELECT ${COLUMNS} FROM relation WHERE from_id = ?`
const incoming = `SELECT ${COLUMNS} FROM relation WHERE to_id = ?`
// Where a clock is off, by the right time.
const RIGHT = `r.id, r.kind, r.from_id, r.to_id, iif(c.relation_id IS NULL, r.first_at, c.first_at), iif(c.relation_id IS NULL, r.last_at, c.last_at), r.confidence
  FROM relation r LEFT JOIN relation_clock c ON c.relation_id = r.id`
const rightOutgoing = `SELECT ${RIGHT} WHERE r.from_id = ?`
const rightIncoming = `SELECT ${RIGHT} WHERE r.to_id = ?`
type Row = readonly [number, RelationKind, number, number, number | null, number | null, number]

/** Neighbours out of the case file: for a case whose network nobody has asked for yet. */
export function storedNeighbours(db: ReadStore, filter: WalkFilter): Neighbours {
  const isOff = hasRelationClocks(db)
  const statements = {
    out: db.prepare(isOff ? rightOutgoing : outgoing).raw(),
    in: db.prepare(isOff ? rightIncoming : incoming).raw(),
  }
  return (entity, direction, at) =>
    (statements[direction].all(entity) as Row[]).flatMap(([id, kind, from, to, first, last, confidence]) => {
      // A standing relation may have been seen at a time; it holds at any.
      const [firstAt, lastAt] = STANDING_RELATIONS.has(kind) ? [null, null] : [first, last]
      return isTaken(kind, filter) &&
        (at === null || firstAt === null || lastAt === null || fits(firstAt, lastAt, at, direction))
        ? [{ id, kind, from, to, firstAt, lastAt, confidence }]
        : []
    })
}

/** The same out of the packed network: no page of the file is read. */
export function packedNeighbours(packed: PackedNetwork, filter: WalkFilter): Neighbours {
  const undated = undatedOf(packed)
  const taken = new Map<number, boolean>()
  const takes = (kind: number): boolean => {
    const known = taken.get(kind)
    if (known !== undefined) return known
    const is = isTaken(kindAt(kind), filter)
    taken.set(kind, is)
    return is
  }
  return (entity, direction, at) => {
    const node = nodeOf(packed, entity)
    const found: Neighbour[] = []
    if (node < 0) return found
    const starts = direction === 'out' ? packed.outStart : packed.inStart
    const end = starts[node + 1] ?? 0
    for (let position = starts[node] ?? 0; position < end; position += 1) {
      const relation = direction === 'out' ? position : (packed.into[position] ?? 0)
      const kind = packed.kinds[relation] ?? 0
      if (!takes(kind)) continue
      // Of a hub's thousands most do not fit: nothing is made of those.
      if (isStanding(kind)) found.push(neighbourAt(packed, relation, null, null))
      else {
        const first = packed.uses[packed.useStart[relation] ?? 0] ?? 0
        const last = packed.uses[(packed.useStart[relation + 1] ?? 0) - 1] ?? 0
        if (at === null || fits(first, last, at, direction))
          found.push(neighbourAt(packed, relation, first, last))
      }
    }
    for (const position of undated[direction].get(node) ?? [])
      if (takes(packed.undatedKinds[position] ?? 0))
        found.push({
          id: packed.undatedIds[position] ?? 0,
          kind: kindAt(packed.undatedKinds[position] ?? 0),
          from: packed.entities[packed.undatedFrom[position] ?? 0] ?? 0,
          to: packed.entities[packed.undatedTo[position] ?? 0] ?? 0,
          firstAt: null,
          lastAt: null,
          confidence: packed.undatedConfidence[position] ?? 0,
        })
    return found
  }
}

const neighbourAt = (
  packed: PackedNetwork,
  relation: number,
  firstAt: number | null,
  lastAt: number | null,
): Neighbour => ({
  id: packed.ids[relation] ?? 0,
  kind: kindAt(packed.kinds[relation] ?? 0),
  from: packed.entities[packed.from[relation] ?? 0] ?? 0,
  to: packed.entities[packed.to[relation] ?? 0] ?? 0,
  firstAt,
  lastAt,
  confidence: packed.confidence[relation] ?? 0,
})

type ByNode = ReadonlyMap<number, readonly number[]>
const known = new WeakMap<PackedNetwork, { readonly out: ByNode; readonly in: ByNode }>()

/** Positions of the relations without a time by the nodes they join; a case has few of them. */
function undatedOf(packed: PackedNetwork): { readonly out: ByNode; readonly in: ByNode } {
  const before = known.get(packed)
  if (before) return before
  const positions = Array.from(packed.undatedIds.keys())
  const made = {
    out: Map.groupBy(positions, (position) => packed.undatedFrom[position] ?? 0),
    in: Map.groupBy(positions, (position) => packed.undatedTo[position] ?? 0),
  }
  known.set(packed, made)
  return made
}
