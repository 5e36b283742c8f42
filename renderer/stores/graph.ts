import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { z } from 'zod'
import type { AttackPath } from '../../core/contract/nouns/graph.ts'
import type { EntityRef } from '../../core/contract/shapes.ts'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient } from '../client/client.ts'
import { EMPTY_SLICE, filterSlice, mergeSlices, withPath, type Slice } from '../graph/slice.ts'
import type { LayoutName } from '../graph/layout.ts'

export type Path = z.infer<typeof AttackPath>
/** What the picture shows; each step can be taken back. */
interface Picture {
  readonly slice: Slice
  readonly hidden: ReadonlySet<string>
}
// Each step keeps only references; two hundred are far below a megabyte.
const MAX_UNDO = 200
const DEFAULT_LIMIT = 120

/** The graph under study: a slice of the case, what is hidden in it, the paths found, and undo. */
export const useGraphStore = defineStore('graph', () => {
  const picture = shallowRef<Picture>({ slice: EMPTY_SLICE, hidden: new Set() })
  const past = shallowRef<readonly Picture[]>([])
  const future = shallowRef<readonly Picture[]>([])
  const kindsOff = ref<ReadonlySet<string>>(new Set())
  const showPossible = ref(true)
  const layout = ref<LayoutName>('layered')
  const selected = ref<string | null>(null)
  const from = ref('')
  const to = ref('')
  const observedOnly = ref(false)
  const paths = shallowRef<readonly Path[]>([])
  const pathIndex = ref(0)
  /** Set when the last question found no path: its two ends. */
  const noPath = shallowRef<{ readonly from: EntityRef; readonly to: EntityRef }>()
  const isLoading = ref(false)
  const error = shallowRef<PlainError>()
  /** Grows with every change that calls for a new layout. */
  const generation = ref(0)

  const path = computed(() => paths.value[pathIndex.value])
  const shown = computed(() =>
    filterSlice(picture.value.slice, {
      hidden: picture.value.hidden,
      kindsOff: kindsOff.value,
      showPossible: showPossible.value,
    }),
  )
  const isEmpty = computed(() => picture.value.slice.nodes.length === 0)

  function step(next: Picture): void {
    past.value = [...past.value, picture.value].slice(-MAX_UNDO)
    future.value = []
    picture.value = next
    generation.value++
  }
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

  /** The chain around one entity replaces the picture. */
  const showChain = (entity: string, depth = 4): Promise<void> =>
    asking(async () => {
      const slice = await getClient().call('chain.around', {
        entity,
        depth,
        limit: DEFAULT_LIMIT,
        possible: false,
      })
      paths.value = []
      noPath.value = undefined
      selected.value = /^\d+$/u.test(entity) ? entity : null
      step({ slice, hidden: new Set() })
    })
  /** Attack paths between two entities; the best one is drawn in the red thread. */
  const findPaths = (): Promise<void> =>
    asking(async () => {
      const found = await getClient().call('path.find', {
        from: from.value,
        to: to.value,
        observedOnly: observedOnly.value,
        alternatives: 5,
      })
      paths.value = found.paths
      noPath.value = found.paths.length === 0 ? { from: found.from, to: found.to } : undefined
      pathIndex.value = 0
      selected.value = null
      step({ slice: markPath(found.graph, found.paths[0]), hidden: new Set() })
    })
  function choosePath(index: number): void {
    pathIndex.value = index
    picture.value = { ...picture.value, slice: markPath(picture.value.slice, paths.value[index]) }
  }
  const expand = (entityId: string): Promise<void> =>
    asking(async () => {
      const more = await getClient().call('chain.expand', { entityId, possible: showPossible.value })
      const slice = mergeSlices(picture.value.slice, {
        ...more,
        edges: more.edges.map((edge) => ({ ...edge, onPath: false })),
      })
      const hidden = new Set(
        [...picture.value.hidden].filter((id) => !more.nodes.some((node) => node.id === id)),
      )
      step({ slice, hidden })
    })
  function hide(entityId: string): void {
    step({ ...picture.value, hidden: new Set([...picture.value.hidden, entityId]) })
    if (selected.value === entityId) selected.value = null
  }
  function showHidden(): void {
    step({ ...picture.value, hidden: new Set() })
  }
  function undo(): void {
    const before = past.value.at(-1)
    if (!before) return
    past.value = past.value.slice(0, -1)
    future.value = [picture.value, ...future.value]
    picture.value = before
    generation.value++
  }
  function redo(): void {
    const [next, ...rest] = future.value
    if (!next) return
    future.value = rest
    past.value = [...past.value, picture.value]
    picture.value = next
    generation.value++
  }
  function toggleKind(kind: string): void {
    const next = new Set(kindsOff.value)
    if (!next.delete(kind)) next.add(kind)
    kindsOff.value = next
    generation.value++
  }
  function togglePossible(): void {
    showPossible.value = !showPossible.value
    generation.value++
  }
  function clear(): void {
    picture.value = { slice: EMPTY_SLICE, hidden: new Set() }
    past.value = []
    future.value = []
    paths.value = []
    noPath.value = undefined
    kindsOff.value = new Set()
    selected.value = null
    error.value = undefined
    from.value = ''
    to.value = ''
    generation.value++
  }
  return {
    picture,
    past,
    future,
    kindsOff,
    showPossible,
    layout,
    selected,
    from,
    to,
    observedOnly,
    paths,
    pathIndex,
    path,
    noPath,
    isLoading,
    error,
    generation,
    shown,
    isEmpty,
    showChain,
    findPaths,
    choosePath,
    expand,
    hide,
    showHidden,
    undo,
    redo,
    toggleKind,
    togglePossible,
    clear,
  }
})

const markPath = (slice: Slice, path: Path | undefined): Slice =>
  withPath(slice, new Set(path?.hops.map((hop) => hop.relationId)))
