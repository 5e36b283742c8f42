import {
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type Updater,
} from '@tanstack/vue-table'
import { computed, watchEffect } from 'vue'
import type { EventRow } from '../../../core/contract/nouns/event.ts'
import { NARROWEST, useEventColumnStore, WIDEST } from '../../stores/event-columns.ts'
import { useTimelineStore } from '../../stores/timeline.ts'
import { COLUMNS } from './columns.ts'
import { fitColumns } from './fit-columns.ts'

const features = tableFeatures({
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSortingFeature,
})
const noRows: EventRow[] = []
const next = <T>(updater: Updater<T>, now: T): T =>
  typeof updater === 'function' ? (updater as (old: T) => T)(now) : updater

/**
 * The columns as TanStack Table keeps them; order, pins and sizes are the user's, sorting is that of the question. Rows come in pages.
 * @param room pixels there are for all columns
 */
export function useEventTable(room: () => number) {
  const columns = useEventColumnStore()
  const timeline = useTimelineStore()
  const state = computed(() => ({
    columnOrder: [...columns.layout.shown],
    columnPinning: { start: [...columns.layout.pinned], end: [] },
    columnSizing: { ...columns.layout.sizes },
    columnVisibility: Object.fromEntries(COLUMNS.map(({ id }) => [id, columns.layout.shown.includes(id)])),
    sorting: timeline.sort.map(({ by, descending }) => ({ id: idOfSort(by), desc: descending ?? false })),
  }))
  const table = useTable({
    features,
    data: noRows,
    columns: COLUMNS.map(({ id, size, sort }) => ({
      id,
      size,
      minSize: NARROWEST,
      maxSize: WIDEST,
      enableSorting: sort !== null,
      accessorFn: (row: EventRow) => row.fields[id] ?? null,
    })),
    manualSorting: true,
    columnResizeMode: 'onChange' as const,
    state,
    onColumnSizingChange: (updater: Updater<Record<string, number>>) => {
      for (const [id, size] of Object.entries(next(updater, state.value.columnSizing)))
        if (size !== columns.layout.sizes[id]) columns.resize(id, size)
    },
  })
  const fitted = computed(() => {
    // The layout is what changes them: reading it makes this follow.
    const { pinned, sizes } = columns.layout
    return fitColumns(
      [...table.getStartVisibleLeafColumns(), ...table.getCenterVisibleLeafColumns()].map(({ id }) => ({
        id,
        size: columns.sizeOf(id),
        isFixed: pinned.includes(id) || sizes[id] !== undefined,
      })),
      room(),
    )
  })
  watchEffect(() => (columns.folded = fitted.value.folded))
  return {
    table,
    /** Shown columns in their order, the pinned ones first, with what sticks them to the edge. */
    shown: computed(() => {
      const { pinned } = columns.layout
      let start = 0
      return fitted.value.columns.map(({ id, size }) => {
        const left = pinned.includes(id) ? start : null
        if (left !== null) start += size
        return { id, size, left }
      })
    }),
    /** The columns as CSS writes them. */
    template: computed(() =>
      fitted.value.columns
        .map(({ id, size }) => (id === fitted.value.elastic ? `minmax(${size}px, 1fr)` : `${size}px`))
        .join(' '),
    ),
  }
}

/** Column that a sort key stands for. */
export const idOfSort = (by: string): string => (by === 'process' ? 'process.executable' : by)
