import { computed } from 'vue'
import { EVENT_GROUPS } from '../../../core/contract/nouns/event.ts'
import { useTimelineStore } from '../../stores/timeline.ts'
import type { GroupValue } from './counts.ts'
import { useCounts } from './use-counts.ts'

/** Lanes there is room for. */
const LANES = 10
const BUCKETS = 160

/**
 * What is counted beside the rows: all that is found, over time and by value; the values of the facets; the lanes.
 * @param isReady rows come first; what is counted is asked for when they are there
 */
export function useTimelineCounts(isReady: () => boolean) {
  const timeline = useTimelineStore()
  const by = [...EVENT_GROUPS]
  const found = useCounts(() => ({ ...timeline.filter, by, buckets: BUCKETS }), isReady)
  // Facets count what the search finds before one of their values is chosen, so that another can be chosen next.
  const isChosen = computed(
    () =>
      timeline.kinds.length + timeline.endpoint.length + timeline.user.length + timeline.source.length > 0,
  )
  const others = useCounts(
    () => (isChosen.value ? { ...timeline.base, by, buckets: 10 } : null),
    () => isReady() && !found.isCounting.value,
  )
  const facets = computed(() =>
    isChosen.value ? (others.counts.value ?? found.counts.value) : found.counts.value,
  )
  const laneValues = computed<readonly GroupValue[]>(() => {
    const group = timeline.lanes
    return group === null ? [] : (found.counts.value?.groups.get(group) ?? []).slice(0, LANES)
  })
  const inLanes = useCounts(
    () =>
      timeline.lanes === null || laneValues.value.length === 0 || found.counts.value?.isWhole !== true
        ? null
        : {
            ...timeline.filter,
            by: [],
            buckets: BUCKETS,
            lanes: { by: timeline.lanes, ids: laneValues.value.map(({ id }) => id) },
          },
    isReady,
  )
  const counts = computed(() => found.counts.value)
  const total = computed(() =>
    counts.value?.isWhole === true && !found.isCounting.value ? counts.value.total : null,
  )
  const sources = computed(
    () => new Map((counts.value?.groups.get('source') ?? []).map(({ id, name }) => [id, name])),
  )
  return {
    counts,
    isCounting: found.isCounting,
    facets,
    laneValues,
    laneCounts: inLanes.counts,
    /** Null until everything is counted. */
    total,
    /** Names of evidence by its id. */
    sources,
  }
}
