import { computed, ref, shallowRef, type ComputedRef } from 'vue'
import type { ShownSlice } from '../graph/shown.ts'

/** What is picked in the picture: one thing that is shown in full, and nodes chosen together. Not part of undo. */
export function useSelection(shown: ComputedRef<ShownSlice>) {
  /** What the inspector shows: an entity, or `e` and a relation. */
  const selected = ref<string | null>(null)
  /** Nodes chosen together, for actions on all of them. */
  const selection = shallowRef<ReadonlySet<string>>(new Set())
  /** What an action is about: the selection, or else the node that is selected. */
  const chosen = computed<readonly string[]>(() => {
    const drawn = new Set(shown.value.nodes.map((node) => node.id))
    const many = [...selection.value].filter((id) => drawn.has(id))
    if (many.length > 0) return many
    return selected.value !== null && drawn.has(selected.value) ? [selected.value] : []
  })
  function choose(ids: Iterable<string>, isMore: boolean): void {
    selection.value = new Set(isMore ? [...selection.value, ...ids] : ids)
  }
  function deselect(ids: readonly string[]): void {
    const gone = new Set(ids)
    selection.value = new Set([...selection.value].filter((id) => !gone.has(id)))
    if (selected.value !== null && gone.has(selected.value)) selected.value = null
  }
  return { selected, selection, chosen, choose, deselect }
}
