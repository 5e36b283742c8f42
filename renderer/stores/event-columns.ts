import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { COLUMN_SETS, COLUMNS, findColumn } from '../views/timeline/columns.ts'
import { remembered } from './remembered.ts'

/** How the columns of the Timeline stand: of this user, on every case. */
export interface ColumnLayout {
  /** Shown, in their order. */
  readonly shown: readonly string[]
  /** Pinned at the start. */
  readonly pinned: readonly string[]
  readonly sizes: Readonly<Record<string, number>>
}
export interface ColumnSet extends ColumnLayout {
  readonly name: string
}

export const NARROWEST = 48
export const WIDEST = 1200
/** Sets one user can keep. */
const MOST_SETS = 40

const beginning: ColumnLayout = { shown: COLUMN_SETS[0]?.columns ?? [], pinned: [], sizes: {} }

/** What was kept, without columns that do not exist and sizes that make no sense. */
export function readLayout(kept: unknown): ColumnLayout {
  if (typeof kept !== 'object' || kept === null) return beginning
  const { shown, pinned, sizes } = kept as Partial<Record<keyof ColumnLayout, unknown>>
  const ids = (list: unknown): string[] =>
    Array.isArray(list)
      ? [
          ...new Set(
            list.filter((id): id is string => typeof id === 'string' && findColumn(id) !== undefined),
          ),
        ]
      : []
  const columns = ids(shown)
  if (columns.length === 0) return beginning
  const widths = typeof sizes === 'object' && sizes !== null ? Object.entries(sizes) : []
  return {
    shown: columns,
    pinned: ids(pinned).filter((id) => columns.includes(id)),
    sizes: Object.fromEntries(
      widths.filter(
        ([id, size]) => findColumn(id) && typeof size === 'number' && size >= NARROWEST && size <= WIDEST,
      ),
    ) as Record<string, number>,
  }
}
const readSets = (kept: unknown): readonly ColumnSet[] =>
  Array.isArray(kept)
    ? kept.slice(0, MOST_SETS).flatMap((one: unknown) => {
        const name = (one as { name?: unknown } | null)?.name
        return typeof name === 'string' && name !== '' ? [{ ...readLayout(one), name }] : []
      })
    : []

export const useEventColumnStore = defineStore('eventColumns', () => {
  const layout = remembered('timeline.columns', readLayout)
  const sets = remembered('timeline.columnSets', readSets)
  const shown = computed(() => layout.value.shown)
  const hidden = computed(() => COLUMNS.filter(({ id }) => !layout.value.shown.includes(id)))
  /** Shown by the user's wish, and left out for want of room as the window is now. */
  const folded = shallowRef<readonly string[]>([])
  const set = (change: Partial<ColumnLayout>): void => void (layout.value = { ...layout.value, ...change })

  const sizeOf = (id: string): number => layout.value.sizes[id] ?? findColumn(id)?.size ?? 140
  function resize(id: string, size: number): void {
    set({ sizes: { ...layout.value.sizes, [id]: Math.round(Math.min(WIDEST, Math.max(NARROWEST, size))) } })
  }
  /** Lets a column have the width it needs again, and give way where room is short. */
  function release(id: string): void {
    set({ sizes: Object.fromEntries(Object.entries(layout.value.sizes).filter(([one]) => one !== id)) })
  }
  /** Puts a column where another one stands; pinned ones stay among the pinned. */
  function move(id: string, before: string): void {
    if (id === before) return
    const from = layout.value.shown.indexOf(id)
    const to = layout.value.shown.indexOf(before)
    if (from < 0 || to < 0) return
    const rest = layout.value.shown.filter((one) => one !== id)
    const list = [...rest.slice(0, to), id, ...rest.slice(to)]
    set({ shown: list, pinned: list.filter((one) => layout.value.pinned.includes(one)) })
  }
  /** One place to the left (-1) or right (1), among what is pinned like it. */
  function step(id: string, by: -1 | 1): void {
    const next = besides(id, by)
    if (next !== undefined) move(id, next)
  }
  function besides(id: string, by: -1 | 1): string | undefined {
    const isPinned = layout.value.pinned.includes(id)
    const like = layout.value.shown.filter((one) => layout.value.pinned.includes(one) === isPinned)
    return like[like.indexOf(id) + by]
  }
  const canStep = (id: string, by: -1 | 1): boolean => besides(id, by) !== undefined
  function show(id: string, isShown: boolean): void {
    if (isShown === layout.value.shown.includes(id)) return
    const list = isShown ? [...layout.value.shown, id] : layout.value.shown.filter((one) => one !== id)
    if (list.length > 0) set({ shown: list, pinned: layout.value.pinned.filter((one) => list.includes(one)) })
  }
  function pin(id: string, isPinned: boolean): void {
    const pinned = layout.value.pinned.filter((one) => one !== id)
    set({
      pinned: isPinned ? layout.value.shown.filter((one) => one === id || pinned.includes(one)) : pinned,
    })
  }
  const use = (next: ColumnLayout): void => void (layout.value = readLayout(next))
  function saveSet(name: string): void {
    sets.value = [...sets.value.filter((one) => one.name !== name), { ...layout.value, name }].slice(
      -MOST_SETS,
    )
  }
  const removeSet = (name: string): void => void (sets.value = sets.value.filter((one) => one.name !== name))
  return {
    layout,
    sets,
    shown,
    hidden,
    folded,
    sizeOf,
    resize,
    release,
    move,
    step,
    canStep,
    show,
    pin,
    use,
    saveSet,
    removeSet,
  }
})
