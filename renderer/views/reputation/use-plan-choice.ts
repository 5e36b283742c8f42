import { computed, ref, watch } from 'vue'
import type { PlanItem, PlanState } from '../../../core/contract/nouns/plan.ts'
import { getClient } from '../../client/client.ts'
import { useNoticeStore } from '../../stores/notices.ts'

/** Steps the engine takes in one call. */
const MOST_AT_ONCE = 10_000

/**
 * Which steps a decision is of, and making it.
 * @param items the steps that can be chosen; what leaves them is not chosen any more
 * @param decided called when something was decided, or could not be
 */
export function usePlanChoice(items: () => readonly PlanItem[], decided: () => Promise<void>) {
  const notices = useNoticeStore()
  const chosen = ref<ReadonlySet<string>>(new Set())
  const note = ref('')
  const isAll = (some: readonly PlanItem[]): boolean =>
    some.length > 0 && some.every((item) => chosen.value.has(item.id))
  const isSome = (some: readonly PlanItem[]): boolean =>
    !isAll(some) && some.some((item) => chosen.value.has(item.id))
  const isAllChosen = computed(() => isAll(items()))
  watch(items, (list) => {
    const known = new Set(list.map((item) => item.id))
    chosen.value = new Set([...chosen.value].filter((id) => known.has(id)))
  })
  /** Chooses these, or none of them where all are chosen. */
  function toggle(some: readonly PlanItem[]): void {
    const ids = some.map((item) => item.id)
    chosen.value = isAll(some)
      ? new Set([...chosen.value].filter((id) => !ids.includes(id)))
      : new Set([...chosen.value, ...ids])
  }
  async function decide(state: PlanState): Promise<void> {
    const ids = [...chosen.value]
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
      const part = ids.slice(at, at + MOST_AT_ONCE)
      const done = await notices.guard(() =>
        getClient().call('plan.decide', { ids: part, state, note: note.value }),
      )
      if (!done) return decided()
    }
    chosen.value = new Set()
    note.value = ''
    await decided()
  }
  return { chosen, note, isAll, isSome, isAllChosen, toggle, decide }
}
