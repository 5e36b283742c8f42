import type { AttackPath } from '../../core/contract/nouns/graph.ts'
import type { ChainLists } from './chain-lists.ts'
import type { NodeGroup } from './grouping.ts'
import type { LayoutName, Point, Positions } from './layout.ts'
import { EMPTY_SLICE, withPath, type Slice } from './slice.ts'

/** How a relation is drawn, which is also how it is filtered. */
export const LINE_STYLES = ['observed', 'possible', 'analyst'] as const
export type LineStyle = (typeof LINE_STYLES)[number]

/** Everything that makes up what the graph shows: one immutable value per step, so that every step can be taken back. */
export interface Picture {
  readonly slice: Slice
  readonly hidden: ReadonlySet<string>
  /** Closed groups by their id; their members are drawn as one node. */
  readonly groups: ReadonlyMap<string, NodeGroup>
  /** Nodes whose own followers are folded into them. */
  readonly collapsed: ReadonlySet<string>
  /** Nodes that keep their place in any layout. */
  readonly pinned: ReadonlyMap<string, Point>
  readonly kindsOff: ReadonlySet<string>
  readonly linesOff: ReadonlySet<LineStyle>
  readonly layout: LayoutName
  /** Where everything stands; null: to be laid out. */
  readonly positions: Positions | null
  /** Somebody moved nodes: the layout is not to be folded anew to fit the window. */
  readonly isByHand: boolean
  readonly paths: readonly AttackPath[]
  readonly pathIndex: number
  /** Of a chain: its objects as the engine listed them, also those behind groups. */
  readonly told: ChainLists | null
}

export const EMPTY_PICTURE: Picture = {
  slice: EMPTY_SLICE,
  hidden: new Set(),
  groups: new Map(),
  collapsed: new Set(),
  pinned: new Map(),
  kindsOff: new Set(),
  linesOff: new Set(),
  layout: 'layered',
  positions: null,
  isByHand: false,
  paths: [],
  pathIndex: 0,
  told: null,
}

/** Another slice in place of the one before: what was done to the old one is gone, the layout and the filters of lines stay. */
export const withSlice = (before: Picture, slice: Slice, more: Partial<Picture> = {}): Picture => ({
  ...EMPTY_PICTURE,
  layout: before.layout,
  linesOff: before.linesOff,
  slice,
  ...more,
})

/** A larger slice of the same study: filters, groups and pins stay, places are found anew. */
export const withMore = (before: Picture, slice: Slice): Picture => {
  const fresh = new Set(slice.nodes.map((node) => node.id))
  for (const node of before.slice.nodes) fresh.delete(node.id)
  const collapsed = new Set(before.collapsed)
  return {
    ...before,
    slice,
    collapsed,
    hidden: new Set([...before.hidden].filter((id) => !fresh.has(id))),
    positions: null,
    isByHand: false,
  }
}

export const withHidden = (before: Picture, ids: Iterable<string>): Picture => ({
  ...before,
  hidden: new Set([...before.hidden, ...ids]),
})

/** Turns one member of a set on or off. */
export function toggled<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(one)) next.add(one)
  return next
}

/** Folds followers into a node, or lets them out again. Nothing else moves. */
export const withCollapse = (before: Picture, id: string): Picture => ({
  ...before,
  collapsed: toggled(before.collapsed, id),
})

export const withGroups = (before: Picture, groups: readonly NodeGroup[]): Picture => {
  const taken = new Set(groups.flatMap((group) => group.members))
  const kept = [...before.groups].filter(([, group]) => !group.members.some((id) => taken.has(id)))
  return {
    ...before,
    groups: new Map([...kept, ...groups.map((group): [string, NodeGroup] => [group.id, group])]),
    positions: null,
    isByHand: false,
  }
}

/** Pins nodes where they stand, or lets them go. */
export const withPins = (before: Picture, ids: readonly string[], places: Positions): Picture => {
  const pinned = new Map(before.pinned)
  const isOff = ids.every((id) => pinned.has(id))
  for (const id of ids) {
    const place = places[id]
    if (isOff) pinned.delete(id)
    else if (place) pinned.set(id, place)
  }
  return { ...before, pinned }
}

/** After nodes were dragged: where everything stands now. Pinned nodes are pinned at their new place. */
export const withMoved = (before: Picture, positions: Positions): Picture => ({
  ...before,
  positions: { ...before.positions, ...positions },
  isByHand: true,
  pinned: new Map([...before.pinned].map(([id, place]) => [id, positions[id] ?? place])),
})

/** Another of the found paths is the one under study. */
export const withChosenPath = (before: Picture, index: number): Picture => ({
  ...before,
  pathIndex: index,
  slice: markPath(before.slice, before.paths[index]),
})

/** Whether two paths take the same relations in the same order. */
export const isSamePath = (one: AttackPath, other: AttackPath): boolean =>
  one.hops.length === other.hops.length &&
  one.hops.every((hop, index) => hop.relationId === other.hops[index]?.relationId)

/** Draws exactly this path in the red thread. */
export const markPath = (slice: Slice, path: AttackPath | undefined): Slice =>
  withPath(slice, new Set(path?.hops.map((hop) => hop.relationId)))
