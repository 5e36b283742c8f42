import type { Positions } from './layout.ts'
import type { ShownSlice } from './shown.ts'

// A neighbour this much lower leaves the room above a node free of lines.
const LOWER = 8

/**
 * Nodes whose lines all leave downwards: their labels stand above them, where nothing crosses. On the path only its own
 * lines count: they carry labels.
 */
export function labelsAbove(slice: Pick<ShownSlice, 'edges'>, positions: Positions): ReadonlySet<string> {
  const above = new Set<string>()
  const crossed = new Set<string>()
  const look = (id: string, other: string): void => {
    const [own, far] = [positions[id], positions[other]]
    if (!own || !far || id === other) return
    if (far.y > own.y + LOWER) above.add(id)
    else crossed.add(id)
  }
  const onPath = new Set(slice.edges.filter((edge) => edge.onPath).flatMap((edge) => [edge.from, edge.to]))
  for (const edge of slice.edges) {
    if (!edge.onPath && (onPath.has(edge.from) || onPath.has(edge.to))) {
      if (!onPath.has(edge.from)) look(edge.from, edge.to)
      if (!onPath.has(edge.to)) look(edge.to, edge.from)
      continue
    }
    look(edge.from, edge.to)
    look(edge.to, edge.from)
  }
  return new Set([...above].filter((id) => !crossed.has(id)))
}
