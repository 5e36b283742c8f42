import { cutEdges, type Slice } from '../graph/slice.ts'

/** Stated by the analyst, not found in evidence. */
const isStated = (edge: Slice['edges'][number]): boolean => edge.kind.startsWith('analyst')

/**
 * The same picture with what the case holds by now: entities and relations that are gone leave it, links the analyst has made since come
 * in; nothing else is added.
 * @param found everything between the picture's entities
 * @returns null when nothing of it changed
 */
export function refreshed(before: Slice, found: Slice): Slice | null {
  const known = new Map(before.edges.map((edge) => [edge.id, edge]))
  const marks = new Map(before.nodes.map((node) => [node.id, node.marks]))
  const now = cutEdges(found, (edge) => known.has(edge.id) || isStated(edge))
  const isSame =
    now.nodes.length === before.nodes.length &&
    now.edges.length === before.edges.length &&
    now.edges.every((edge) => known.has(edge.id))
  if (isSame) return null
  const there = new Set(now.nodes.map((node) => node.id))
  return {
    ...now,
    nodes: now.nodes.map((node) => ({
      ...node,
      marks: [...new Set([...node.marks, ...(marks.get(node.id) ?? [])])],
    })),
    edges: now.edges.map((edge) => ({ ...edge, onPath: known.get(edge.id)?.onPath ?? false })),
    grouped: before.grouped.filter((group) => there.has(group.around)),
    total: {
      nodes: Math.max(now.nodes.length, before.total.nodes - before.nodes.length + now.nodes.length),
      edges: Math.max(now.edges.length, before.total.edges - before.edges.length + now.edges.length),
    },
  }
}
