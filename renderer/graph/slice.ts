import type { z } from 'zod'
import type { GraphEdge, GraphNode, GraphSlice } from '../../core/contract/nouns/graph.ts'

export type Slice = z.infer<typeof GraphSlice>
export type SliceNode = z.infer<typeof GraphNode>
export type SliceEdge = z.infer<typeof GraphEdge>

export const EMPTY_SLICE: Slice = { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] }

/** Adds what `more` brings to `base`; a node or edge known already takes the newer facts and keeps its marks. */
export function mergeSlices(base: Slice, more: Slice): Slice {
  const nodes = new Map(base.nodes.map((node) => [node.id, node]))
  for (const node of more.nodes) {
    const known = nodes.get(node.id)
    nodes.set(node.id, known ? { ...node, marks: [...new Set([...known.marks, ...node.marks])] } : node)
  }
  const edges = new Map(base.edges.map((edge) => [edge.id, edge]))
  for (const edge of more.edges)
    edges.set(edge.id, { ...edge, onPath: edge.onPath || (edges.get(edge.id)?.onPath ?? false) })
  const grouped = new Map(
    [...base.grouped, ...more.grouped].map((group) => [
      `${group.around} ${group.kind} ${group.direction}`,
      group,
    ]),
  )
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    total: {
      nodes: Math.max(base.total.nodes, more.total.nodes, nodes.size),
      edges: Math.max(base.total.edges, more.total.edges, edges.size),
    },
    grouped: [...grouped.values()],
  }
}

/** Marks exactly these relations as the path under study. */
export function withPath(slice: Slice, relationIds: ReadonlySet<string>): Slice {
  return { ...slice, edges: slice.edges.map((edge) => ({ ...edge, onPath: relationIds.has(edge.id) })) }
}

/** What filters leave: hidden nodes, kinds switched off, possible relations switched off; dangling edges go too. */
export function filterSlice(
  slice: Slice,
  filter: { hidden: ReadonlySet<string>; kindsOff: ReadonlySet<string>; showPossible: boolean },
): Slice {
  const nodes = slice.nodes.filter((node) => !filter.hidden.has(node.id) && !filter.kindsOff.has(node.kind))
  const ids = new Set(nodes.map((node) => node.id))
  const edges = slice.edges.filter(
    (edge) => ids.has(edge.from) && ids.has(edge.to) && (filter.showPossible || edge.observed),
  )
  return { ...slice, nodes, edges }
}

/** Everything before and after one node along the direction of the attack: what a click lights up. */
export function throughNode(
  slice: Slice,
  id: string,
): { nodes: ReadonlySet<string>; edges: ReadonlySet<string> } {
  const out = new Map<string, SliceEdge[]>()
  const into = new Map<string, SliceEdge[]>()
  for (const edge of slice.edges) {
    out.set(edge.from, [...(out.get(edge.from) ?? []), edge])
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge])
  }
  const nodes = new Set([id])
  const edges = new Set<string>()
  const walk = (start: string, next: Map<string, SliceEdge[]>, end: 'from' | 'to'): void => {
    const queue = [start]
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
  walk(id, out, 'to')
  walk(id, into, 'from')
  return { nodes, edges }
}
