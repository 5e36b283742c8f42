import { watch } from 'vue'
import { useMarkSelection } from '../../stores/work.ts'
import { useGraphStore } from '../../stores/graph.ts'
import { useInspectorStore } from '../../stores/inspector.ts'

/** What a click on the canvas, the list or the hop table does: it lights, and shows in the inspector. */
export function usePicking(menuAt: (id: string) => void) {
  const graph = useGraphStore()
  const inspector = useInspectorStore()

  // Going back in the inspector lights that entity again, when it is in the picture.
  watch(
    () => inspector.current,
    (current) => {
      if (current?.kind === 'entity' && graph.shown.nodes.some((node) => node.id === current.id))
        graph.selected = current.id
    },
  )
  // Marks (f t n p) stand on what is chosen here, members of groups each on its own.
  useMarkSelection('entity', () => [
    ...new Set(graph.chosen.flatMap((id) => graph.membersOf(id)).filter((id) => /^\d+$/u.test(id))),
  ])

  function pickNode(id: string): void {
    graph.choose([], false)
    graph.selected = id
    const node = graph.shown.nodes.find((one) => one.id === id)
    if (node?.group) inspector.show('graph-group', id)
    else inspector.show('entity', id)
  }
  function pickEdge(id: string): void {
    graph.choose([], false)
    graph.selected = `e${id}`
    const edge = graph.shown.edges.find((one) => one.id === id)
    if (edge?.lines?.length === 0) return
    if (edge?.lines) inspector.show('graph-group', `e${id}`)
    else inspector.show('relation', id)
  }
  /** A double click: opens a group, shows what is hidden behind a node; where there are several ways, asks which. */
  function open(id: string): void {
    const node = graph.shown.nodes.find((one) => one.id === id)
    if (!node) return
    if (node.group) return void graph.ungroup(id)
    if (graph.picture.collapsed.has(id)) return graph.collapse(id)
    const [way, ...others] = node.hidden
    if (!way) return
    if (others.length === 0) return void graph.expand(id, { kind: way.kind, direction: way.direction })
    graph.selected = id
    menuAt(id)
  }
  return { pickNode, pickEdge, open }
}
