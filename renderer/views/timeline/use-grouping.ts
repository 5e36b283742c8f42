import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { EventRow } from '../../../core/contract/nouns/event.ts'
import { EVENT_KINDS } from '../../../core/model/event.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useTimelineStore, type Grouping } from '../../stores/timeline.ts'
import type { EventCounts } from './counts.ts'
import type { GroupHead } from './group-rows.ts'

/** The value by which a row is grouped, and what it is called. */
export interface RowGroup {
  readonly value: string
  readonly name: string
}

/** Value of rows that have none. */
const NONE = 'n'

/** Rows under the heads of a value they share: how that is asked for, and which values are folded. */
export function useGrouping() {
  const timeline = useTimelineStore()
  const { t, word, locale } = useWords()
  const folded = shallowRef<ReadonlySet<string>>(new Set())
  watch(
    () => timeline.grouping,
    () => (folded.value = new Set()),
  )
  /** Grouped, the value comes first; within it the order of time as chosen. */
  function groupSort(by: Grouping) {
    const time = timeline.sort.find((one) => one.by === 'time')
    return [{ by, descending: false }, ...(time ? [time] : [])]
  }
  /** What is asked of the engine. */
  const question = computed(() => ({
    ...timeline.filter,
    sort: timeline.grouping === null ? [...timeline.sort] : groupSort(timeline.grouping),
    // Names are sorted as the reader's language has it; the order of time is the same in all.
    lang: timeline.grouping === null && timeline.isSortedByTime ? null : locale.value,
    fold: timeline.grouping === null || folded.value.size === 0 ? null : { values: [...folded.value] },
  }))
  function groupOf(row: EventRow): RowGroup | null {
    switch (timeline.grouping) {
      case null:
        return null
      case 'kind':
        return { value: String(EVENT_KINDS.indexOf(row.kind)), name: row.kind }
      case 'source':
        return { value: row.evidenceId, name: '' }
      default: {
        const entity = row[timeline.grouping]
        return { value: entity?.id ?? NONE, name: entity?.name ?? '' }
      }
    }
  }
  function nameOf(group: Grouping, { value, name }: RowGroup, sources: ReadonlyMap<string, string>): string {
    if (group === 'kind') return word('event.kind', name)
    if (group === 'source') return sources.get(value) ?? value
    return value === NONE ? t('timeline.group.none') : name
  }
  /**
   * The heads above the rows.
   * @param starts where each value begins among the rows
   * @param sources names of evidence by its id
   */
  const headsOf = (
    starts: () => readonly (RowGroup & { readonly first: number })[],
    counts: () => EventCounts | undefined,
    sources: () => ReadonlyMap<string, string>,
  ): ComputedRef<readonly GroupHead[]> =>
    computed(() => {
      const group = timeline.grouping
      if (group === null) return []
      const values = new Map(
        group === 'kind'
          ? (counts()?.kinds ?? []).map(({ kind, count }) => [String(EVENT_KINDS.indexOf(kind)), count])
          : (counts()?.groups.get(group) ?? []).map(({ id, count }) => [id, count]),
      )
      return starts().map((start) => ({
        value: start.value,
        name: nameOf(group, start, sources()),
        count: values.get(start.value) ?? null,
        first: start.first,
        isFolded: folded.value.has(start.value),
      }))
    })
  function fold(head: GroupHead): void {
    const next = new Set(folded.value)
    if (!next.delete(head.value)) next.add(head.value)
    folded.value = next
  }
  return { question, groupOf, headsOf, fold }
}
