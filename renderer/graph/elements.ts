import type { ElementDefinition } from 'cytoscape'
import { badgesOf } from './badges.ts'
import type { Point } from './layout.ts'
import { lineLabelWidth, nodeLabelWidth, shortDetail, shortName } from './labels.ts'
import type { LayoutRequest } from './layout.ts'
import { styleOf, type ShownEdge, type ShownNode, type ShownSlice } from './shown.ts'

/** What the canvas draws of a slice: plain data for cytoscape. */
export interface Element extends ElementDefinition {
  readonly data: { readonly id: string; readonly label: string; readonly [name: string]: unknown }
  readonly classes: string
}

/** The words under a node: its name, how much is not shown or folded in, a second line. */
export function nodeLabel(node: ShownNode): string {
  const more = node.hidden.reduce((sum, way) => sum + way.count, 0)
  const marks = [more > 0 ? `+${more}` : '', node.folded ? `⊟${node.folded}` : ''].filter((one) => one !== '')
  const lines = [[shortName(node), ...marks].join('  ')]
  if (node.detail !== '') lines.push(shortDetail(node))
  return lines.join('\n')
}

export function toElements(
  slice: ShownSlice,
  pinned: ReadonlySet<string>,
  word: (relation: string) => string,
): readonly Element[] {
  const wordOf = once(word)
  return [
    ...slice.nodes.map((node): Element => ({
      group: 'nodes',
      data: { id: node.id, kind: node.kind, rating: node.rating, label: nodeLabel(node) },
      classes: classesOf(node, pinned),
    })),
    ...slice.edges.map((edge): Element => ({
      group: 'edges',
      data: { id: `e${edge.id}`, source: edge.from, target: edge.to, label: edgeLabel(edge, wordOf) },
      classes: `${styleOf(edge)} ${edge.onPath ? 'path' : ''}`,
    })),
  ]
}

function classesOf(node: ShownNode, pinned: ReadonlySet<string>): string {
  const classes = [
    node.marks.includes('start') || node.marks.includes('target') ? 'end' : '',
    node.group ? (node.group.members.length > 0 ? 'cluster' : 'unloaded') : '',
    node.folded ? 'folded' : '',
    pinned.has(node.id) ? 'pinned' : '',
    ...(badgesOf(node).length > 0 ? ['badged', ...badgesOf(node)] : []),
  ]
  return classes.filter((one) => one !== '').join(' ')
}

/** Looks each word up once: thousands of lines share a few dozen. */
function once(word: (relation: string) => string): (relation: string) => string {
  const known = new Map<string, string>()
  return (relation) => {
    const found = known.get(relation) ?? word(relation)
    known.set(relation, found)
    return found
  }
}

const edgeLabel = (edge: ShownEdge, word: (relation: string) => string): string =>
  edge.lines && edge.lines.length > 1 ? `${word(edge.kind)} ×${edge.lines.length}` : word(edge.kind)

/** The same slice as a question to the layout. */
export function toLayoutRequest(
  slice: ShownSlice,
  word: (relation: string) => string,
  rest: Pick<LayoutRequest, 'name' | 'center' | 'viewport'>,
): LayoutRequest {
  const wordOf = once(word)
  return {
    ...rest,
    nodes: slice.nodes.map((node) => ({
      id: node.id,
      at: node.at,
      labelWidth: nodeLabelWidth(nodeLabel(node)),
    })),
    edges: slice.edges.map(({ id, from, to, onPath, kind }) => ({
      id,
      from,
      to,
      onPath,
      labelWidth: lineLabelWidth(wordOf(kind)),
    })),
  }
}

export const ORIGIN: Point = { x: 0, y: 0 }
