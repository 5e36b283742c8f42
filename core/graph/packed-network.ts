import { atOnce, type Steps } from '../jobs/turn.ts'
import { RELATION_KINDS, STANDING_RELATIONS, type RelationKind } from '../model/relation.ts'
import { orderByTime } from './order-by-time.ts'

/**
 * All relations of a case in typed arrays. Entities are numbered 0..n-1 in the order of their ids ("nodes"), relations
 * 0..m-1 grouped by the node they start from; every dated use of a relation is a "contact", all contacts in the order of
 * time. Twenty bytes a contact: a sweep over five million reads memory straight through.
 */
export interface PackedNetwork {
  /** Entity id of each node, ascending. */
  readonly entities: Float64Array
  /** Row id, kind (index into RELATION_KINDS), ends (nodes) and confidence of each relation. */
  readonly ids: Float64Array
  readonly kinds: Uint8Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly confidence: Float64Array
  /** Uses of relation r: `uses[useStart[r]] .. uses[useStart[r + 1] - 1]`, ascending microseconds; none for a standing one. */
  readonly useStart: Int32Array
  readonly uses: Float64Array
  /** Relations out of node v: standing ones `outStart[v] .. outDated[v] - 1`, dated ones `outDated[v] .. outStart[v + 1] - 1`. */
  readonly outStart: Int32Array
  readonly outDated: Int32Array
  /** The same for relations into a node, as positions in `into`. */
  readonly inStart: Int32Array
  readonly inDated: Int32Array
  readonly into: Int32Array
  /** Contacts in the order of time. */
  readonly contactTime: Float64Array
  readonly contactFrom: Int32Array
  readonly contactTo: Int32Array
  readonly contactRelation: Int32Array
  /** Contacts out of and into each node, each ascending in time: positions of contacts. */
  readonly leaveStart: Int32Array
  readonly leaves: Int32Array
  readonly arriveStart: Int32Array
  readonly arrives: Int32Array
  /** Relations of a dated kind whose time nobody knows: no search can take them, they are shown around their ends (nodes). */
  readonly undatedIds: Float64Array
  readonly undatedKinds: Uint8Array
  readonly undatedFrom: Int32Array
  readonly undatedTo: Int32Array
  readonly undatedConfidence: Float64Array
}

/** Relations as they come, one array entry each; `uses` of relation r are `uses[useStart[r]] .. uses[useStart[r + 1] - 1]`. */
export interface LooseRelations {
  readonly count: number
  readonly ids: ArrayLike<number>
  /** Index into RELATION_KINDS. */
  readonly kinds: Uint8Array
  /** Entity ids. */
  readonly from: ArrayLike<number>
  readonly to: ArrayLike<number>
  readonly confidence: ArrayLike<number>
  readonly useStart: ArrayLike<number>
  /** Ascending within each relation. */
  readonly uses: Float64Array
}

export const KIND_INDEX: ReadonlyMap<RelationKind, number> = new Map(
  RELATION_KINDS.map((kind, index) => [kind, index]),
)
export const kindAt = (index: number): RelationKind => RELATION_KINDS[index] ?? 'sent'

const STANDING = Uint8Array.from(RELATION_KINDS, (kind) => (STANDING_RELATIONS.has(kind) ? 1 : 0))
export const isStanding = (kind: number): boolean => STANDING[kind] === 1

/** Beyond this an id table by position would be larger than the network: a case with such ids was made to hurt. */
const MAX_DENSE_ID = 64_000_000

/**
 * Packs relations. A dated kind without any use cannot be taken at any time and stands apart.
 * @param entities all entity ids that may stand in relations, ascending
 */
export const packNetwork = (entities: Float64Array, loose: LooseRelations): PackedNetwork =>
  atOnce(packing(entities, loose))

/** The same, step by step. */
export function* packing(entities: Float64Array, loose: LooseRelations): Steps<PackedNetwork> {
  const nodeOf = numbering(entities)
  const n = entities.length
  const { kept, undated } = keep(loose, nodeOf)
  yield
  const m = kept.length
  const out = group(n, m, (r) => nodeOf(loose.from[kept[r] ?? 0] ?? -1), standingOf(loose, kept))
  yield
  const ids = new Float64Array(m)
  const kinds = new Uint8Array(m)
  const from = new Int32Array(m)
  const to = new Int32Array(m)
  const confidence = new Float64Array(m)
  const useStart = new Int32Array(m + 1)
  let total = 0
  for (let r = 0; r < m; r += 1) {
    const source = kept[out.order[r] ?? 0] ?? 0
    ids[r] = loose.ids[source] ?? 0
    kinds[r] = loose.kinds[source] ?? 0
    from[r] = nodeOf(loose.from[source] ?? -1)
    to[r] = nodeOf(loose.to[source] ?? -1)
    confidence[r] = loose.confidence[source] ?? 0
    useStart[r] = total
    if (STANDING[kinds[r] ?? 0] === 0)
      total += (loose.useStart[source + 1] ?? 0) - (loose.useStart[source] ?? 0)
  }
  useStart[m] = total
  yield
  const uses = new Float64Array(total)
  const relationOfUse = new Int32Array(total)
  for (let r = 0; r < m; r += 1) {
    const begin = useStart[r] ?? 0
    const end = useStart[r + 1] ?? 0
    const source = (loose.useStart[kept[out.order[r] ?? 0] ?? 0] ?? 0) - begin
    // Copied one by one: most relations have one use, and a view for each would cost more than the copy.
    for (let use = begin; use < end; use += 1) {
      uses[use] = loose.uses[source + use] ?? 0
      relationOfUse[use] = r
    }
  }
  yield
  const into = group(
    n,
    m,
    (r) => to[r] ?? 0,
    (r) => STANDING[kinds[r] ?? 0] === 1,
  )
  yield
  const contacts = yield* contactsOf(n, uses, relationOfUse, from, to)
  return {
    entities,
    ids,
    kinds,
    from,
    to,
    confidence,
    useStart,
    uses,
    outStart: out.start,
    outDated: out.dated,
    inStart: into.start,
    inDated: into.dated,
    into: into.order,
    ...contacts,
    undatedIds: Float64Array.from(undated, (r) => loose.ids[r] ?? 0),
    undatedKinds: Uint8Array.from(undated, (r) => loose.kinds[r] ?? 0),
    undatedFrom: Int32Array.from(undated, (r) => nodeOf(loose.from[r] ?? -1)),
    undatedTo: Int32Array.from(undated, (r) => nodeOf(loose.to[r] ?? -1)),
    undatedConfidence: Float64Array.from(undated, (r) => loose.confidence[r] ?? 0),
  }
}

