import type { EntityKind, RelationKind } from '../../model/relation.ts'
import { outside, type Block, type Mark, type Point, type Words } from '../document.ts'
import { entityText } from '../entity-text.ts'
import { basisOf, strokeOf } from '../facts/basis.ts'
import { widthOf } from '../render/wrap.ts'
import { relationWords } from '../words.ts'
import { kindShape } from './kind-shape.ts'

const WIDTH = 660
const MARGIN = 58
/** Rows of a layered picture, and how many things stand beside each other in one. */
const ROW = 74
const PER_ROW = 6
/** Heights on the screen that differ by less are one row to the eye; names of two rows are this far apart on paper. */
const OTHER_ROW = 32
const ROW_APART = 58
/** A page holds a figure of this height at full width. */
const MAX_HEIGHT = 820
/** Characters under a knot; neighbours are about 110 units apart. */
const NAME_COLUMNS = 20

export interface PlacedNode {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly detail: string
  /** Where it stood on the screen; null: it is placed in layers. */
  readonly at: Point | readonly [number, number] | null
}
export interface FigureEdge {
  readonly from: string
  readonly to: string
  readonly kind: RelationKind
  readonly observed: boolean
  readonly onPath: boolean
}

/**
 * Things and their relations: where the analyst placed them, else in layers from cause to effect. Kinds differ by shape, the path
 * by weight, what nobody observed by dashes, what the analyst says by dots: it reads in black and white. Undefined without things.
 */
export function graphFigure(
  nodes: readonly PlacedNode[],
  edges: readonly FigureEdge[],
  caption: Words,
): Block | undefined {
  if (nodes.length === 0) return undefined
  const isPlaced = nodes.filter(({ at }) => at !== null).length > nodes.length / 2
  const { places, height } = isPlaced ? fromScreen(nodes) : inLayers(nodes, edges)
  const red = new Set(edges.filter(({ onPath }) => onPath).flatMap(({ from, to }) => [from, to]))
  const lines = edges.flatMap((edge): readonly Mark[] => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)]
    return from === undefined || to === undefined || edge.from === edge.to ? [] : arrow(from, to, edge)
  })
  // Many labels on many lines are a grey cloud.
  const labels = edges.length > 24 ? [] : labelsOf(edges, places)
  const knots = nodes.flatMap((node): readonly Mark[] => {
    const at = places.get(node.id)
    if (at === undefined) return []
    const [x, y] = at
    return [
      ...kindShape(node.kind, at, red.has(node.id) ? 'thread' : 'ink'),
      ...text([x, y + 22], entityText(node), 8.5, true),
      ...(node.detail === '' ? [] : text([x, y + 32], node.detail, 7.5, false)),
    ]
  })
  return { block: 'figure', width: WIDTH, height, marks: [...lines, ...labels, ...knots], caption }
}

/** A line of text on white, so that it reads where lines pass behind it. */
function text(at: Point, said: string, size: number, isBold: boolean): readonly Mark[] {
  const [x, y] = at
  // Advance of a column of the sans face, on the wide side: letters half an em, Han characters one em for two columns.
  const half = (Math.min(widthOf(said), NAME_COLUMNS) * size * 0.54) / 2 + 1
  const [top, foot] = [y - size * 0.82, y + size * 0.24]
  return [
    {
      mark: 'shape',
      points: [
        [x - half, top],
        [x + half, top],
        [x + half, foot],
        [x - half, foot],
      ],
      ink: 'ground',
      fill: 'ground',
      width: 0,
    },
    {
      mark: 'text',
      at,
      text: outside(said),
      size,
      ink: isBold ? 'ink' : 'muted',
      anchor: 'middle',
      bold: isBold,
      columns: NAME_COLUMNS,
    },
  ]
}

function arrow([x1, y1]: Point, [x2, y2]: Point, { kind, observed, onPath }: FigureEdge): readonly Mark[] {
  const length = Math.hypot(x2 - x1, y2 - y1)
  if (length < 26) return []
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length]
  const tip: Point = [x2 - dx * 13, y2 - dy * 13]
  const ink = onPath ? 'thread' : 'muted'
  const stroke = strokeOf(basisOf(kind, observed))
  const side = (sign: number): Point => [tip[0] - dx * 6 + sign * dy * 2.8, tip[1] - dy * 6 - sign * dx * 2.8]
  return [
    {
      mark: 'line',
      from: [x1 + dx * 13, y1 + dy * 13],
      to: [tip[0] - dx * 4, tip[1] - dy * 4],
      ink,
      width: onPath ? 2.6 : stroke === 'dotted' ? 1.6 : 0.9,
      stroke,
    },
    { mark: 'shape', points: [tip, side(1), side(-1)], ink, fill: ink, width: 0.4 },
  ]
}

function labelsOf(edges: readonly FigureEdge[], places: ReadonlyMap<string, Point>): readonly Mark[] {
  return edges.flatMap((edge): readonly Mark[] => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)]
    if (from === undefined || to === undefined || edge.from === edge.to) return []
    return [
      {
        mark: 'text',
        // Off the middle, so that names under the knots stay free.
        at: [from[0] + (to[0] - from[0]) * 0.62 + 4, from[1] + (to[1] - from[1]) * 0.62],
        text: relationWords(edge.kind),
        size: 7.2,
        ink: 'muted',
        anchor: 'start',
        columns: 22,
      },
    ]
  })
}

