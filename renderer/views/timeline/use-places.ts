import { storeToRefs } from 'pinia'
import { computed, onScopeDispose, watch } from 'vue'
import { useNavigationStore } from '../../stores/navigation.ts'
import { useTimelineMemory } from '../../stores/timeline-memory.ts'
import { useTimelineStore } from '../../stores/timeline.ts'

/** Enough to walk back through an afternoon; beyond it the oldest are forgotten. */
const MOST_PLACES = 100
/** Changes closer together are one step (a word that is being typed). */
const ONE_STEP_MS = 900

/**
 * The way through the Timeline: every change of what is asked for is a place, and going back (also with the browser's own button or
 * from another screen) brings back filter, order, scroll and row.
 * @param here how far down and on which row one is now
 * @param go shows such a spot again
 */
export function usePlaces(
  here: () => { readonly scroll: number; readonly picked: string | null },
  go: (spot: { readonly scroll: number; readonly picked: string | null }) => void,
) {
  const timeline = useTimelineStore()
  const navigation = useNavigationStore()
  const { places, current } = storeToRefs(useTimelineMemory())
  let isRestoring = false
  let changedAt = 0

  /** Notes the spot in the place one is leaving. */
  function leave(): void {
    if (isRestoring) return
    const place = places.value[current.value]
    if (!place) return
    const { scroll, picked } = here()
    place.scroll = scroll
    place.picked = picked
  }
  function note(): void {
    if (isRestoring) return
    const state = timeline.state()
    const last = places.value[current.value]
    if (last && JSON.stringify(last.state) === JSON.stringify(state)) return
    const now = performance.now()
    // A pivot from another screen came here with an entry of its own.
    const isUnmarked = typeof (history.state as { timeline?: unknown } | null)?.timeline !== 'number'
    const isSameStep = last !== undefined && current.value > 0 && now - changedAt < ONE_STEP_MS
    changedAt = now
    const before = places.value.slice(0, isSameStep ? current.value : current.value + 1)
    places.value = [...before, { state, scroll: 0, picked: null }].slice(-MOST_PLACES)
    current.value = places.value.length - 1
    const mark = { ...(history.state as object | null), timeline: current.value }
    if (isSameStep || isUnmarked) history.replaceState(mark, '')
    else history.pushState(mark, '', location.hash)
  }
  function restore(index: number): void {
    const place = places.value[index]
    if (!place) return
    current.value = index
    isRestoring = true
    timeline.restore(place.state)
    queueMicrotask(() => {
      isRestoring = false
      go(place)
    })
  }
  function onPop(event: PopStateEvent): void {
    const index = (event.state as { timeline?: unknown } | null)?.timeline
    if (navigation.screenId !== 'timeline' || typeof index !== 'number' || index === current.value) return
    leave()
    restore(index)
  }
  window.addEventListener('popstate', onPop)
  onScopeDispose(() => {
    leave()
    window.removeEventListener('popstate', onPop)
  })
  // Before the change is applied: the spot still is that of the place one leaves.
  watch(() => JSON.stringify(timeline.state()), leave, { flush: 'sync' })
  watch(() => JSON.stringify(timeline.state()), note, { immediate: true })
  const spot = places.value[current.value]
  return {
    /** Where to begin: coming back from another screen nothing has moved. */
    spot: spot ? { scroll: spot.scroll, picked: spot.picked } : null,
    canGoBack: computed(() => current.value > 0),
    canGoForward: computed(() => current.value < places.value.length - 1),
    back: () => history.back(),
    forward: () => history.forward(),
  }
}