const standingOf = (loose: LooseRelations, kept: Int32Array) => (r: number) =>
  STANDING[loose.kinds[kept[r] ?? 0] ?? 0] === 1

function keep(
  loose: LooseRelations,
  nodeOf: (entity: number) => number,
): { kept: Int32Array; undated: number[] } {
  const kept = new Int32Array(loose.count)
  const undated: number[] = []
  let count = 0
  for (let r = 0; r < loose.count; r += 1) {
    if (nodeOf(loose.from[r] ?? -1) < 0 || nodeOf(loose.to[r] ?? -1) < 0) continue
    const isUsed = (loose.useStart[r + 1] ?? 0) > (loose.useStart[r] ?? 0)
    if (!isUsed && STANDING[loose.kinds[r] ?? 0] === 0) {
      undated.push(r)
      continue
    }
    kept[count] = r
    count += 1
  }
  return { kept: kept.subarray(0, count), undated }
}

/** Counting sort of relations by node, standing ones first; within these the order stays. */
function group(
  n: number,
  m: number,
  nodeOf: (r: number) => number,
  isFirst: (r: number) => boolean,
): { start: Int32Array; dated: Int32Array; order: Int32Array } {
  const start = new Int32Array(n + 1)
  const first = new Int32Array(n)
  for (let r = 0; r < m; r += 1) {
    const node = nodeOf(r)
    start[node + 1] = (start[node + 1] ?? 0) + 1
    if (isFirst(r)) first[node] = (first[node] ?? 0) + 1
  }
  for (let node = 0; node < n; node += 1) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0)
  const dated = new Int32Array(n)
  const nextFirst = new Int32Array(n)
  const nextDated = new Int32Array(n)
  for (let node = 0; node < n; node += 1) {
    nextFirst[node] = start[node] ?? 0
    nextDated[node] = dated[node] = (start[node] ?? 0) + (first[node] ?? 0)
  }
  const order = new Int32Array(m)
  for (let r = 0; r < m; r += 1) {
    const next = isFirst(r) ? nextFirst : nextDated
    const node = nodeOf(r)
    const at = next[node] ?? 0
    order[at] = r
    next[node] = at + 1
  }
  return { start, dated, order }
}

function* contactsOf(
  n: number,
  uses: Float64Array,
  relationOfUse: Int32Array,
  from: Int32Array,
  to: Int32Array,
): Steps<
  Pick<
    PackedNetwork,
    | 'contactTime'
    | 'contactFrom'
    | 'contactTo'
    | 'contactRelation'
    | 'leaveStart'
    | 'leaves'
    | 'arriveStart'
    | 'arrives'
  >
> {
  const total = uses.length
  const order = orderByTime(uses)
  yield
  const contactTime = new Float64Array(total)
  const contactFrom = new Int32Array(total)
  const contactTo = new Int32Array(total)
  const contactRelation = new Int32Array(total)
  for (let c = 0; c < total; c += 1) {
    const use = order[c] ?? 0
    const relation = relationOfUse[use] ?? 0
    contactTime[c] = uses[use] ?? 0
    contactRelation[c] = relation
    contactFrom[c] = from[relation] ?? 0
    contactTo[c] = to[relation] ?? 0
  }
  yield
  const never = () => false
  const leaving = group(n, total, (c) => contactFrom[c] ?? 0, never)
  yield
  const arriving = group(n, total, (c) => contactTo[c] ?? 0, never)
  return {
    contactTime,
    contactFrom,
    contactTo,
    contactRelation,
    leaveStart: leaving.start,
    leaves: leaving.order,
    arriveStart: arriving.start,
    arrives: arriving.order,
  }
}

/** Node of an entity id; -1 when there is none. */
export const nodeOf = (network: PackedNetwork, entity: number): number => search(network.entities, entity)

function numbering(entities: Float64Array): (entity: number) => number {
  const last = entities.at(-1) ?? 0
  if (last > MAX_DENSE_ID) return (entity) => search(entities, entity)
  const dense = new Int32Array(last + 1).fill(-1)
  for (let node = 0; node < entities.length; node += 1) dense[entities[node] ?? 0] = node
  return (entity) => dense[entity] ?? -1
}

function search(entities: Float64Array, entity: number): number {
  const at = firstAtOrAfter(entities, entity)
  return entities[at] === entity ? at : -1
}

/** Position of the first value not below `wanted` in an ascending array (part). */
export function firstAtOrAfter(values: Float64Array, wanted: number, begin = 0, end = values.length): number {
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** The uses of a relation as a view; none for a standing one. */
export function usesOf(network: PackedNetwork, relation: number): Float64Array {
  return isStanding(network.kinds[relation] ?? 0)
    ? new Float64Array()
    : network.uses.subarray(network.useStart[relation], network.useStart[relation + 1])
}
