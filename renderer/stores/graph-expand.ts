import type { ReplyOf } from '../../core/contract/types.ts'
import type { RelationKind } from '../../core/model/relation.ts'
import { getClient } from '../client/client.ts'
import { withMore, type Picture } from '../graph/picture.ts'
import { withSight } from '../graph/sight.ts'
import { cutEdges, mergeSlices, type Slice } from '../graph/slice.ts'

/** One way out of a node: relations of a kind in a direction. */
export interface Way {
  readonly kind: RelationKind
  readonly direction: 'out' | 'in'
}

/** So many neighbours come at once; the rest stays a group that opens further. */
const AT_ONCE = 60
const PAGE = 1000

const plain = (slice: Slice): Slice => ({
  ...slice,
  edges: slice.edges.map((edge) => ({ ...edge, onPath: false })),
})

/**
 * The neighbours of a node along one way (or all) that are not in the picture yet, at most {@link AT_ONCE} of them. What is left of a way
 * stays as a group, so that nothing is cut without a sign.
 */
export async function expandSlice(
  base: Slice,
  entityId: string,
  way: Way | null,
  possible: boolean,
): Promise<Slice> {
  const known = new Set(base.edges.map((edge) => edge.id))
  let cursor: string | null = null
  do {
    const more: ReplyOf<'chain.expand'> = await getClient().call('chain.expand', {
      entityId,
      possible,
      kind: way?.kind ?? null,
      direction: way?.direction ?? null,
      limit: way === null ? AT_ONCE : PAGE,
      cursor,
    })
    const fresh = more.edges.filter((edge) => !known.has(edge.id)).slice(0, AT_ONCE)
    cursor = more.next
    if (fresh.length === 0 && cursor !== null) continue
    const ends = new Set([entityId, ...fresh.flatMap((edge) => [edge.from, edge.to])])
    const kept = plain(cutTo(more, ends, new Set(fresh)))
    const merged = mergeSlices(base, kept)
    return way === null ? settle(merged, entityId) : leftOver(merged, entityId, way)
  } while (cursor !== null)
  return way === null ? settle(base, entityId) : leftOver(base, entityId, way)
}

/**
 * One entity of a chain that is behind a group, with its relations to what is shown; the groups around it hold as many fewer.
 * @returns the slice as it was when the case has no such entity any more
 */
export async function bringIn(base: Slice, id: string): Promise<Slice> {
  if (base.nodes.some((node) => node.id === id)) return base
  const found = await getClient().call('graph.among', {
    entities: [...base.nodes.map((node) => node.id), id],
    possible: base.edges.some((edge) => !edge.observed),
  })
  const own = plain(cutEdges(found, (edge) => edge.from === id || edge.to === id))
  const merged = mergeSlices(base, { ...own, nodes: own.nodes.filter((node) => node.id === id) })
  const left = base.grouped.flatMap((group) => {
    const out = own.edges.filter(
      (edge) =>
        edge.kind === group.kind && (group.direction === 'out' ? edge.from : edge.to) === group.around,
    ).length
    return group.count > out ? [{ ...group, count: group.count - out }] : []
  })
  return { ...merged, grouped: left, total: base.total }
}

/** The picture with one entity in sight, brought in from behind its group where it has to be; the same object when it was in sight. */
export async function located(before: Picture, id: string): Promise<Picture> {
  const more = await bringIn(before.slice, id)
  return withSight(more === before.slice ? before : withMore(before, more), id)
}

/** The part of a reply that is taken; what was left out counts as not shown. */
function cutTo(more: Slice, ends: ReadonlySet<string>, edges: ReadonlySet<Slice['edges'][number]>): Slice {
  const cut = cutEdges(more, (edge) => edges.has(edge))
  const nodes = cut.nodes.filter((node) => ends.has(node.id))
  return { ...cut, nodes, total: { nodes: nodes.length, edges: cut.edges.length }, grouped: [] }
}

/** What a way still hides is its group, or the group is gone. */
function leftOver(slice: Slice, id: string, way: Way): Slice {
  const left =
    slice.nodes
      .find((node) => node.id === id)
      ?.hidden.find((one) => one.kind === way.kind && one.direction === way.direction)?.count ?? 0
  const others = slice.grouped.filter(
    (one) => one.around !== id || one.kind !== way.kind || one.direction !== way.direction,
  )
  return counted(slice, left > 0 ? [...others, { around: id, ...way, count: left }] : others)
}

/** Groups of a node follow what it still hides. */
function settle(slice: Slice, id: string): Slice {
  const hidden = slice.nodes.find((node) => node.id === id)?.hidden ?? []
  return counted(
    slice,
    slice.grouped.flatMap((one) => {
      if (one.around !== id) return [one]
      const left = hidden.find((way) => way.kind === one.kind && way.direction === one.direction)?.count ?? 0
      return left > 0 ? [{ ...one, count: Math.min(one.count, left) }] : []
    }),
  )
}

const counted = (slice: Slice, grouped: Slice['grouped']): Slice => ({
  ...slice,
  grouped,
  total: {
    nodes: slice.nodes.length + grouped.reduce((sum, one) => sum + one.count, 0),
    edges: Math.max(slice.total.edges, slice.edges.length),
  },
})
