import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  Columns3,
  Crosshair,
  EyeOff,
  ListX,
  Minus,
  Pin,
  PinOff,
  Plus,
  Rows3,
  SquareCheckBig,
} from '@lucide/vue'
import type { EventRow } from '../../../core/contract/nouns/event.ts'
import { EVENT_GROUPS } from '../../../core/contract/nouns/event.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useCommands, type Command } from '../../stores/commands.ts'
import { useEventColumnStore } from '../../stores/event-columns.ts'
import { useTimelineMemory } from '../../stores/timeline-memory.ts'
import { useTimelineStore } from '../../stores/timeline.ts'
import { useTimeWindowStore } from '../../stores/time-window.ts'
import { findColumn, termOf } from './columns.ts'

/** Minutes to both sides of an event. */
export const PIVOTS = [1, 5, 30, 120] as const

/** What the Timeline offers in the palette and, for the cell one stands on, in the context menu. */
export function useTimelineCommands(on: {
  row(): EventRow | undefined
  cell(): string
  isPicked(): boolean
  clearPicked(): void
  pickAll(): void
  openColumns(): void
  openFilters(): void
  toggleFacets(): void
  clear(): void
  back(): void
  forward(): void
}): void {
  const { t } = useWords()
  const timeline = useTimelineStore()
  const memory = useTimelineMemory()
  const columns = useEventColumnStore()
  const span = useTimeWindowStore()

  const title = (id: string): string => {
    const text = findColumn(id)?.text
    return text == null ? id : t(text)
  }
  function narrow(isOut: boolean): void {
    const row = on.row()
    const term = row && termOf(row, on.cell())
    if (term) timeline.narrow(term.field, term.value, isOut)
  }
  function around(minutes: number, isOnEndpoint: boolean): void {
    const row = on.row()
    if (!row?.at) return
    if (isOnEndpoint && row.endpoint) {
      const { id, name } = row.endpoint
      timeline.clear()
      timeline.toggle('endpoint', { id, name })
    }
    span.around(row.at, minutes)
  }

  useCommands((): readonly Command[] => {
    const row = on.row()
    const cell = on.cell()
    const column = title(cell)
    const sort = findColumn(cell)?.sort ?? null
    const noRow = row ? undefined : t('command.why.nothing')
    const noTerm = noRow ?? (row && termOf(row, cell) ? undefined : t('timeline.why.noValue', { column }))
    const noTime = noRow ?? (row?.at ? undefined : t('timeline.why.noTime'))
    const noSort = sort === null ? t('timeline.why.noSort', { column }) : undefined
    const isPinned = columns.layout.pinned.includes(cell)
    return [
      {
        id: 'timeline-in',
        title: t('timeline.command.in', { column }),
        keys: ['+'],
        icon: Plus,
        isContext: true,
        isFirst: true,
        why: noTerm,
        run: () => narrow(false),
      },
      {
        id: 'timeline-out',
        title: t('timeline.command.out', { column }),
        keys: ['-'],
        icon: Minus,
        isContext: true,
        why: noTerm,
        run: () => narrow(true),
      },
      ...PIVOTS.map((minutes) => ({
        id: `timeline-around-${minutes}`,
        title: t('timeline.command.around', { minutes }),
        icon: Crosshair,
        isContext: true,
        why: noTime,
        run: () => around(minutes, false),
      })),
      {
        id: 'timeline-around-endpoint',
        title: t('timeline.command.aroundEndpoint', { minutes: 5 }),
        icon: Crosshair,
        isContext: true,
        why:
          noTime ?? (row?.endpoint ? undefined : t('timeline.why.noValue', { column: t('event.endpoint') })),
        run: () => around(5, true),
      },
      {
        id: 'timeline-ascending',
        title: t('timeline.command.ascending', { column }),
        icon: ArrowUp,
        isContext: true,
        isFirst: true,
        why: noSort,
        run: () => sort !== null && timeline.sortBy(sort, false, false),
      },
      {
        id: 'timeline-descending',
        title: t('timeline.command.descending', { column }),
        icon: ArrowDown,
        isContext: true,
        why: noSort,
        run: () => sort !== null && timeline.sortBy(sort, false, true),
      },
      {
        id: 'timeline-pin-column',
        title: t(isPinned ? 'timeline.command.unpin' : 'timeline.command.pin', { column }),
        icon: isPinned ? PinOff : Pin,
        isContext: true,
        run: () => columns.pin(cell, !isPinned),
      },
      {
        id: 'timeline-left',
        title: t('timeline.command.left', { column }),
        icon: ArrowLeft,
        why: columns.canStep(cell, -1) ? undefined : t('timeline.why.edge'),
        run: () => columns.step(cell, -1),
      },
      {
        id: 'timeline-right',
        title: t('timeline.command.right', { column }),
        icon: ArrowRight,
        why: columns.canStep(cell, 1) ? undefined : t('timeline.why.edge'),
        run: () => columns.step(cell, 1),
      },
      {
        id: 'timeline-hide',
        title: t('timeline.command.hide', { column }),
        icon: EyeOff,
        isContext: true,
        run: () => columns.show(cell, false),
      },
      {
        id: 'timeline-columns',
        title: t('timeline.columns'),
        icon: Columns3,
        isContext: true,
        run: on.openColumns,
      },
      {
        id: 'timeline-pick-all',
        title: t('timeline.command.pickAll'),
        keys: ['Ctrl A'],
        icon: SquareCheckBig,
        isContext: true,
        isFirst: true,
        run: on.pickAll,
      },
      {
        id: 'timeline-pick-none',
        title: t('timeline.command.pickNone'),
        icon: ListX,
        isContext: true,
        why: on.isPicked() ? undefined : t('timeline.why.noPicked'),
        run: on.clearPicked,
      },
      { id: 'timeline-filters', title: t('timeline.filters'), run: on.openFilters },
      { id: 'timeline-clear', title: t('timeline.clear'), run: on.clear },
      { id: 'timeline-facets', title: t('timeline.command.facets'), run: on.toggleFacets },
      {
        id: 'timeline-back',
        title: t('timeline.back'),
        why: memory.current > 0 ? undefined : t('timeline.why.noTrail'),
        run: on.back,
      },
      {
        id: 'timeline-forward',
        title: t('timeline.forward'),
        why: memory.current < memory.places.length - 1 ? undefined : t('timeline.why.noTrail'),
        run: on.forward,
      },
      ...[null, ...EVENT_GROUPS].map((by) => ({
        id: `timeline-lanes-${by ?? 'none'}`,
        title: `${t('timeline.lanes')}: ${t(`timeline.lanes.${by ?? 'none'}`)}`,
        icon: Rows3,
        why: timeline.lanes === by ? t('command.why.already') : undefined,
        run: () => (timeline.lanes = by),
      })),
    ]
  })
}
