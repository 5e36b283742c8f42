import { defineStore } from 'pinia'
import { onScopeDispose, ref, watchEffect } from 'vue'

/** Shown of all; a total of `null` is not known yet. */
export interface Counted {
  readonly visible: number
  readonly total: number | null
}

/** What the open screen or tab counts, for the status bar. */
export const useStatusStore = defineStore('status', () => {
  const visible = ref<number | null>(null)
  const total = ref<number | null>(null)
  let owner: symbol | undefined
  function set(who: symbol, counted: Counted | null): void {
    owner = who
    visible.value = counted?.visible ?? null
    total.value = counted?.total ?? null
  }
  /** Takes the counts away, unless somebody else counts by now. */
  function release(who: symbol): void {
    if (owner === who) set(who, null)
  }
  return { visible, total, set, release }
})

/** While the calling component lives the status bar shows these counts; `null`: it has none of its own. */
export function useCounted(counted: () => Counted | null): void {
  const status = useStatusStore()
  const who = Symbol('counted')
  watchEffect(() => status.set(who, counted()))
  onScopeDispose(() => status.release(who))
}
