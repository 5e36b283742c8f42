import type { z } from 'zod'
import type { GraphEdge, GraphNode, GraphSlice } from '../../core/contract/nouns/graph.ts'

export type Slice = z.infer<typeof GraphSlice>
export type SliceNode = z.infer<typeof GraphNode>
export type SliceEdge = z.infer<typeof GraphEdge>

export const EMPTY_SLICE: Slice = { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] }

const ways = (edges: readonly SliceEdge[]): Map<string, number> => {
  const counts = new Map<string, number>()
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const edge of edges) {
    add(`${edge.from} ${edge.kind} out`)
    add(`${edge.to} ${edge.kind} in`)
  }
  return counts
}
/** All relations of a node by kind and direction, drawn or not. */
const totalsOf = (node: SliceNode, counts: ReadonlyMap<string, number>): Map<string, Hidden> => {
  const totals = new Map<string, Hidden>()
  for (const { kind, direction, count } of node.hidden)
    totals.set(`${kind} ${direction}`, { kind, direction, count })
  for (const [key, total] of totals)
    totals.set(key, { ...total, count: total.count + (counts.get(`${node.id} ${key}`) ?? 0) })
  return totals
}
type Hidden = SliceNode['hidden'][number]

/**
 * Adds what `more` brings to `base`; a node or edge known already takes the newer facts and keeps its marks. What a node has that is not
 * drawn is counted anew against the whole.
 */
export function mergeSlices(base: Slice, more: Slice): Slice {
  const edges = new Map(base.edges.map((edge) => [edge.id, edge]))
  for (const edge of more.edges)
    edges.set(edge.id, { ...edge, onPath: edge.onPath || (edges.get(edge.id)?.onPath ?? false) })
  const drawn = ways([...edges.values()])
  const [inBase, inMore] = [ways(base.edges), ways(more.edges)]
  const open = (node: SliceNode, counts: ReadonlyMap<string, number>): SliceNode => ({
    ...node,
    hidden: [...totalsOf(node, counts)].flatMap(([key, total]) => {
      const count = total.count - (drawn.get(`${node.id} ${key}`) ?? 0)
      return count > 0 ? [{ ...total, count }] : []
    }),
  })
  const nodes = new Map(base.nodes.map((node) => [node.id, open(node, inBase)]))
  for (const node of more.nodes) {
    const known = nodes.get(node.id)
    const next = open(node, inMore)
    nodes.set(node.id, known ? { ...next, marks: [...new Set([...known.marks, ...node.marks])] } : next)
  }
  const grouped = new Map(
    [...base.grouped, ...more.grouped].map((group) => [
      `${group.around} ${group.kind} ${group.direction}`,
      group,
    ]),
  )
  const unloaded = Math.max(0, base.total.nodes - base.nodes.length)
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    total: {
      nodes: Math.max(more.total.nodes, nodes.size + unloaded),
      edges: Math.max(base.total.edges, more.total.edges, edges.size),
    },
    ...(base.alone === undefined ? {} : { alone: base.alone }),
    grouped: [...grouped.values()],
  }
}

/** Only some of the relations; what a node loses counts as not shown again. */
export function cutEdges(slice: Slice, isKept: (edge: SliceEdge) => boolean): Slice {
  const gone = ways(slice.edges.filter((edge) => !isKept(edge)))
  if (gone.size === 0) return slice
  const lost = new Map<string, Hidden[]>()
  const seen = new Set<string>()
  for (const edge of slice.edges)
    for (const [id, direction] of [
      [edge.from, 'out'],
      [edge.to, 'in'],
    ] as const) {
      const key = `${id} ${edge.kind} ${direction}`
      const count = gone.get(key)
      if (count === undefined || seen.has(key)) continue
      seen.add(key)
      lost.set(id, [...(lost.get(id) ?? []), { kind: edge.kind, direction, count }])
    }
  return {
    ...slice,
    edges: slice.edges.filter(isKept),
    nodes: slice.nodes.map((node) => {
      const more = lost.get(node.id)
      if (!more) return node
      const hidden = new Map(node.hidden.map((way) => [`${way.kind} ${way.direction}`, way]))
      for (const way of more) {
        const known = hidden.get(`${way.kind} ${way.direction}`)
        hidden.set(`${way.kind} ${way.direction}`, { ...way, count: way.count + (known?.count ?? 0) })
      }
      return { ...node, hidden: [...hidden.values()] }
    }),
  }
}

/** Marks exactly these relations as the path under study. */
export function withPath(slice: Slice, relationIds: ReadonlySet<string>): Slice {
  return { ...slice, edges: slice.edges.map((edge) => ({ ...edge, onPath: relationIds.has(edge.id) })) }
}

/** Marks every node as what was searched for. */
export const withMatched = (slice: Slice): Slice => ({
  ...slice,
  nodes: slice.nodes.map((node) => ({ ...node, marks: [...new Set([...node.marks, 'matched' as const])] })),
})

/** What filters leave: nodes not hidden and of kinds that are on, edges whose style is on; dangling edges go too. */
export function filterSlice(
  slice: Slice,
  filter: {
    readonly hidden: ReadonlySet<string>
    readonly kindsOff: ReadonlySet<string>
    readonly isOff: (edge: SliceEdge) => boolean
  },
): Slice {
  const nodes = slice.nodes.filter((node) => !filter.hidden.has(node.id) && !filter.kindsOff.has(node.kind))
  const ids = new Set(nodes.map((node) => node.id))
  const edges = slice.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && !filter.isOff(edge))
  return { ...slice, nodes, edges }
}

/** Everything before and after one node along the direction of the attack: what a click lights up. */
export function throughNode(
  slice: Pick<Slice, 'edges'>,
  id: string,
): { nodes: ReadonlySet<string>; edges: ReadonlySet<string> } {
  const out = new Map<string, SliceEdge[]>()
  const into = new Map<string, SliceEdge[]>()
  const note = (map: Map<string, SliceEdge[]>, end: string, edge: SliceEdge): void => {
    const list = map.get(end)
    if (list) list.push(edge)
    else map.set(end, [edge])
  }
  for (const edge of slice.edges) {
    note(out, edge.from, edge)
    note(into, edge.to, edge)
  }
  const nodes = new Set([id])
  const edges = new Set<string>()
  const walk = (next: ReadonlyMap<string, readonly SliceEdge[]>, end: 'from' | 'to'): void => {
    const queue = [id]
    const seen = new Set(queue)
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const edge of next.get(at) ?? []) {
        edges.add(edge.id)
        nodes.add(edge[end])
        if (!seen.has(edge[end])) {
          seen.add(edge[end])
          queue.push(edge[end])
        }
      }
    }
  }
  walk(out, 'to')
  walk(into, 'from')
  return { nodes, edges }
}
