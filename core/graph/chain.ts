import type { GraphSlice } from '../contract/nouns/graph.ts'
import type { RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
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
  const grouped: GraphSlice['grouped'] = []
  const total = { nodes: 1, edges: 0 }
  const kinds = request.kinds === null ? null : JSON.stringify(request.kinds)
  const kindOf = db.prepare('SELECT kind FROM entity WHERE id = ?').pluck()
  for (const direction of ['in', 'out'] as const) {
    const statement = db.prepare(direction === 'out' ? outgoing : incoming)
    let frontier: { id: number; at: number | null }[] = [{ id: request.start, at: null }]
    const visited = new Set([request.start])
    for (let depth = 0; depth < request.depth && frontier.length > 0; depth += 1) {
      const next: typeof frontier = []
      for (const node of frontier) {
        if (node.id !== request.start && HUB_KINDS.has(kindOf.get(node.id) as string)) continue
        const found = (
          statement.all({ id: node.id, possible: request.possible ? 1 : 0, kinds }) as StoredRelation[]
        ).filter((relation) => fits(relation, node.at, direction))
        for (const [kind, like] of groupByKind(found)) {
          const fresh = like.filter((relation) => !relations.has(relation.id))
          total.edges += fresh.length
          const room = Math.max(0, request.limit - ids.size)
          const take = Math.min(fresh.length > GROUP_ABOVE ? GROUP_ABOVE - 2 : fresh.length, room)
          if (take < fresh.length)
            grouped.push({ around: String(node.id), kind, direction, count: fresh.length - take })
          for (const [index, relation] of fresh.entries()) {
            const other = direction === 'out' ? relation.to_id : relation.from_id
            if (!ids.has(other)) total.nodes += 1
            if (index >= take) continue
            relations.set(relation.id, relation)
            ids.add(other)
            if (visited.has(other)) continue
            visited.add(other)
            next.push({ id: other, at: timeAfter(relation, node.at, direction) })
          }
        }
      }
      frontier = next
    }
  }
  return {
    ids,
    relations: [...relations.values()],
    total,
    grouped,
    firstObserved: earliest(db, ids, request.start),
  }
}

function fits(relation: StoredRelation, at: number | null, direction: 'in' | 'out'): boolean {
  if (at === null || relation.first_at === null || relation.last_at === null) return true
  return direction === 'out' ? relation.last_at >= at : relation.first_at <= at
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
  },
): { ids: Set<number>; relations: StoredRelation[]; total: { nodes: number; edges: number } } {
  const found = db.prepare(neighbours).all({
    id: request.start,
    kind: request.kind,
    possible: request.possible ? 1 : 0,
    out: request.direction === 'in' ? 0 : 1,
    in: request.direction === 'out' ? 0 : 1,
  }) as StoredRelation[]
  const relations = found.slice(0, request.limit)
  const ids = new Set([request.start, ...relations.flatMap((relation) => [relation.from_id, relation.to_id])])
  const nodes = new Set(found.flatMap((relation) => [relation.from_id, relation.to_id])).size
  return { ids, relations, total: { nodes: Math.max(1, nodes), edges: found.length } }
}
