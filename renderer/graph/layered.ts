import type { LayoutRequest, Positions } from './layout.ts'
import { componentsOf, heightOfParts, packParts } from './components.ts'
import { placeColumns } from './place-columns.ts'

const SWEEPS = 8

/**
 * Left to right in the order of cause: a node stands right of everything that led to it, the path under study runs
 * along the middle line, and the order inside a column crosses as few lines as a few barycentre sweeps can manage.
 */
function layeredOne(request: LayoutRequest): Positions {
  const ranks = rank(request)
  const columns: string[][] = []
  const byTime = [...request.nodes].sort(
    (a, b) => (a.at ?? '~').localeCompare(b.at ?? '~') || Number(a.id) - Number(b.id),
  )
  for (const { id } of byTime) (columns[ranks.get(id) ?? 0] ??= []).push(id)
  const filled = columns.filter((column) => column !== undefined)
  const onPath = new Set(request.edges.filter((edge) => edge.onPath).flatMap((edge) => [edge.from, edge.to]))
  order(filled, request, onPath)
  return placeColumns(filled, onPath, request)
}

/** The same for a picture in several parts that no line joins: each for itself, the one with the path first. */
export function layered(request: LayoutRequest): Positions {
  const [first, ...rest] = componentsOf(request)
  if (first === undefined || rest.length === 0) return layeredOne(request)
  const others = rest.map((part) => layeredOne({ ...part, viewport: null }))
  const viewport = request.viewport && { ...request.viewport, below: heightOfParts(others) }
  return packParts([layeredOne({ ...first, viewport }), ...others])
}

/** Longest-path ranks over the edges that agree with time; an edge that would close a circle is passed over. */
function rank(request: LayoutRequest): Map<string, number> {
  const out = acyclic(request)
  const indegree = new Map(request.nodes.map((node) => [node.id, 0]))
  for (const next of out.values()) for (const id of next) indegree.set(id, (indegree.get(id) ?? 0) + 1)
  const ranks = new Map<string, number>()
  const ready = [...indegree].filter(([, count]) => count === 0).map(([id]) => id)
  for (const id of ready) if (!ranks.has(id)) ranks.set(id, 0)
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const next of out.get(id) ?? []) {
      ranks.set(next, Math.max(ranks.get(next) ?? 0, (ranks.get(id) ?? 0) + 1))
      indegree.set(next, (indegree.get(next) ?? 1) - 1)
      if (indegree.get(next) === 0) ready.push(next)
    }
  }
  pullSources(out, ranks, request)
  return ranks
}

/** A source stands just left of the first thing it leads to, instead of far left of the whole picture. */
function pullSources(
  out: ReadonlyMap<string, readonly string[]>,
  ranks: Map<string, number>,
  request: LayoutRequest,
): void {
  const hasIn = new Set([...out.values()].flat())
  for (const { id } of request.nodes) {
    const next = out.get(id) ?? []
    if (hasIn.has(id) || next.length === 0) continue
    ranks.set(id, Math.max(0, Math.min(...next.map((one) => ranks.get(one) ?? 0)) - 1))
  }
}

/**
 * The edges without those that close a circle, found by going down from the path first, then from what nothing leads to, then from what
 * was first in time. Each edge is looked at once.
 */
function acyclic(request: LayoutRequest): Map<string, string[]> {
  const known = new Set(request.nodes.map((node) => node.id))
  const all = new Map<string, string[]>()
  const hasIn = new Set<string>()
  const onPath = request.edges.filter((edge) => edge.onPath)
  for (const { from, to } of [...onPath, ...request.edges.filter((edge) => !edge.onPath)]) {
    if (from === to || !known.has(from) || !known.has(to)) continue
    hasIn.add(to)
    const next = all.get(from)
    if (next) next.push(to)
    else all.set(from, [to])
  }
  const inTime = request.nodes
    .toSorted((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'))
    .map((node) => node.id)
  const out = new Map<string, string[]>()
  const state = new Map<string, 'open' | 'done'>()
  const starts = [...onPath.map((edge) => edge.from), ...inTime.filter((id) => !hasIn.has(id)), ...inTime]
  for (const start of starts) {
    if (state.has(start)) continue
    state.set(start, 'open')
    const trail: { readonly id: string; at: number }[] = [{ id: start, at: 0 }]
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = all.get(top.id)?.[top.at++]
      if (next === undefined) {
        state.set(top.id, 'done')
        trail.pop()
        continue
      }
      if (state.get(next) === 'open') continue
      const kept = out.get(top.id)
      if (kept) kept.push(next)
      else out.set(top.id, [next])
      if (!state.has(next)) {
        state.set(next, 'open')
        trail.push({ id: next, at: 0 })
      }
    }
  }
  return out
}

/** Barycentre sweeps to and fro; members of the path pull ten times as hard. */
function order(columns: string[][], request: LayoutRequest, onPath: ReadonlySet<string>): void {
  const neighbours = new Map<string, string[]>()
  for (const { id } of request.nodes) neighbours.set(id, [])
  for (const { from, to } of request.edges) {
    neighbours.get(from)?.push(to)
    neighbours.get(to)?.push(from)
  }
  const spot = new Map<string, number>()
  const note = (column: readonly string[]): void =>
    column.forEach((id, index) => spot.set(id, index - (column.length - 1) / 2))
  columns.forEach(note)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const line = sweep % 2 === 0 ? columns : [...columns].reverse()
    for (const column of line) {
      const weight = new Map(
        column.map((id) => {
          const around = neighbours.get(id) ?? []
          const sum = around.reduce((total, other) => total + (spot.get(other) ?? 0), 0)
          return [id, around.length === 0 ? (spot.get(id) ?? 0) : sum / around.length]
        }),
      )
      column.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0))
      centrePath(column, onPath)
      note(column)
    }
  }
}

/** The member of the path goes to the middle of its column, the others keep their order around it. */
function centrePath(column: string[], onPath: ReadonlySet<string>): void {
  const members = column.filter((id) => onPath.has(id))
  if (members.length === 0 || members.length === column.length) return
  const others = column.filter((id) => !onPath.has(id))
  const middle = Math.floor(others.length / 2)
  column.splice(0, column.length, ...others.slice(0, middle), ...members, ...others.slice(middle))
}
