import type { ShownSlice } from './shown.ts'

/** How a picture came to be: the times at which something was added, and what was there when. */
export interface Replay {
  /** Distinct times in order, ISO-8601. */
  readonly steps: readonly string[]
  /** What had not happened yet after step `index` (0-based), and what that step brought. */
  at(index: number): ReplayMoment
}
export interface ReplayMoment {
  readonly laterNodes: ReadonlySet<string>
  readonly laterEdges: ReadonlySet<string>
  readonly freshEdges: ReadonlySet<string>
}

/**
 * A relation happens at its time, on the path under study at the time the path uses it. A node appears with its first relation; one without
 * a dated relation, and a relation without a time, when what they hang on is there. What has no time at all is always there.
 * @param pathTimes times of the hops by relation id
 */
export function toReplay(slice: ShownSlice, pathTimes: ReadonlyMap<string, string>): Replay {
  const edgeAt = new Map<string, string>()
  const nodeAt = new Map<string, string>()
  const sooner = (id: string, at: string): void => {
    const known = nodeAt.get(id)
    if (known === undefined || at < known) nodeAt.set(id, at)
  }
  for (const edge of slice.edges) {
    const at = pathTimes.get(edge.id) ?? (edge.type === 'association' ? null : edge.at)
    if (at === null) continue
    edgeAt.set(edge.id, at)
    sooner(edge.from, at)
    sooner(edge.to, at)
  }
  spread(slice, nodeAt)
  for (const edge of slice.edges) {
    if (edgeAt.has(edge.id)) continue
    const [from, to] = [nodeAt.get(edge.from), nodeAt.get(edge.to)]
    if (from !== undefined && to !== undefined) edgeAt.set(edge.id, from > to ? from : to)
  }
  const steps = [...new Set([...edgeAt.values(), ...nodeAt.values()])].sort()
  return {
    steps,
    at(index) {
      const now = steps[index] ?? ''
      const later = (times: ReadonlyMap<string, string>): Set<string> =>
        new Set([...times].filter(([, at]) => at > now).map(([id]) => id))
      return {
        laterNodes: later(nodeAt),
        laterEdges: later(edgeAt),
        freshEdges: new Set([...edgeAt].filter(([, at]) => at === now).map(([id]) => id)),
      }
    },
  }
}

/** Nodes without a dated relation take the earliest time of a neighbour, and so on outwards. */
function spread(slice: ShownSlice, nodeAt: Map<string, string>): void {
  const around = new Map<string, string[]>(slice.nodes.map((node) => [node.id, []]))
  for (const edge of slice.edges) {
    around.get(edge.from)?.push(edge.to)
    around.get(edge.to)?.push(edge.from)
  }
  const queue = [...nodeAt.keys()].sort((a, b) => (nodeAt.get(a) ?? '').localeCompare(nodeAt.get(b) ?? ''))
  for (let at = 0; at < queue.length; at++) {
    const time = nodeAt.get(queue[at] ?? '')
    if (time === undefined) continue
    for (const next of around.get(queue[at] ?? '') ?? [])
      if (!nodeAt.has(next)) {
        nodeAt.set(next, time)
        queue.push(next)
      }
  }
}
