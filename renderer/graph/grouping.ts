import type { Slice, SliceNode } from './slice.ts'

/** Nodes drawn as one. */
export interface NodeGroup {
  readonly id: string
  readonly kind: SliceNode['kind']
  readonly members: readonly string[]
}

/** Fewer are quicker read one by one. */
const LEAST_LIKE = 3
/** A picture of more nodes opens grouped; it is drawn with about so many. */
export const MOST_OPEN = 2000
const GROUPED_SIZE = 800

interface Tie {
  readonly kind: string
  readonly way: '>' | '<'
  readonly other: string
}

/** Nodes that never disappear in a group: marks, ratings and the path are why somebody looks. */
function lonersOf(slice: Slice): Set<string> {
  const alone = new Set<string>()
  for (const node of slice.nodes)
    if (node.marks.length > 0 || node.rating === 'malicious' || node.rating === 'suspicious')
      alone.add(node.id)
  for (const edge of slice.edges) if (edge.onPath) alone.add(edge.from).add(edge.to)
  return alone
}

function tiesOf(slice: Slice): Map<string, Tie[]> {
  const ties = new Map<string, Tie[]>(slice.nodes.map((node) => [node.id, []]))
  for (const edge of slice.edges) {
    ties.get(edge.from)?.push({ kind: edge.kind, way: '>', other: edge.to })
    ties.get(edge.to)?.push({ kind: edge.kind, way: '<', other: edge.from })
  }
  return ties
}

/** Nodes of one kind and rating that are tied to exactly the same others in the same way. */
export function groupLike(slice: Slice, among?: ReadonlySet<string>): NodeGroup[] {
  const ties = tiesOf(slice)
  return collect(slice, among, (node) =>
    [...new Set((ties.get(node.id) ?? []).map((tie) => `${tie.way}${tie.kind} ${tie.other}`))]
      .sort()
      .join('|'),
  )
}

/** The nodes that look like this one: exactly, or else of its kind around the same hub. */
export function likeOf(slice: Slice, id: string): NodeGroup | undefined {
  const exact = groupLike(slice).find((group) => group.members.includes(id))
  return exact ?? collect(slice, undefined, byHub(slice)).find((group) => group.members.includes(id))
}

/**
 * Groups for a picture too large to be drawn node by node: exact likes first, else what hangs on the same hub, and if even that is too much
 * what is left over by kind; whole kinds as the last resort.
 */
export function groupLarge(slice: Slice, size = GROUPED_SIZE): NodeGroup[] {
  const drawn = (groups: readonly NodeGroup[]): number =>
    slice.nodes.length - groups.reduce((sum, group) => sum + group.members.length - 1, 0)
  const like = groupLike(slice)
  if (drawn(like) <= size) return like
  const round = collect(slice, undefined, byHub(slice))
  if (drawn(round) <= size) return round
  const taken = new Set(round.flatMap((group) => group.members))
  const over = new Set(slice.nodes.filter((node) => !taken.has(node.id)).map((node) => node.id))
  const rest = [...round, ...collect(slice, over, () => '')]
  return drawn(rest) <= size ? rest : collect(slice, undefined, () => '')
}

// A hub of a hub of a hub: further on everything hangs on everything.
const CLIMB = 3

/** The busy node everything around it hangs on: the busiest neighbour, and its busiest neighbour, as long as they get busier. */
function byHub(slice: Slice): (node: SliceNode) => string {
  const ties = tiesOf(slice)
  const degree = (id: string): number => ties.get(id)?.length ?? 0
  const busiest = new Map<string, string>()
  for (const { id } of slice.nodes) {
    let best = ''
    for (const { other } of ties.get(id) ?? [])
      if (best === '' || degree(other) > degree(best) || (degree(other) === degree(best) && other < best))
        best = other
    busiest.set(id, best)
  }
  return (node) => {
    let hub = busiest.get(node.id) ?? ''
    for (let step = 1; step < CLIMB; step++) {
      const next = busiest.get(hub) ?? ''
      if (next === '' || next === node.id || degree(next) <= degree(hub)) break
      hub = next
    }
    return hub
  }
}

function collect(
  slice: Slice,
  among: ReadonlySet<string> | undefined,
  signature: (node: SliceNode) => string,
): NodeGroup[] {
  const alone = lonersOf(slice)
  const sets = new Map<string, SliceNode[]>()
  for (const node of slice.nodes) {
    if (alone.has(node.id) || (among && !among.has(node.id))) continue
    const key = `${node.kind} ${node.rating} ${signature(node)}`
    const set = sets.get(key)
    if (set) set.push(node)
    else sets.set(key, [node])
  }
  return [...sets.values()].flatMap((set) => {
    const [first] = set
    return first === undefined || set.length < LEAST_LIKE
      ? []
      : [
          groupOf(
            set.map((node) => node.id),
            first.kind,
          ),
        ]
  })
}

/** A group of these nodes; its id follows from its members, so that undo and saved views find it again. */
export const groupOf = (members: readonly string[], kind: SliceNode['kind']): NodeGroup => ({
  id: `g${members[0] ?? ''}n${members.length}`,
  kind,
  members,
})
