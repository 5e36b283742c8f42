import type { Core, EdgeSingular } from 'cytoscape'

export interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

// Letters stand inside their boxes: so much may be shared.
const SLACK = 3
// Height of the one line of text beside an edge, in the units of the drawing.
const LINE_HEIGHT = 13

/** Two boxes share so much that their letters would. */
export const overlap = (a: Box, b: Box): boolean =>
  Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1) > SLACK && Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1) > SLACK

/**
 * The upright box around a slanted label as a row of small boxes that follow its letters.
 * @param x,y direction of the line, of length 1
 */
export function piecesOf(around: Box, x: number, y: number): Box[] {
  const [cos, sin] = [Math.abs(x), Math.abs(y)]
  const [width, height] = [around.x2 - around.x1, around.y2 - around.y1]
  const length = cos > sin ? (width - LINE_HEIGHT * sin) / cos : (height - LINE_HEIGHT * cos) / sin
  const count = Math.max(1, Math.ceil(length / LINE_HEIGHT))
  const [middleX, middleY] = [(around.x1 + around.x2) / 2, (around.y1 + around.y2) / 2]
  return Array.from({ length: count }, (_, index) => {
    const at = ((index + 0.5) / count - 0.5) * length
    const [px, py] = [middleX + x * at, middleY + y * at]
    return {
      x1: px - LINE_HEIGHT / 2,
      y1: py - LINE_HEIGHT / 2,
      x2: px + LINE_HEIGHT / 2,
      y2: py + LINE_HEIGHT / 2,
    }
  })
}

// Where a label is tried, as steps along its line and across it: on its middle, along it both ways, beside it.
const PLACES = [
  [0, 0],
  [-14, 0],
  [14, 0],
  [-26, 0],
  [26, 0],
  [0, -11],
  [0, 11],
] as const
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
 * Keeps the labels of lines off nodes and their labels: on the middle of the line if there is room, else along it or beside it, else not drawn
 * (the hop table, the list and the inspector say the same).
 */
export function clearEdgeLabels(core: Core): void {
  if (core.nodes().length > MOST_NODES) return
  const edges = core.edges().removeClass('mute').removeStyle('text-margin-x text-margin-y')
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
  const [from, to] = [edge.source().position(), edge.target().position()]
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [x, y] = [(to.x - from.x) / length, (to.y - from.y) / length]
  return PLACES.some(([along, across]) => {
    if (along !== 0 || across !== 0)
      edge.style({
        'text-margin-x': x * along - y * across,
        'text-margin-y': y * along + x * across,
      })
    const pieces = piecesOf(edge.boundingBox(LABEL_ONLY), x, y)
    return !taken.some((box) => pieces.some((piece) => overlap(piece, box)))
  })
}
