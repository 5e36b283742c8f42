import type { GraphSlice } from '../contract/nouns/graph.ts'
import { ANALYST_RELATION_KINDS, POSSIBLE_RELATION_KINDS, type RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'
import { relationsById } from './path-rows.ts'
import type { StoredRelation } from './relation-rows.ts'

export interface ChainRequest {
  readonly start: number
  readonly depth: number
  readonly limit: number
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
  /**
   * When the chain reaches each thing of `ids` and `behind`, microseconds: effects as early as they can follow, causes as late as they can lead
   * here. Null: standing relations alone lead there. The start has none, unless it is something that happened at a time itself.
   */
  readonly reached: ReadonlyMap<number, number | null>
}

/** Like neighbours beyond this many are one group ("37 recipients"), to be opened on demand; never cut silently. */
const GROUP_ABOVE = 12

/** Hubs that everything touches: a chain passes over them only when it starts there, else it would join strangers. */
const HUB_KINDS = new Set(['endpoint', 'ip', 'group', 'domain', 'user'])

/**
 * The chain around an entity: causes upstream (against the direction of the attack) and effects downstream, breadth first.
 * An effect must not be older than what it follows from, a cause not younger. Many like neighbours are grouped.
 * @param neighbours where relations come from; what is found does not depend on it
 */
export function findChain(db: ReadStore, request: ChainRequest, neighbours: Neighbours): Chain {
  const ids = new Set([request.start])
  const relations = new Set<number>()
  const left = { in: new Map<number, Group>(), out: new Map<number, Group>() }
  const others = { in: new Map<number, number>(), out: new Map<number, number>() }
  const kindOf = db.prepare('SELECT kind FROM entity WHERE id = ?').pluck()
  const startedAt = happenedAt(db, request.start, kindOf.get(request.start))
  const arrivals = { in: new Map<number, number | null>(), out: new Map<number, number | null>() }
  let upstream: ReadonlySet<number> = ids
  for (const direction of ['in', 'out'] as const) {
    const end = direction === 'out' ? 'to' : 'from'
    let frontier: { id: number; at: number | null }[] = [{ id: request.start, at: null }]
    // The loosest time each node was reached at: an early and a late way to it lead on to different things.
    const reachedAt = new Map<number, number | null>([[request.start, null]])
    const arrive = (id: number, way: number | null): void => {
      // Along standing relations alone it is as early as what happened where the chain starts.
      const at = way ?? startedAt
      const known = arrivals[direction].get(id)
      if (known == null || (at !== null && isLooser(at, known, direction))) arrivals[direction].set(id, at)
    }
    for (let depth = 0; depth < request.depth && frontier.length > 0; depth += 1) {
      const next: typeof frontier = []
      for (const node of frontier) {
        if (node.id !== request.start && HUB_KINDS.has(kindOf.get(node.id) as string)) continue
        for (const [kind, like] of groupByKind(neighbours(node.id, direction, node.at))) {
          const fresh = like.filter(({ id }) => !relations.has(id) && !left[direction].has(id))
          const room = Math.max(0, request.limit - ids.size)
          const take = Math.min(fresh.length > GROUP_ABOVE ? GROUP_ABOVE - 2 : fresh.length, room)
          for (const relation of surest(fresh, take)) {
            relations.add(relation.id)
            ids.add(relation[end])
          }
          const group = { around: node.id, kind, direction }
          for (const relation of fresh)
            if (!relations.has(relation.id)) {
              left[direction].set(relation.id, group)
              others[direction].set(relation.id, relation[end])
              arrive(relation[end], timeAfter(relation, node.at, direction))
            }
          for (const relation of like.filter(({ id }) => relations.has(id)).sort(bySureness)) {
            const at = timeAfter(relation, node.at, direction)
            if (!isLooser(at, reachedAt.get(relation[end]), direction)) continue
            reachedAt.set(relation[end], at)
            arrive(relation[end], at)
            next.push({ id: relation[end], at })
          }
        }
      }
      frontier = next
    }
    if (direction === 'in') upstream = new Set(ids)
  }
  const hidden = new Map<number, Group>()
  const behind = new Map<number, Omit<GraphSlice['grouped'][number], 'count'>>()
  const nodes = new Set(ids)
  for (const direction of ['in', 'out'] as const)
    for (const [id, group] of left[direction]) {
      if (relations.has(id) || hidden.has(id)) continue
      hidden.set(id, group)
      const other = others[direction].get(id) ?? 0
      nodes.add(other)
      if (!ids.has(other)) behind.set(other, { ...group, around: String(group.around) })
    }
  return {
    ids,
    relations: relationsById(db, [...relations]),
    total: { nodes: nodes.size, edges: relations.size + hidden.size },
    grouped: toGroups(hidden.values()),
    firstObserved: earliest(db, upstream, request.start),
    behind,
    reached: new Map([...arrivals.in, ...arrivals.out, [request.start, startedAt]]),
  }
}

/** Things without a time of their own: they were there before anything of the chain. */
const LASTING = new Set<unknown>([...HUB_KINDS, 'mailbox'])
const firstSeenOf = 'SELECT first_seen FROM entity WHERE id = ?'
const happenedAt = (db: ReadStore, id: number, kind: unknown): number | null =>
  LASTING.has(kind) ? null : ((db.prepare(firstSeenOf).pluck().get(id) as number | null | undefined) ?? null)

/** What relations that were found and are not shown stand behind. */
interface Group {
  readonly around: number
  readonly kind: RelationKind
  readonly direction: 'in' | 'out'
}

/** Groups of one node, kind and direction, as often as there are relations in them. */
function toGroups(left: Iterable<Group>): Chain['grouped'] {
  const groups = new Map<string, Chain['grouped'][number]>()
  for (const [group, { length }] of Map.groupBy(left, (one) => one)) {
    const key = `${group.around}|${group.kind}|${group.direction}`
    const known = groups.get(key)
    if (known) known.count += length
    else groups.set(key, { ...group, around: String(group.around), count: length })
  }
  return [...groups.values()]
}

/** Whether arriving at this time leaves more to follow than the time known: earlier downstream, later upstream. */
function isLooser(at: number | null, known: number | null | undefined, direction: 'in' | 'out'): boolean {
  if (known === undefined) return true
  if (known === null) return false
  return at === null || (direction === 'out' ? at < known : at > known)
}

function timeAfter(relation: Neighbour, at: number | null, direction: 'in' | 'out'): number | null {
  if (relation.firstAt === null || relation.lastAt === null) return at
  if (direction === 'out') return at === null ? relation.firstAt : Math.max(at, relation.firstAt)
  return at === null ? relation.lastAt : Math.min(at, relation.lastAt)
}

/** Surest first, then earliest, then the first found. */
const bySureness = (a: Neighbour, b: Neighbour): number =>
  b.confidence - a.confidence || (a.firstAt ?? 0) - (b.firstAt ?? 0) || a.id - b.id

/** The so many surest, in order: a hub has thousands of which a few are shown. */
function surest(relations: readonly Neighbour[], count: number): readonly Neighbour[] {
  if (count >= relations.length) return [...relations].sort(bySureness)
  const best: Neighbour[] = []
  for (const relation of count > 0 ? relations : []) {
    const last = best[count - 1]
    if (last !== undefined && bySureness(relation, last) >= 0) continue
    const at = best.findIndex((other) => bySureness(relation, other) < 0)
    best.splice(at < 0 ? best.length : at, 0, relation)
    best.length = Math.min(best.length, count)
  }
  return best
}

/** By kind; the kind of the surest relation first. */
function groupByKind(relations: readonly Neighbour[]): [RelationKind, Neighbour[]][] {
  const groups = new Map<RelationKind, { first: Neighbour; like: Neighbour[] }>()
  for (const relation of relations) {
    const group = groups.get(relation.kind)
    if (!group) groups.set(relation.kind, { first: relation, like: [relation] })
    else {
      group.like.push(relation)
      if (bySureness(relation, group.first) < 0) group.first = relation
    }
  }
  return [...groups]
    .sort(([, a], [, b]) => bySureness(a.first, b.first))
    .map(([kind, { like }]) => [kind, like])
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

/** A relation somebody was seen to use comes before what the directory would allow and what the analyst says. */
const UNSEEN = new Set<RelationKind>([...POSSIBLE_RELATION_KINDS, ...ANALYST_RELATION_KINDS])

/**
 * Direct neighbours of one node, to open it in place: observed ones first, then the surest.
 * @param neighbours where relations come from; what is found does not depend on it
 */
export function expandNode(
  db: ReadStore,
  request: {
    start: number
    direction: 'in' | 'out' | null
    limit: number
    /** Relations that were shown before. */
    after?: number
  },
  neighbours: Neighbours,
): {
  ids: Set<number>
  relations: StoredRelation[]
  total: { nodes: number; edges: number }
  next: number | null
} {
  const { start, direction, limit, after = 0 } = request
  const found = direction === 'in' ? [] : neighbours(start, 'out', null)
  // What leads from an entity to itself stands among those that leave it already.
  if (direction !== 'out')
    for (const one of neighbours(start, 'in', null))
      if (direction === 'in' || one.from !== start) found.push(one)
  found.sort((a, b) => Number(UNSEEN.has(a.kind)) - Number(UNSEEN.has(b.kind)) || bySureness(a, b))
  const end = after + limit
  const page = found.slice(after, end).map(({ id }) => id)
  const stored = new Map(relationsById(db, page).map((relation) => [relation.id, relation]))
  const relations = page.flatMap((id) => stored.get(id) ?? [])
  const ids = new Set([start, ...relations.flatMap((relation) => [relation.from_id, relation.to_id])])
  const nodes = new Set([start])
  for (const { from, to } of found) nodes.add(from).add(to)
  return {
    ids,
    relations,
    total: { nodes: nodes.size, edges: found.length },
    next: end < found.length ? end : null,
  }
}
