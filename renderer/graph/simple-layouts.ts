import { CELL, type LayoutRequest, type Point, type Positions } from './layout.ts'

/** Rings by distance (in relations, either direction) from the centre; unreachable nodes on the last ring. */
export function concentric(request: LayoutRequest): Positions {
  const neighbours = new Map<string, string[]>()
  for (const { from, to } of request.edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to])
    neighbours.set(to, [...(neighbours.get(to) ?? []), from])
  }
  const busiest = [...neighbours].sort((a, b) => b[1].length - a[1].length)[0]?.[0]
  const centre = request.center ?? busiest ?? request.nodes[0]?.id
  if (centre === undefined) return {}
  const distance = new Map([[centre, 0]])
  const queue = [centre]
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] ?? ''
    for (const next of neighbours.get(id) ?? []) {
      if (distance.has(next)) continue
      distance.set(next, (distance.get(id) ?? 0) + 1)
      queue.push(next)
    }
  }
  const last = Math.max(...distance.values()) + 1
  const rings: string[][] = []
  for (const { id } of request.nodes) (rings[distance.get(id) ?? last] ??= []).push(id)
  const positions: [string, Point][] = []
  let radius = 0
  for (const ring of rings.filter((one) => one !== undefined)) {
    const needed = (ring.length * CELL.width) / (2 * Math.PI)
    radius = ring[0] === centre ? 0 : Math.max(radius + CELL.width * 1.1, needed)
    ring.forEach((id, index) => {
      const angle = (2 * Math.PI * index) / ring.length - Math.PI / 2
      positions.push([id, { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius }])
    })
  }
  return Object.fromEntries(positions)
}

/** Rows and columns in the order of time; undated nodes last. */
export function grid(request: LayoutRequest): Positions {
  const sorted = [...request.nodes].sort((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'))
  const columns = Math.max(1, Math.ceil(Math.sqrt((sorted.length * CELL.height) / CELL.width) * 1.4))
  return Object.fromEntries(
    sorted.map(({ id }, index) => [
      id,
      { x: (index % columns) * CELL.width, y: Math.floor(index / columns) * CELL.height },
    ]),
  )
}
