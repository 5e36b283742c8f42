import { defineStore } from 'pinia'
import { nextTick, ref, watch } from 'vue'
import { WorkbenchError } from '../../core/model/errors.ts'
import { getClient } from '../client/client.ts'
import { groupOf } from '../graph/grouping.ts'
import type { Point, Positions } from '../graph/layout.ts'
import type { Picture } from '../graph/picture.ts'
import { cutEdges, withPath, type Slice } from '../graph/slice.ts'
import { ViewState, toViewState } from '../graph/view-state.ts'
import { useGraphStore } from './graph.ts'
import { keptPaths } from './kept-path.ts'
import { useNoticeStore } from './notices.ts'

const SCREEN = 'graph'

/** Pictures of the graph that are kept in the case under a name. */
export const useGraphViewStore = defineStore('graph-views', () => {
  const graph = useGraphStore()
  const notices = useNoticeStore()
  const isOpen = ref(false)
  /** The view that is on the canvas, as far as it was not left since. */
  const current = ref<{ readonly id: string; readonly name: string } | null>(null)
  watch(
    () => graph.isEmpty,
    () => (current.value = null),
  )

  /** Keeps the picture; one of the same name is replaced. False when that failed. */
  async function save(name: string, places: Positions): Promise<boolean> {
    const state = toViewState(graph.picture, places, graph)
    const saved = await notices.guard(() => getClient().call('view.save', { screen: SCREEN, name, state }))
    if (!saved) return false
    current.value = { id: saved.id, name }
    notices.say('graph.view.saved', { name })
    return true
  }
  /** Draws a view with what the case knows today, and says what of it is gone. */
  const open = (id: string): Promise<void> =>
    graph.asking(async () => {
      const view = await getClient().call('view.get', { id })
      const { data: state } = ViewState.safeParse(view.state)
      if (!state) throw new WorkbenchError('request.invalid', { field: 'view', problem: view.name })
      const { slice, more, gone } = await drawn(state)
      graph.from = state.path?.from ?? ''
      graph.to = state.path?.to ?? ''
      graph.observedOnly = state.path?.observedOnly ?? false
      graph.selected = null
      graph.begin(slice, more)
      isOpen.value = false
      await nextTick()
      current.value = { id, name: view.name }
      if (gone > 0) notices.say('graph.view.gone', { count: gone }, 'plain')
    })
  const renamed = (id: string, name: string): void => {
    if (current.value?.id === id) current.value = { id, name }
  }
  const removed = (id: string): void => {
    if (current.value?.id === id) current.value = null
  }
  return { isOpen, current, save, open, renamed, removed }
})

/** A kept picture with what the case knows today, and how many of its things are gone. */
export async function drawn(
  state: ViewState,
): Promise<{ readonly slice: Slice; readonly more: Partial<Picture>; readonly gone: number }> {
  const found = await getClient().call('graph.among', {
    entities: state.nodes,
    possible: state.possible,
  })
  const slice = sliceOf(state, found)
  const more = { ...pictureOf(state, slice), ...(await keptPaths(state, slice)) }
  return { slice, more, gone: state.nodes.length - found.nodes.length }
}

/** The kept part of what the case holds between the nodes of a view. */
function sliceOf(state: ViewState, found: Slice): Slice {
  const kept = state.edges === null ? null : new Set(state.edges)
  const hasKept = kept !== null && found.edges.some((edge) => kept.has(edge.id))
  const cut = hasKept ? cutEdges(found, (edge) => kept.has(edge.id)) : found
  const marks = new Map(state.marks)
  const there = new Set(found.nodes.map((node) => node.id))
  const slice: Slice = {
    nodes: cut.nodes.map((node) => ({
      ...node,
      marks: [...new Set([...node.marks, ...(marks.get(node.id) ?? [])])],
    })),
    edges: cut.edges,
    ...(state.alone > 0 ? { alone: state.alone } : {}),
    total: { nodes: Math.max(state.total, found.nodes.length), edges: found.total.edges },
    grouped: state.grouped.flatMap(([around, kind, direction, count]) => {
      const way = cut.nodes
        .find((node) => node.id === around)
        ?.hidden.find((one) => one.kind === kind && one.direction === direction)
      return way && there.has(around)
        ? [{ around, kind: way.kind, direction, count: Math.min(count, way.count) }]
        : []
    }),
  }
  return withPath(slice, new Set(state.path?.relations))
}

function pictureOf(state: ViewState, slice: Slice): Partial<Picture> {
  const kinds = new Map(slice.nodes.map((node) => [node.id, node.kind]))
  const places = Object.fromEntries(
    Object.entries(state.positions).map(([id, [x, y]]): [string, Point] => [id, { x, y }]),
  )
  const groups = state.groups.flatMap((members) => {
    const there = members.filter((id) => kinds.has(id))
    const [first = 'group'] = there.map((id) => kinds.get(id))
    if (there.length < 2) return []
    return [groupOf(there, there.every((id) => kinds.get(id) === first) ? first : 'group')]
  })
  return {
    layout: state.layout,
    positions: places,
    isByHand: state.isByHand,
    pinned: new Map(state.pinned.flatMap((id) => (places[id] ? [[id, places[id]]] : []))),
    hidden: new Set(state.hidden),
    collapsed: new Set(state.collapsed),
    groups: new Map(groups.map((group) => [group.id, group])),
    kindsOff: new Set(state.kindsOff),
    linesOff: new Set(state.linesOff),
  }
}
