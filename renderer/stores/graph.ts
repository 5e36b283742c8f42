import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AttackPath } from '../../core/contract/nouns/graph.ts'
import type { EntityRef, TextRef } from '../../core/contract/shapes.ts'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient, onChanged } from '../client/client.ts'
import { groupLarge, MOST_OPEN, type NodeGroup } from '../graph/grouping.ts'
import { listsOf, type ChainLists, type ChainObject } from '../graph/chain-lists.ts'
import type { LayoutName, Positions } from '../graph/layout.ts'
import {
  EMPTY_PICTURE,
  isSamePath,
  markPath,
  toggled,
  withChosenPath,
  withCollapse,
  withHidden,
  withMore,
  withMoved,
  withPins,
  withSlice,
  type LineStyle,
  type Picture,
} from '../graph/picture.ts'
import { unloadedOf } from '../graph/shown.ts'
import { mergeSlices, withMatched, type Slice } from '../graph/slice.ts'
import { expandSlice, located, type Way } from './graph-expand.ts'
import { useGroups } from './graph-groups.ts'
import { useHistory, useShown } from './graph-history.ts'
import { refreshed } from './graph-refresh.ts'
import { useSelection } from './graph-selection.ts'

const DEFAULT_LIMIT = 120
const DEFAULT_DEPTH = 4

