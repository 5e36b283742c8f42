import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { DetectionOrder } from '../../core/contract/nouns/detection.ts'
import { DETECTION_LEVELS, type DetectionLevel } from '../../core/model/detection.ts'

/** What the list of detections is narrowed to and ordered by; kept while other screens are open. */
export const useDetectionStore = defineStore('detections', () => {
  const levels = ref<readonly DetectionLevel[]>(DETECTION_LEVELS)
  const rule = ref('')
  const entityId = ref('')
  const order = ref<DetectionOrder>('newest')
  const isNarrowed = computed(
    () => levels.value.length < DETECTION_LEVELS.length || rule.value !== '' || entityId.value !== '',
  )
  /** As the engine is asked: what is not narrowed is not said. */
  const filter = computed(() => ({
    levels: levels.value.length < DETECTION_LEVELS.length ? [...levels.value] : null,
    rule: rule.value || null,
    entityId: entityId.value || null,
    order: order.value,
  }))

  function toggle(level: DetectionLevel): void {
    levels.value = DETECTION_LEVELS.filter((one) => (one === level) !== levels.value.includes(one))
  }
  /** Everything of the case again, in the order that was chosen. */
  function showAll(): void {
    levels.value = DETECTION_LEVELS
    rule.value = ''
    entityId.value = ''
  }
  /** Only these levels, newest first: what a short list elsewhere shows the head of. */
  function showLevels(shown: readonly DetectionLevel[]): void {
    showAll()
    levels.value = DETECTION_LEVELS.filter((one) => shown.includes(one))
    order.value = 'newest'
  }
  function clear(): void {
    showAll()
    order.value = 'newest'
  }
  return { levels, rule, entityId, order, isNarrowed, filter, toggle, showAll, showLevels, clear }
})
