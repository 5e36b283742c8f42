import { defineStore } from 'pinia'
import { markRaw, shallowRef, watch } from 'vue'
import type { EventCounts } from '../views/timeline/counts.ts'
import type { EventList } from '../views/timeline/use-event-pages.ts'
import type { TimelineState } from './timeline.ts'
import { useCaseStore } from './case.ts'

/** Where somebody was in the Timeline: what was asked for, how far down, on which row. */
export interface Place {
  readonly state: TimelineState
  scroll: number
  picked: string | null
}

/** What the Timeline has read and where one has been in it, so that going back shows it as it stood. Of the case that is open. */
export const useTimelineMemory = defineStore('timelineMemory', () => {
  const cases = useCaseStore()
  const lists: EventList[] = markRaw([])
  const counts: { readonly key: string; readonly counts: EventCounts }[] = markRaw([])
  const places = shallowRef<readonly Place[]>([])
  const current = shallowRef(-1)
  /** Events came or went. */
  function forgetEvents(): void {
    lists.splice(0)
    counts.splice(0)
  }
  watch(
    () => cases.info?.caseId,
    () => {
      forgetEvents()
      places.value = []
      current.value = -1
    },
  )
  return { lists, counts, places, current, forgetEvents }
})
