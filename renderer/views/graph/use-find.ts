import { computed, ref, watch, type ComputedRef } from 'vue'
import { defangName } from '../../text/defang.ts'
import type { ShownSlice } from '../../graph/shown.ts'
import { useGraphStore } from '../../stores/graph.ts'

/** Find in the graph: which drawn nodes hold the words, themselves or in their group, one after the other. */
export function useFind(named: ComputedRef<ShownSlice>) {
  const graph = useGraphStore()
  const text = ref('')
  const at = ref(-1)
  const found = computed<readonly string[]>(() => {
    const needle = text.value.trim().toLowerCase()
    if (needle === '') return []
    const hits = new Set(
      graph.picture.slice.nodes
        .filter((node) => {
          const words = `${node.name} ${node.detail} ${defangName(node.kind, node.name)}`
          return words.toLowerCase().includes(needle)
        })
        .map((node) => node.id),
    )
    return named.value.nodes
      .filter(
        (node) =>
          hits.has(node.id) ||
          (node.group?.members.some((id) => hits.has(id)) ?? false) ||
          (node.group !== undefined && node.name.toLowerCase().includes(needle)),
      )
      .map((node) => node.id)
  })
  const foundSet = computed<ReadonlySet<string>>(() => new Set(found.value))
  watch(text, () => (at.value = -1))
  /** Selects the next hit; the canvas brings it into view. */
  function next(step: 1 | -1 = 1): void {
    if (found.value.length === 0) return
    at.value = (at.value + step + found.value.length) % found.value.length
    graph.selected = found.value[at.value] ?? null
  }
  return { text, at, found, foundSet, next }
}
