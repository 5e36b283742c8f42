import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { EventKind } from '../../core/model/event.ts'
import { useTimeWindowStore } from './time-window.ts'

/** What the Timeline is asked for; kept while other screens are open. */
export const useTimelineStore = defineStore('timeline', () => {
  const span = useTimeWindowStore()
  const text = ref('')
  const kinds = ref<readonly EventKind[]>([])
  const order = ref<'oldest' | 'newest'>('oldest')
  const entity = ref<{ id: string; name: string; kind: string } | null>(null)
  const evidence = ref<{ id: string; name: string } | null>(null)

  const filter = computed(() => ({
    text: text.value,
    kinds: kinds.value.length > 0 ? [...kinds.value] : null,
    from: span.from,
    to: span.to,
    entityId: entity.value?.id ?? null,
    evidenceId: evidence.value?.id ?? null,
  }))
  function toggleKind(kind: EventKind): void {
    kinds.value = kinds.value.includes(kind)
      ? kinds.value.filter((one) => one !== kind)
      : [...kinds.value, kind]
  }
  /** Adds `field:"value"` to the query, or `-field:"value"` to leave such events out. */
  function narrow(field: string, value: string, isOut: boolean): void {
    const quoted = /^[\w.\\:@/-]+$/u.test(value) ? value : `"${value.replaceAll('"', '')}"`
    text.value = `${text.value} ${isOut ? '-' : ''}${field}:${quoted}`.trim()
  }
  function removeChip(chip: string): void {
    const at = text.value.indexOf(chip)
    if (at >= 0)
      text.value = `${text.value.slice(0, at)} ${text.value.slice(at + chip.length)}`
        .replaceAll(/\s+/gu, ' ')
        .trim()
  }
  function clear(): void {
    text.value = ''
    kinds.value = []
    entity.value = null
    evidence.value = null
  }
  return { text, kinds, order, entity, evidence, filter, toggleKind, narrow, removeChip, clear }
})
