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
const GROUPED_SIZE = 300

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

/** The nodes that look like this one: exactly, or else of its kind around the same busiest neighbour. */
export function likeOf(slice: Slice, id: string): NodeGroup | undefined {
  const exact = groupLike(slice).find((group) => group.members.includes(id))
  return exact ?? collect(slice, undefined, byBusiest(slice)).find((group) => group.members.includes(id))
}

/**
 * Groups for a picture too large to be drawn node by node: exact likes first, then what hangs on the same busy neighbour, then whole
 * kinds, until few enough nodes are left.
 */
export function groupLarge(slice: Slice, size = GROUPED_SIZE): NodeGroup[] {
  let groups: NodeGroup[] = []
  for (const signature of [undefined, byBusiest(slice), () => '']) {
    groups = signature ? collect(slice, undefined, signature) : groupLike(slice)
    const inGroups = groups.reduce((sum, group) => sum + group.members.length, 0)
    if (slice.nodes.length - inGroups + groups.length <= size) break
  }
  return groups
}

function byBusiest(slice: Slice): (node: SliceNode) => string {
  const ties = tiesOf(slice)
  return (node) => {
    const own = ties.get(node.id) ?? []
    let best: Tie | undefined
    for (const tie of own) {
      const [degree, most] = [ties.get(tie.other)?.length ?? 0, ties.get(best?.other ?? '')?.length ?? -1]
      if (degree > most || (degree === most && tie.other < (best?.other ?? ''))) best = tie
    }
    return best ? `${best.way}${best.kind} ${best.other}` : ''
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
