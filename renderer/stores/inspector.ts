import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useSettingsStore } from './settings.ts'

/** A thing the inspector can show: `kind` names the file `inspector/<kind>.inspector.vue`. */
export interface Inspected {
  readonly kind: string
  readonly id: string
}

// Enough to walk back through an hour's clicking; beyond it the oldest are forgotten.
const MAX_TRAIL = 200

/** What the right pane shows, with a trail for back and forward. */
export const useInspectorStore = defineStore('inspector', () => {
  const settings = useSettingsStore()
  const trail = ref<readonly Inspected[]>([])
  const at = ref(-1)
  const current = computed(() => trail.value[at.value])
  const canGoBack = computed(() => at.value > 0)
  const canGoForward = computed(() => at.value < trail.value.length - 1)

  function show(kind: string, id: string): void {
    settings.isInspectorOpen = true
    if (current.value?.kind === kind && current.value.id === id) return
    trail.value = [...trail.value.slice(0, at.value + 1), { kind, id }].slice(-MAX_TRAIL)
    at.value = trail.value.length - 1
  }
  const back = (): void => void (canGoBack.value && at.value--)
  const forward = (): void => void (canGoForward.value && at.value++)
  function clear(): void {
    trail.value = []
    at.value = -1
  }
  return { current, canGoBack, canGoForward, show, back, forward, clear }
})
