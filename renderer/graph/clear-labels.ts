import type { Core, EdgeSingular } from 'cytoscape'

export interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

// The box around a slanted label is larger than its letters: so much may be shared.
const SLACK = 4

/** Two boxes share so much that their letters would. */
export const overlap = (a: Box, b: Box): boolean =>
  Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) > SLACK && Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) > SLACK

// Beside the line, by about one line of text, where the place on the line is taken.
const ASIDE = [0, -11, 11] as const
// More nodes than this are shown so small that no label of a line is drawn.
const MOST_NODES = 600

const LABEL_ONLY = {
  includeNodes: false,
  includeEdges: false,
  includeOverlays: false,
  includeUnderlays: false,
}
const BODY_ONLY = { includeLabels: false, includeOverlays: false, includeUnderlays: false }

/**
 * Keeps the labels of lines off nodes and their labels: on the line if there is room, else beside it, else not drawn
 * (the hop table, the list and the inspector say the same).
 */
export function clearEdgeLabels(core: Core): void {
  if (core.nodes().length > MOST_NODES) return
  const edges = core.edges().removeClass('mute').removeStyle('text-margin-y')
  const labelled = edges.filter((edge) => edge.style('label') !== '')
  if (labelled.empty()) return
  const taken: Box[] = core
    .nodes()
    .toArray()
    .flatMap((node) => [node.boundingBox(BODY_ONLY), node.boundingBox(LABEL_ONLY)])
  labelled.forEach((edge) => {
    if (!findRoom(edge, taken)) edge.addClass('mute')
  })
}

function findRoom(edge: EdgeSingular, taken: readonly Box[]): boolean {
  return ASIDE.some((aside) => {
    if (aside !== 0) edge.style('text-margin-y', aside)
    const label = edge.boundingBox(LABEL_ONLY)
    return !taken.some((box) => overlap(label, box))
  })
}
