import { ref, watch } from 'vue'
import { useGraphStore } from '../../stores/graph.ts'

/** What the mouse does on the canvas. */
export type Tool = 'move' | 'box' | 'lasso'

/** The tool in hand, and Escape out of whatever is going on: the tool first, then what is chosen. */
export function useTools() {
  const graph = useGraphStore()
  const tool = ref<Tool>('move')
  watch(
    () => graph.study,
    () => (tool.value = 'move'),
  )
  function leave(): void {
    if (tool.value !== 'move') tool.value = 'move'
    else if (graph.selection.size > 0) graph.choose([], false)
    else graph.selected = null
  }
  return { tool, leave }
}
