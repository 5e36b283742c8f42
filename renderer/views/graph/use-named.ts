import { computed, type ComputedRef } from 'vue'
import type { ShownNode, ShownSlice } from '../../graph/shown.ts'
import { useWords } from '../../i18n/use-words.ts'
import { useGraphStore } from '../../stores/graph.ts'

/** Ways to a mailbox or a user that make its owner a recipient. */
const RECEIVING = new Set(['delivered-to'])

/** The picture with its groups named in the reader's language: "37 recipients", "12 files", "80 more". */
export function useNamed(): { named: ComputedRef<ShownSlice>; nameOf: (node: ShownNode) => string } {
  const graph = useGraphStore()
  const { counted, word } = useWords()

  function nameOf(node: ShownNode): string {
    const { group } = node
    if (!group) return node.name
    if (
      group.relation !== null &&
      RECEIVING.has(group.relation) &&
      (group.members.length === 0 || node.kind === 'mailbox')
    )
      return counted('graph.recipients', group.count)
    if (group.members.length === 0) return counted('graph.notLoaded', group.count)
    return counted(`entity.kinds.${node.kind}`, group.count)
  }
  const named = computed(() => {
    const { shown } = graph
    if (!shown.nodes.some((node) => node.group)) return shown
    return {
      ...shown,
      nodes: shown.nodes.map((node) =>
        node.group
          ? {
              ...node,
              name: nameOf(node),
              detail: node.group.relation === null ? '' : word('relation.kind', node.group.relation),
            }
          : node,
      ),
    }
  })
  return { named, nameOf }
}
