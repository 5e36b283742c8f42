import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { toIso } from '../i18n/format.ts'

const MIN_SPAN_MS = 1000

/** The stretch of time under study, for every screen. Null ends are open. */
export const useTimeWindowStore = defineStore('timeWindow', () => {
  const from = ref<string | null>(null)
  const to = ref<string | null>(null)
  const isSet = computed(() => from.value !== null || to.value !== null)

  function set(newFrom: string | null, newTo: string | null): void {
    from.value = newFrom
    to.value = newTo
  }
  const clear = (): void => set(null, null)

  /** Widens (factor > 1) or narrows (< 1) around the middle; an open window is first closed to `whole`. */
  function scale(factor: number, whole: { from: string | null; to: string | null } | undefined): void {
    const start = Date.parse(from.value ?? whole?.from ?? '')
    const end = Date.parse(to.value ?? whole?.to ?? '')
    if (!Number.isFinite(start) || !Number.isFinite(end)) return
    const half = Math.max(MIN_SPAN_MS, (end - start) * factor) / 2
    const middle = (start + end) / 2
    const isWhole =
      factor > 1 &&
      middle - half <= Date.parse(whole?.from ?? '') &&
      middle + half >= Date.parse(whole?.to ?? '')
    // Wider than everything there is: no window at all.
    if (isWhole) clear()
    else set(toIso(Math.floor(middle - half)), toIso(Math.ceil(middle + half)))
  }
  /** A window of `minutes` on both sides of a time. */
  const around = (iso: string, minutes: number): void =>
    set(toIso(Date.parse(iso) - minutes * 60_000), toIso(Date.parse(iso) + minutes * 60_000))

  /** True when a time lies inside; undated things are never cut off. */
  function contains(iso: string | null): boolean {
    if (iso === null) return true
    return (from.value === null || iso >= from.value) && (to.value === null || iso <= to.value)
  }
  return { from, to, isSet, set, clear, scale, around, contains }
})
