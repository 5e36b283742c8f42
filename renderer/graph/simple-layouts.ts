import { CELL, type LayoutRequest, type Point, type Positions } from './layout.ts'

// Nodes on a ring stand closer than in columns: their labels thin out with the zoom.
const RING_STEP = CELL.width
const RING_GAP = 78
// A ring of more members is several rows deep: one line of hundreds would be all rim.
const RING_MEMBERS = 60

/**
 * Rings by distance (in relations, either direction) from the centre. Each branch keeps its own sector, so that lines
 * run outwards instead of across; what cannot be reached stands on the last ring.
 */
export function concentric(request: LayoutRequest): Positions {
  const neighbours = new Map<string, string[]>()
  for (const { id } of request.nodes) neighbours.set(id, [])
  for (const { from, to } of request.edges) {
    neighbours.get(from)?.push(to)
    neighbours.get(to)?.push(from)
  }
  const busiest = [...neighbours].sort((a, b) => b[1].length - a[1].length)[0]?.[0]
  const centre = request.center ?? busiest ?? request.nodes[0]?.id
  if (centre === undefined) return {}
  const { order, children } = spanningTree(request, neighbours, centre)
  const leaves = new Map<string, number>()
  for (const id of [...order].reverse()) {
    const below = (children.get(id) ?? []).reduce((sum, child) => sum + (leaves.get(child) ?? 1), 0)
    leaves.set(id, Math.max(1, below))
  }
  const rings = new Map<string, number>([[centre, 0]])
  const sectors = new Map<string, { start: number; size: number }>([
    [centre, { start: -Math.PI, size: 2 * Math.PI }],
  ])
  const counts: number[] = []
  for (const id of order) {
    const ring = rings.get(id) ?? 0
    counts[ring] = (counts[ring] ?? 0) + 1
    const sector = sectors.get(id) ?? { start: 0, size: 0 }
    let { start } = sector
    for (const child of children.get(id) ?? []) {
      const size = (sector.size * (leaves.get(child) ?? 1)) / (leaves.get(id) ?? 1)
      rings.set(child, ring + 1)
      sectors.set(child, { start, size })
      start += size
    }
  }
  const rows = counts.map((count) => Math.max(1, Math.ceil(Math.sqrt(count / RING_MEMBERS))))
  const radii: number[] = []
  counts.forEach((count, ring) => {
    const inner = (radii[ring - 1] ?? 0) + (rows[ring - 1] ?? 1) * RING_STEP
    radii[ring] = ring === 0 ? 0 : Math.max(inner, (count * RING_GAP) / (2 * Math.PI * (rows[ring] ?? 1)))
  })
  const turn: number[] = []
  return Object.fromEntries(
    order.map((id): [string, Point] => {
      const sector = sectors.get(id) ?? { start: 0, size: 0 }
      const angle = sector.start + sector.size / 2
      const ring = rings.get(id) ?? 0
      const at = (turn[ring] = (turn[ring] ?? -1) + 1)
      const radius = (radii[ring] ?? 0) + (at % (rows[ring] ?? 1)) * RING_STEP
      return [id, { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius }]
    }),
  )
}

/** Breadth first from the centre; nodes out of reach hang on it directly. */
function spanningTree(
  request: LayoutRequest,
  neighbours: ReadonlyMap<string, readonly string[]>,
  centre: string,
): { readonly order: readonly string[]; readonly children: ReadonlyMap<string, readonly string[]> } {
  const known = new Set(request.nodes.map((node) => node.id))
  const seen = new Set([centre])
  const order = [centre]
  const children = new Map<string, string[]>()
  const adopt = (parent: string, child: string): void => {
    seen.add(child)
    order.push(child)
    children.set(parent, [...(children.get(parent) ?? []), child])
  }
  for (let at = 0; at < order.length; at++) {
    const id = order[at] ?? ''
    for (const next of neighbours.get(id) ?? []) if (known.has(next) && !seen.has(next)) adopt(id, next)
  }
  for (const { id } of request.nodes) if (!seen.has(id)) adopt(centre, id)
  return { order, children }
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
