import { CELL, type LayoutRequest, type Point, type Positions } from './layout.ts'

/**
 * The parts of a picture that no line joins, as requests of their own: that with the path first, then the largest. Nodes without any line
 * are one part together.
 */
export function componentsOf(request: LayoutRequest): readonly LayoutRequest[] {
  const parent = new Map(request.nodes.map((node) => [node.id, node.id]))
  const rootOf = (id: string): string => {
    let root = id
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up
    for (let at = id; at !== root;) {
      const next = parent.get(at) ?? root
      parent.set(at, root)
      at = next
    }
    return root
  }
  const tied = new Set<string>()
  for (const { from, to } of request.edges) {
    if (from === to || !parent.has(from) || !parent.has(to)) continue
    tied.add(from).add(to)
    parent.set(rootOf(from), rootOf(to))
  }
  const partOf = (id: string): string => (tied.has(id) ? rootOf(id) : '')
  const nodes = Map.groupBy(request.nodes, (node) => partOf(node.id))
  const edges = Map.groupBy(
    request.edges.filter(({ from, to }) => parent.has(from) && parent.has(to)),
    (edge) => partOf(edge.from),
  )
  const hasPath = (key: string): number => Number(edges.get(key)?.some((edge) => edge.onPath) ?? false)
  return [...nodes]
    .sort(
      ([a, own], [b, other]) =>
        Number(a === '') - Number(b === '') || hasPath(b) - hasPath(a) || other.length - own.length,
    )
    .map(([key, own]) => ({ ...request, nodes: own, edges: edges.get(key) ?? [] }))
}

// Width over height of what the parts fill together: about that of a window.
const SHAPE = 1.8

/** Parts in rows from left to right, none over another, in their order. */
export function packParts(parts: readonly Positions[]): Positions {
  const boxes = parts.map((part) => ({ part, box: boxOf(Object.values(part)) }))
  const area = boxes.reduce((sum, { box }) => sum + box.width * box.height, 0)
  const width = Math.max(...boxes.map(({ box }) => box.width), Math.sqrt(area * SHAPE))
  const placed: [string, Point][] = []
  let [x, y, row] = [0, 0, 0]
  for (const { part, box } of boxes) {
    if (x > 0 && x + box.width > width) {
      y += row
      x = 0
      row = 0
    }
    for (const [id, at] of Object.entries(part))
      placed.push([id, { x: at.x - box.left + x, y: at.y - box.top + y }])
    x += box.width
    row = Math.max(row, box.height)
  }
  return Object.fromEntries(placed)
}

/** How high parts are that are packed together. */
export const heightOfParts = (parts: readonly Positions[]): number =>
  boxOf(Object.values(packParts(parts))).height

/** The box around the nodes with the room of their labels. */
function boxOf(points: readonly Point[]): { left: number; top: number; width: number; height: number } {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x)
    box.bottom = Math.max(box.bottom, y)
  }
  return {
    left: box.left - CELL.width / 2,
    top: box.top - CELL.height / 2,
    width: box.right - box.left + CELL.width * 1.3,
    height: box.bottom - box.top + CELL.height * 1.4,
  }
}
