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
import { computed } from 'vue'
import type { EventRow } from '../../../core/contract/nouns/event.ts'
import { NARROWEST, useEventColumnStore, WIDEST } from '../../stores/event-columns.ts'
import { useTimelineStore } from '../../stores/timeline.ts'
import { COLUMNS } from './columns.ts'

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

/** The columns as TanStack Table keeps them; order, pins and sizes are the user's, sorting is that of the question. Rows come in pages. */
export function useEventTable() {
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
  return {
    table,
    /** Shown columns in their order, the pinned ones first, with what sticks them to the edge. */
    shown: computed(() => {
      // The layout is what changes them: reading it makes this follow.
      const { pinned } = columns.layout
      let start = 0
      return [...table.getStartVisibleLeafColumns(), ...table.getCenterVisibleLeafColumns()].map((column) => {
        const size = columns.sizeOf(column.id)
        const left = pinned.includes(column.id) ? start : null
        if (left !== null) start += size
        return { id: column.id, size, left }
      })
    }),
  }
}

/** Column that a sort key stands for. */
export const idOfSort = (by: string): string => (by === 'process' ? 'process.executable' : by)