/** The graph under study: what of the case is in the picture, what was done to it, and the way back. */
export const useGraphStore = defineStore('graph', () => {
  const history = useHistory()
  const { picture, step } = history
  const from = ref('')
  const to = ref('')
  const observedOnly = ref(false)
  /** Set when the last question found no path: its two ends. */
  const noPath = shallowRef<{ readonly from: EntityRef; readonly to: EntityRef }>()
  /**
   * The path that was opened from a proposal, with what speaks for it: seldom the first of those found, which go by confidence and few hops.
   * `isBeside`: none of them, and put before them.
   */
  const proposal = shallowRef<{
    readonly path: AttackPath
    readonly reasons: readonly TextRef[]
    readonly isBeside: boolean
  }>()
  const isLoading = ref(false)
  const error = shallowRef<PlainError>()
  /** An empty picture somebody wants to fill node by node. */
  const isBlank = ref(false)
  /** Grows when another study begins: the view is not kept. */
  const study = ref(0)
  /** The picture of the last time is being fetched: nothing else is offered meanwhile. */
  const isResuming = ref(false)

  const paths = computed(() => picture.value.paths)
  const pathIndex = computed(() => picture.value.pathIndex)
  const path = computed(() => paths.value[pathIndex.value])
  /** Why the path under study was proposed, and its place among those found (from 1; null: none of them); undefined where that needs no word. */
  const proposed = computed(() => {
    const [now, told] = [path.value, proposal.value]
    if (!now || !told || !isSamePath(now, told.path)) return undefined
    if (told.isBeside) return { place: null, reasons: told.reasons }
    return pathIndex.value > 0 ? { place: pathIndex.value + 1, reasons: told.reasons } : undefined
  })
  const layout = computed(() => picture.value.layout)
  const shown = useShown(picture)
  const lists = computed(() => listsOf(picture.value.slice, picture.value.told))
  const { selected, selection, chosen, choose, deselect } = useSelection(shown)
  const isEmpty = computed(() => picture.value.slice.nodes.length === 0 && !isBlank.value)
  const showPossible = computed(() => !picture.value.linesOff.has('possible'))

  async function asking(work: () => Promise<void>): Promise<void> {
    isLoading.value = true
    error.value = undefined
    try {
      await work()
    } catch (thrown) {
      error.value = toPlainError(thrown)
    } finally {
      isLoading.value = false
    }
  }
  function begin(slice: Slice, more: Partial<Picture> = {}): void {
    const groups = more.groups === undefined && slice.nodes.length > MOST_OPEN ? groupLarge(slice) : []
    step(withSlice(picture.value, slice, { ...(groups.length > 0 ? { groups: byId(groups) } : {}), ...more }))
    selection.value = new Set()
    study.value++
  }

  /** The picture as it stood when the case was closed: where the way back ends. */
  function resume(
    slice: Slice,
    more: Partial<Picture>,
    question: { readonly from: string; readonly to: string; readonly observedOnly: boolean } | null,
  ): void {
    clear()
    picture.value = withSlice(picture.value, slice, more)
    // Worked out here and now, not when the screen opens: that has enough to do.
    void shown.value
    from.value = question?.from ?? ''
    to.value = question?.to ?? ''
    observedOnly.value = question?.observedOnly ?? false
  }

  /**
   * The chain around one entity replaces the picture.
   * @param run the sweep whose matches are marked; left out: what any sweep of the case matched
   */
  const showChain = (entity: string, run: string | null = null): Promise<void> =>
    asking(async () => {
      const matched = await getClient().call('sweep.matched', { id: run })
      const { lists, ...slice } = await getClient().call('chain.around', {
        entity,
        depth: DEFAULT_DEPTH,
        limit: DEFAULT_LIMIT,
        possible: false,
        matched: matched.ids,
      })
      noPath.value = undefined
      selected.value = /^\d+$/u.test(entity) ? entity : null
      begin(slice, { told: lists })
    })
  /** Everything a sweep matched, and what is between those. */
  const showMatches = (run: string): Promise<void> =>
    asking(async () => {
      const { ids } = await getClient().call('sweep.matched', { id: run })
      const slice = await getClient().call('graph.among', { entities: ids, possible: false })
      noPath.value = undefined
      selected.value = null
      begin(withMatched(slice))
    })
  /** A slice somebody has already, for instance the figure of a story with its paths. */
  function showSlice(slice: Slice, found: readonly AttackPath[] = [], told: ChainLists | null = null): void {
    noPath.value = undefined
    error.value = undefined
    selected.value = null
    const [best] = found
    from.value = best?.hops[0]?.from.id ?? ''
    to.value = best?.hops.at(-1)?.to.id ?? ''
    begin(best ? markPath(slice, best) : slice, { paths: found, told })
  }
  /** Chosen things and what is between them: rows of a grid, or the whole case. */
  const showAmong = (chosen: {
    readonly entities?: readonly string[]
    readonly events?: readonly string[]
    readonly whole?: boolean
  }): Promise<void> =>
    asking(async () => {
      const slice = await getClient().call('graph.among', {
        entities: [...(chosen.entities ?? [])],
        events: [...(chosen.events ?? [])],
        whole: chosen.whole ?? false,
      })
      noPath.value = undefined
      selected.value = null
      begin(slice)
    })
  /** Adds one entity, with its relations to what is there. */
  const add = (entity: string): Promise<void> =>
    asking(async () => {
      const { slice } = picture.value
      const more = await getClient().call('graph.among', {
        entities: [...new Set([...slice.nodes.map((node) => node.id), entity])],
      })
      isBlank.value = false
      step(withMore(picture.value, mergeSlices(slice, more)))
      selected.value = entity
    })
  /**
   * Attack paths between two entities; the best one is drawn in the red thread.
   * @param wanted the path somebody chose where it was proposed: drawn in place of the best, also when it is none of the alternatives
   * @param reasons why it was proposed
   */
  const findPaths = (wanted?: AttackPath, reasons: readonly TextRef[] = []): Promise<void> =>
    asking(async () => {
      proposal.value = undefined
      const found = await getClient().call('path.find', {
        from: from.value,
        to: to.value,
        observedOnly: observedOnly.value,
        alternatives: 5,
      })
      noPath.value = found.paths.length === 0 ? { from: found.from, to: found.to } : undefined
      selected.value = null
      const at = wanted ? found.paths.findIndex((path) => isSamePath(path, wanted)) : 0
      if (wanted) proposal.value = { path: wanted, reasons, isBeside: at < 0 }
      if (!wanted || at >= 0) {
        begin(markPath(found.graph, found.paths[at]), { paths: found.paths, pathIndex: Math.max(0, at) })
        return
      }
      const entities = wanted.hops.flatMap((hop) => [hop.from.id, hop.to.id])
      const more = await getClient().call('graph.among', { entities: [...new Set(entities)] })
      noPath.value = undefined
      begin(markPath(mergeSlices(found.graph, more), wanted), { paths: [wanted, ...found.paths] })
    })
  /** Shows nothing, ready to be filled. */
  function startBlank(): void {
    clear()
    isBlank.value = true
  }

  const choosePath = (index: number): void => step(withChosenPath(picture.value, index))
  /** Shows neighbours of a node: all of them, or those of one kind and direction. */
  const expand = (entityId: string, way: Way | null = null): Promise<void> =>
    asking(async () => {
      const slice = await expandSlice(picture.value.slice, entityId, way, showPossible.value)
      const back = slice.edges.flatMap((edge) =>
        edge.from === entityId ? [edge.to] : edge.to === entityId ? [edge.from] : [],
      )
      const next = withMore(picture.value, slice)
      const wanted = new Set(way === null ? back : [])
      step({ ...next, hidden: new Set([...next.hidden].filter((id) => !wanted.has(id))) })
    })
  /** Brings an object of the lists into sight, from behind whatever it is, and selects it. */
  const locate = ({ id }: Pick<ChainObject, 'id'>): Promise<void> =>
    asking(async () => {
      const seen = await located(picture.value, id)
      if (seen !== picture.value) step(seen)
      selection.value = new Set()
      selected.value = id
    })
  function hide(ids: readonly string[]): void {
    const all = ids.flatMap((id) => membersOf(id))
    step(withHidden(picture.value, all))
    deselect(ids)
  }
  const showHidden = (): void => step({ ...picture.value, hidden: new Set(), positions: null })
  const collapse = (id: string): void => step(withCollapse(picture.value, id))

  const groups = useGroups(history, shown, (id) => {
    deselect([...selection.value])
    selected.value = id
  })
  const { membersOf } = groups
  /** Opens a group: its members, or, where they were not loaded, the next of them. */
  async function ungroup(id: string): Promise<void> {
    const unloaded = unloadedOf(picture.value.slice, id)
    if (unloaded) return expand(unloaded.around, { kind: unloaded.kind, direction: unloaded.direction })
    groups.open(id)
  }
  const pin = (ids: readonly string[]): void =>
    step(withPins(picture.value, ids, picture.value.positions ?? {}))
  const move = (positions: Positions): void => step(withMoved(picture.value, positions))
  const setLayout = (next: LayoutName): void => {
    if (next !== picture.value.layout)
      step({ ...picture.value, layout: next, positions: null, isByHand: false })
  }
  const toggleKind = (kind: string): void =>
    step({ ...picture.value, kindsOff: toggled(picture.value.kindsOff, kind) })
  const toggleLine = (line: LineStyle): void =>
    step({ ...picture.value, linesOff: toggled(picture.value.linesOff, line) })

  /** The case changed: what the picture shows is looked up again. Not a step of its own. */
  async function refresh(): Promise<void> {
    const { slice } = picture.value
    if (slice.nodes.length === 0) return
    const found = await getClient().call('graph.among', { entities: slice.nodes.map((node) => node.id) })
    const now = picture.value.slice === slice ? refreshed(slice, found) : null
    if (now) picture.value = { ...picture.value, slice: now }
  }
  onChanged(['relation'], () => void asking(refresh))

  function undo(): void {
    history.undo()
    noPath.value = undefined
  }
  /** Nothing is shown any more; the picture can be had back. */
  function empty(): void {
    const { layout, linesOff } = picture.value
    begin(EMPTY_PICTURE.slice, { layout, linesOff })
    noPath.value = undefined
    selected.value = null
    error.value = undefined
    isBlank.value = false
    from.value = ''
    to.value = ''
  }
  /** Another case, or another beginning: there is no way back. */
  function clear(): void {
    history.forget()
    noPath.value = undefined
    selected.value = null
    selection.value = new Set()
    error.value = undefined
    isBlank.value = false
    from.value = ''
    to.value = ''
    study.value++
  }
  return {
    ...history,
    undo,
    layout,
    selected,
    selection,
    chosen,
    from,
    to,
    observedOnly,
    paths,
    pathIndex,
    path,
    proposed,
    noPath,
    isLoading,
    error,
    study,
    shown,
    isEmpty,
    isBlank,
    isResuming,
    showPossible,
    asking,
    begin,
    resume,
    showChain,
    showSlice,
    showMatches,
    showAmong,
    add,
    findPaths,
    startBlank,
    choosePath,
    expand,
    locate,
    lists,
    hide,
    showHidden,
    collapse,
    group: groups.group,
    groupAlike: groups.groupAlike,
    canGroupAlike: groups.canGroupAlike,
    ungroup,
    ungroupAll: groups.openAll,
    pin,
    move,
    setLayout,
    toggleKind,
    toggleLine,
    membersOf,
    choose,
    empty,
    clear,
  }
})

const byId = (groups: readonly NodeGroup[]): ReadonlyMap<string, NodeGroup> =>
  new Map(groups.map((group) => [group.id, group]))
