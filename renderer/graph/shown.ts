import { foldedInto } from './collapse.ts'
import type { NodeGroup } from './grouping.ts'
import type { LineStyle, Picture } from './picture.ts'
import { filterSlice, type Slice, type SliceEdge, type SliceNode } from './slice.ts'

/** A node as drawn: an entity, a group of them, or neighbours that were not loaded. */
export interface ShownNode extends SliceNode {
  readonly group?: {
    readonly count: number
    /** Loaded members; none when they have yet to be asked for. */
    readonly members: readonly string[]
    /** The one kind of relation that leads to them, when it is one. */
    readonly relation: string | null
  }
  /** So many nodes are folded into this one. */
  readonly folded?: number
}
/** A line as drawn: one relation, or all of a kind between a group and something else. */
export interface ShownEdge extends SliceEdge {
  /** The relations behind a line that stands for several. */
  readonly lines?: readonly string[]
}
export interface ShownSlice extends Omit<Slice, 'nodes' | 'edges'> {
  readonly nodes: ShownNode[]
  readonly edges: ShownEdge[]
}

/** How a relation is drawn and filtered. */
export const styleOf = (edge: ShownEdge): LineStyle =>
  edge.kind.startsWith('analyst') ? 'analyst' : edge.observed ? 'observed' : 'possible'

/** The picture as it is drawn: filtered, folded, grouped. Groups have no name yet: that depends on the reader's language. */
export function toShown(picture: Picture): ShownSlice {
  const open = filterSlice(picture.slice, {
    hidden: picture.hidden,
    kindsOff: picture.kindsOff,
    isOff: (edge) => picture.linesOff.has(styleOf(edge)),
  })
  const into = foldedInto(open, picture.collapsed)
  const counts = new Map<string, number>()
  for (const id of into.values()) counts.set(id, (counts.get(id) ?? 0) + 1)
  const left = open.nodes.filter((node) => !into.has(node.id))
  const memberOf = membership(picture.groups, left)
  const nodes: ShownNode[] = left
    .filter((node) => !memberOf.has(node.id))
    .map((node) => (picture.collapsed.has(node.id) ? { ...node, folded: counts.get(node.id) ?? 0 } : node))
  const edges = joinEdges(
    open.edges.filter((edge) => !into.has(edge.from) && !into.has(edge.to)),
    memberOf,
  )
  nodes.push(...groupNodes(left, memberOf, picture.groups, edges))
  addUnloaded(open, nodes, edges)
  return { ...open, nodes, edges }
}

/** The group each visible member is in; groups of fewer than two visible members are open. */
function membership(
  groups: ReadonlyMap<string, NodeGroup>,
  nodes: readonly SliceNode[],
): ReadonlyMap<string, string> {
  const memberOf = new Map<string, string>()
  if (groups.size === 0) return memberOf
  const visible = new Set(nodes.map((node) => node.id))
  for (const group of groups.values()) {
    const members = group.members.filter((id) => visible.has(id))
    if (members.length > 1) for (const id of members) memberOf.set(id, group.id)
  }
  return memberOf
}

const worse = ['malicious', 'suspicious', 'unrated', 'normal'] as const

function groupNodes(
  nodes: readonly SliceNode[],
  memberOf: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, NodeGroup>,
  edges: readonly ShownEdge[],
): ShownNode[] {
  const members = new Map<string, SliceNode[]>()
  for (const node of nodes) {
    const id = memberOf.get(node.id)
    if (id === undefined) continue
    const list = members.get(id)
    if (list) list.push(node)
    else members.set(id, [node])
  }
  return [...members].map(([id, inside]): ShownNode => {
    const ways = new Set(edges.filter((edge) => edge.to === id).map((edge) => edge.kind))
    const times = inside.flatMap((node) => (node.at === null ? [] : [node.at])).sort()
    return {
      id,
      kind: groups.get(id)?.kind ?? 'group',
      name: '',
      at: times[0] ?? null,
      rating: worse.find((rating) => inside.some((node) => node.rating === rating)) ?? 'unrated',
      marks: [...new Set(inside.flatMap((node) => node.marks))],
      hidden: [],
      detail: '',
      group: {
        count: inside.length,
        members: inside.map((node) => node.id),
        relation: ways.size === 1 ? ([...ways][0] ?? null) : null,
      },
    }
  })
}

/** Lines between the same two ends, of one kind and style, are one line once an end is a group; lines inside a group go. */
function joinEdges(edges: readonly SliceEdge[], memberOf: ReadonlyMap<string, string>): ShownEdge[] {
  if (memberOf.size === 0) return [...edges]
  const shown: ShownEdge[] = []
  const joined = new Map<string, Joined>()
  for (const edge of edges) {
    const [from, to] = [memberOf.get(edge.from) ?? edge.from, memberOf.get(edge.to) ?? edge.to]
    if (from === edge.from && to === edge.to) {
      shown.push(edge)
      continue
    }
    if (from === to) continue
    const key = `${from} ${to} ${edge.kind} ${styleOf(edge)}`
    const known = joined.get(key)
    if (known) {
      known.lines.push(edge.id)
      known.count += edge.count
      known.at = earlier(known.at, edge.at)
      known.onPath ||= edge.onPath
      known.confidence = Math.max(known.confidence, edge.confidence)
    } else {
      const { at, onPath, confidence, count } = edge
      joined.set(key, { edge, from, to, lines: [edge.id], at, onPath, confidence, count })
    }
  }
  for (const { edge, lines, ...rest } of joined.values())
    shown.push(
      lines.length === 1
        ? { ...edge, ...rest }
        : { ...edge, ...rest, id: `m${edge.id}n${lines.length}`, lines },
    )
  return shown
}
/** Several lines on their way to be one. */
interface Joined extends Pick<ShownEdge, 'from' | 'to'> {
  /** The first of them. */
  readonly edge: SliceEdge
  readonly lines: string[]
  at: string | null
  onPath: boolean
  confidence: number
  count: number
}
const earlier = (a: string | null, b: string | null): string | null =>
  a === null ? b : b === null || a < b ? a : b

/** Neighbours the engine counted and did not send hang on their node as one: opened, they are asked for. */
function addUnloaded(open: Slice, nodes: ShownNode[], edges: ShownEdge[]): void {
  const drawn = new Set(nodes.map((node) => node.id))
  for (const { around, kind, direction, count } of open.grouped) {
    if (!drawn.has(around) || count <= 0) continue
    const id = moreId(around, kind, direction)
    nodes.push({
      id,
      kind: 'group',
      name: '',
      at: null,
      rating: 'unrated',
      marks: [],
      hidden: [],
      detail: '',
      group: { count, members: [], relation: kind },
    })
    edges.push({
      id: `u${id}`,
      from: direction === 'out' ? around : id,
      to: direction === 'out' ? id : around,
      kind,
      at: null,
      observed: true,
      confidence: 1,
      count,
      onPath: false,
      lines: [],
    })
  }
}
const moreId = (around: string, kind: string, direction: string): string => `u${around}_${kind}_${direction}`
/** The neighbours behind a node of {@link ShownNode.group} without members; undefined for any other node. */
export const unloadedOf = (slice: Slice, id: string): Slice['grouped'][number] | undefined =>
  slice.grouped.find((one) => moreId(one.around, one.kind, one.direction) === id)
