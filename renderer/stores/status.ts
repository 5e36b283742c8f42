import { defineStore } from 'pinia'
import { ref } from 'vue'

/** What the open screen counts: shown of all, for the status bar. */
export const useStatusStore = defineStore('status', () => {
  const visible = ref<number | null>(null)
  const total = ref<number | null>(null)
  function set(newVisible: number | null, newTotal: number | null): void {
    visible.value = newVisible
    total.value = newTotal
  }
  return { visible, total, set }
})
