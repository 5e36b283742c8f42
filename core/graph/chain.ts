import type { GraphSlice } from '../contract/nouns/graph.ts'
import type { RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { CLOCK_TOLERANCE_US } from './path-search.ts'
import { RELATION_COLUMNS, type StoredRelation } from './relation-rows.ts'

export interface ChainRequest {
  readonly start: number
  readonly depth: number
  readonly limit: number
  readonly possible: boolean
  readonly kinds: readonly RelationKind[] | null
}
export interface Chain {
  readonly ids: Set<number>
  readonly relations: StoredRelation[]
  readonly total: { nodes: number; edges: number }
  readonly grouped: GraphSlice['grouped']
  /** The earliest thing found upstream: the first observed object. */
  readonly firstObserved: number | null
  /** Entities that were found and are not shown, each with the group it is behind. */
  readonly behind: ReadonlyMap<number, Omit<GraphSlice['grouped'][number], 'count'>>
}

/** Like neighbours beyond this many are one group ("37 recipients"), to be opened on demand; never cut silently. */
const GROUP_ABOVE = 12

const outgoing = `SELECT ${RELATION_COLUMNS} FROM relation WHERE from_id = @id AND (@possible = 1 OR observed = 1) AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds))) ORDER BY confidence DESC, coalesce(first_at, 0), id`
const incoming = `SELECT ${RELATION_COLUMNS} FROM relation WHERE to_id = @id AND (@possible = 1 OR observed = 1) AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds))) ORDER BY confidence DESC, coalesce(first_at, 0), id`

/** Hubs that everything touches: a chain passes over them only when it starts there, else it would join strangers. */
const HUB_KINDS = new Set(['endpoint', 'ip', 'group', 'domain', 'user'])

/**
 * The chain around an entity: causes upstream (against the direction of the attack) and effects downstream, breadth first.
 * An effect must not be older than what it follows from, a cause not younger. Many like neighbours are grouped.
 */
export function findChain(db: ReadStore, request: ChainRequest): Chain {
  const ids = new Set([request.start])
  const relations = new Map<number, StoredRelation>()
  const left = { in: new Map<number, LeftOut>(), out: new Map<number, LeftOut>() }
  const kinds = request.kinds === null ? null : JSON.stringify(request.kinds)
  const kindOf = db.prepare('SELECT kind FROM entity WHERE id = ?').pluck()
  let upstream: ReadonlySet<number> = ids
  for (const direction of ['in', 'out'] as const) {
    const statement = db.prepare(direction === 'out' ? outgoing : incoming)
    let frontier: { id: number; at: number | null }[] = [{ id: request.start, at: null }]
    // The loosest time each node was reached at: an early and a late way to it lead on to different things.
    const reachedAt = new Map<number, number | null>([[request.start, null]])
    for (let depth = 0; depth < request.depth && frontier.length > 0; depth += 1) {
      const next: typeof frontier = []
      for (const node of frontier) {
        if (node.id !== request.start && HUB_KINDS.has(kindOf.get(node.id) as string)) continue
        const found = (
          statement.all({ id: node.id, possible: request.possible ? 1 : 0, kinds }) as StoredRelation[]
        ).filter((relation) => fits(relation, node.at, direction))
        for (const [kind, like] of groupByKind(found)) {
          const fresh = like.filter(({ id }) => !relations.has(id) && !left[direction].has(id))
          const room = Math.max(0, request.limit - ids.size)
          const take = Math.min(fresh.length > GROUP_ABOVE ? GROUP_ABOVE - 2 : fresh.length, room)
          for (const [index, relation] of fresh.entries()) {
            const other = direction === 'out' ? relation.to_id : relation.from_id
            if (index >= take) {
              left[direction].set(relation.id, { around: node.id, kind, direction, other })
              continue
            }
            relations.set(relation.id, relation)
            ids.add(other)
          }
          for (const relation of like) {
            const other = direction === 'out' ? relation.to_id : relation.from_id
            const at = timeAfter(relation, node.at, direction)
            if (!relations.has(relation.id) || !isLooser(at, reachedAt.get(other), direction)) continue
            reachedAt.set(other, at)
            next.push({ id: other, at })
          }
        }
      }
      frontier = next
    }
    if (direction === 'in') upstream = new Set(ids)
  }
  const hidden = new Map([...left.in, ...left.out].filter(([id]) => !relations.has(id)))
  const nodes = new Set([...ids, ...[...hidden.values()].map(({ other }) => other)])
  return {
    ids,
    relations: [...relations.values()],
    total: { nodes: nodes.size, edges: relations.size + hidden.size },
    grouped: toGroups(hidden.values()),
    firstObserved: earliest(db, upstream, request.start),
    behind: new Map(
      [...hidden.values()]
        .filter(({ other }) => !ids.has(other))
        .map(({ other, around, kind, direction }) => [other, { around: String(around), kind, direction }]),
    ),
  }
}

/** A relation found and not shown. */
interface LeftOut {
  readonly around: number
  readonly kind: RelationKind
  readonly direction: 'in' | 'out'
  readonly other: number
}

function toGroups(left: Iterable<LeftOut>): Chain['grouped'] {
  const groups = Map.groupBy(left, ({ around, kind, direction }) => `${around}|${kind}|${direction}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first === undefined
      ? []
      : [{ around: String(first.around), kind: first.kind, direction: first.direction, count: group.length }]
  })
}

/** Whether arriving at this time leaves more to follow than the time known: earlier downstream, later upstream. */
function isLooser(at: number | null, known: number | null | undefined, direction: 'in' | 'out'): boolean {
  if (known === undefined) return true
  if (known === null) return false
  return at === null || (direction === 'out' ? at < known : at > known)
}

function fits(relation: StoredRelation, at: number | null, direction: 'in' | 'out'): boolean {
  if (at === null || relation.first_at === null || relation.last_at === null) return true
  return direction === 'out'
    ? relation.last_at >= at - CLOCK_TOLERANCE_US
    : relation.first_at <= at + CLOCK_TOLERANCE_US
}
function timeAfter(relation: StoredRelation, at: number | null, direction: 'in' | 'out'): number | null {
  if (relation.first_at === null || relation.last_at === null) return at
  if (direction === 'out') return at === null ? relation.first_at : Math.max(at, relation.first_at)
  return at === null ? relation.last_at : Math.min(at, relation.last_at)
}
function groupByKind(relations: readonly StoredRelation[]): Map<RelationKind, StoredRelation[]> {
  const groups = new Map<RelationKind, StoredRelation[]>()
  for (const relation of relations) {
    const group = groups.get(relation.kind)
    if (group) group.push(relation)
    else groups.set(relation.kind, [relation])
  }
  return groups
}

const first = `SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?)) AND id <> ? AND first_seen IS NOT NULL AND kind IN ('message', 'url', 'attachment', 'file', 'process') ORDER BY first_seen, id LIMIT 1`
function earliest(db: ReadStore, ids: ReadonlySet<number>, start: number): number | null {
  return (
    (db
      .prepare(first)
      .pluck()
      .get(JSON.stringify([...ids]), start) as number | undefined) ?? null
  )
}

const neighbours = `SELECT ${RELATION_COLUMNS} FROM relation WHERE ((from_id = @id AND @out = 1) OR (to_id = @id AND @in = 1)) AND (@possible = 1 OR observed = 1) AND (@kind IS NULL OR kind = @kind)
  ORDER BY observed DESC, confidence DESC, coalesce(first_at, 0), id`

/** Direct neighbours of one node, to open it in place. */
export function expandNode(
  db: ReadStore,
  request: {
    start: number
    kind: RelationKind | null
    direction: 'in' | 'out' | null
    possible: boolean
    limit: number
    /** Relations that were shown before. */
    after?: number
  },
): {
  ids: Set<number>
  relations: StoredRelation[]
  total: { nodes: number; edges: number }
  next: number | null
} {
  const found = db.prepare(neighbours).all({
    id: request.start,
    kind: request.kind,
    possible: request.possible ? 1 : 0,
    out: request.direction === 'in' ? 0 : 1,
    in: request.direction === 'out' ? 0 : 1,
  }) as StoredRelation[]
  const after = request.after ?? 0
  const end = after + request.limit
  const relations = found.slice(after, end)
  const ids = new Set([request.start, ...relations.flatMap((relation) => [relation.from_id, relation.to_id])])
  const nodes = new Set(found.flatMap((relation) => [relation.from_id, relation.to_id])).size
  return {
    ids,
    relations,
    total: { nodes: Math.max(1, nodes), edges: found.length },
    next: end < found.length ? end : null,
  }
}