interface Layout {
  readonly places: ReadonlyMap<string, Point>
  readonly height: number
}

/** The analyst's own arrangement, scaled to the paper; what has no place stands in a row below. */
function fromScreen(nodes: readonly PlacedNode[]): Layout {
  const placed = nodes.flatMap(({ id, at }) => (at === null ? [] : [{ id, x: at[0], y: at[1] }]))
  const [left, right] = [Math.min(...placed.map(({ x }) => x)), Math.max(...placed.map(({ x }) => x))]
  const [top, foot] = [Math.min(...placed.map(({ y }) => y)), Math.max(...placed.map(({ y }) => y))]
  const across = (WIDTH - 2 * MARGIN) / Math.max(1, right - left)
  const scale = Math.min(across, (MAX_HEIGHT - 2 * MARGIN) / Math.max(1, foot - top), 2.2)
  const indent = (WIDTH - (right - left) * scale) / 2
  // A wide, low picture shrunk to the page would lay the names of one row over those of the next: rows keep their distance.
  const heights = placed.map(({ y }) => y).sort((a, b) => a - b)
  const gaps = heights.slice(1).map((y, index) => y - (heights[index] ?? y))
  const nearest = Math.min(...gaps.filter((gap) => gap >= OTHER_ROW), Infinity)
  const highest = (MAX_HEIGHT - 2 * MARGIN) / Math.max(1, foot - top)
  const down = Math.min(Math.max(scale, ROW_APART / nearest), highest, 2.2)
  const places = new Map<string, Point>(
    placed.map(({ id, x, y }) => [id, [indent + (x - left) * scale, 24 + (y - top) * down]]),
  )
  const rest = nodes.filter(({ at }) => at === null)
  const from = 24 + (foot - top) * down + ROW
  const rows = rowsOf(rest.map(({ id }) => id))
  for (const [index, row] of rows.entries()) placeRow(places, row, from + index * ROW)
  return { places, height: from - ROW + rows.length * ROW + 42 }
}

/** Layer by layer from cause to effect, each in the order of what it hangs on. */
function inLayers(nodes: readonly PlacedNode[], edges: readonly FigureEdge[]): Layout {
  const ids = new Set(nodes.map(({ id }) => id))
  const layers = layersOf(
    nodes,
    edges.filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to),
  )
  const places = new Map<string, Point>()
  let y = 24
  for (const layer of layers) {
    const wanted = layer.map((id) => ({ id, x: meanOf(id, edges, places) }))
    const sorted = wanted.sort((a, b) => a.x - b.x || Number(a.id) - Number(b.id)).map(({ id }) => id)
    for (const row of rowsOf(sorted)) {
      placeRow(places, row, y)
      y += ROW
    }
  }
  return { places, height: y - ROW + 42 }
}

function meanOf(id: string, edges: readonly FigureEdge[], places: ReadonlyMap<string, Point>): number {
  const xs = edges.flatMap(({ from, to }) => {
    const at = to === id ? places.get(from) : from === id ? places.get(to) : undefined
    return at === undefined ? [] : [at[0]]
  })
  return xs.length === 0 ? WIDTH / 2 : xs.reduce((sum, x) => sum + x, 0) / xs.length
}

function layersOf(nodes: readonly PlacedNode[], edges: readonly FigureEdge[]): readonly string[][] {
  const depth = new Map<string, number>()
  const hasCause = new Set(edges.map(({ to }) => to))
  const roots = nodes.filter(({ id }) => !hasCause.has(id)).map(({ id }) => id)
  // In a ring nothing is first: the first thing named is.
  let front = roots.length > 0 ? roots : nodes.slice(0, 1).map(({ id }) => id)
  const effects = new Map<string, string[]>()
  for (const { from, to } of edges) effects.set(from, [...(effects.get(from) ?? []), to])
  for (let at = 0; front.length > 0; at += 1) {
    for (const id of front) depth.set(id, at)
    front = [...new Set(front.flatMap((id) => effects.get(id) ?? []))].filter((id) => !depth.has(id))
  }
  const last = Math.max(0, ...depth.values()) + 1
  const layers: string[][] = []
  for (const { id } of nodes) {
    const at = depth.get(id) ?? last
    layers[at] = [...(layers[at] ?? []), id]
  }
  return layers.filter((layer) => layer.length > 0)
}

const rowsOf = (ids: readonly string[]): readonly string[][] =>
  Array.from({ length: Math.ceil(ids.length / PER_ROW) }, (_, index) =>
    ids.slice(index * PER_ROW, (index + 1) * PER_ROW),
  )

function placeRow(places: Map<string, Point>, row: readonly string[], y: number): void {
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, PER_ROW - 1)
  const from = WIDTH / 2 - ((row.length - 1) * step) / 2
  // Neighbours stand a little apart in height, so that their names do.
  for (const [index, id] of row.entries()) places.set(id, [from + index * step, y + (index % 2) * 10])
}
