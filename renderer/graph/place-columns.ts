import { foldBands } from './fold-bands.ts'
import { CELL, type LayoutRequest, type Positions } from './layout.ts'

// A column longer than this is folded into several beside each other: a hub with 500 recipients stays readable.
const MAX_COLUMN = 14
// Members of the path stand this far above and below its line in turn: their lines meet in between, their labels outside.
const SWING = 24
// Room between two labels side by side, and what a line needs beside its label: half a node at each end and the arrow.
const GAP = 12
const ENDS = 68
// Two nodes closer than this in height would put their labels on one line.
const LABEL_HEIGHT = 40
// Where nothing is said about labels.
const COLUMN = CELL.width * 0.9

export interface Placed {
  readonly id: string
  readonly column: number
  readonly x: number
  readonly y: number
}

/**
 * Columns become places. Members of the path zigzag around the middle line, everything else keeps off that line, so
 * that the thread never runs behind a node that is not on it. Columns stand as far apart as their labels need.
 */
export function placeColumns(
  columns: readonly (readonly string[])[],
  onPath: ReadonlySet<string>,
  request: LayoutRequest,
): Positions {
  const width = new Map(request.nodes.map((node) => [node.id, node.labelWidth ?? COLUMN - GAP]))
  const columnOf = new Map(columns.flatMap((column, index) => column.map((id) => [id, index] as const)))
  const placed: Placed[] = []
  const starts: number[] = []
  let before: readonly Placed[] = []
  let last: readonly Placed[] = []
  let [x, turn] = [0, 0]
  const lineWidths = new Map<number, number>()
  for (const edge of request.edges) {
    const [from, to] = [columnOf.get(edge.from), columnOf.get(edge.to)]
    if (edge.onPath && from !== undefined && to === from + 1)
      lineWidths.set(to, Math.max(lineWidths.get(to) ?? 0, (edge.labelWidth ?? 0) + ENDS))
  }
  columns.forEach((column, index) => {
    if (onPath.size > 0 ? column.some((id) => onPath.has(id)) : column.length === 1) turn++
    const here = standing(column, index, onPath, turn % 2 === 0 ? SWING : -SWING, width)
    if (index > 0) x = Math.max(x + lineRoom(lineWidths, index), clearOf([...before, ...last], here, width))
    starts.push(x)
    const moved = here.map((one) => ({ ...one, x: one.x + x }))
    placed.push(...moved)
    before = last
    last = moved
    for (const one of moved) x = Math.max(x, one.x)
  })
  return foldBands(placed, starts, x, request.viewport)
}

/** One column at x = 0: lanes above and below the middle line, a long column folded. */
function standing(
  column: readonly string[],
  index: number,
  onPath: ReadonlySet<string>,
  swing: number,
  width: ReadonlyMap<string, number>,
): Placed[] {
  const member = column.findIndex((id) => onPath.has(id))
  const folds = Math.ceil(column.length / Math.max(MAX_COLUMN, Math.ceil(Math.sqrt(width.size))))
  const height = Math.ceil(column.length / folds)
  const step = Math.max(COLUMN, ...column.map((id) => (width.get(id) ?? 0) + GAP))
  // In a folded column the member of the path stands on the line alone, where the path comes by; the others are folded around it.
  const isFoldedRound = member >= 0 && folds > 1
  const others = isFoldedRound ? column.filter((_, spot) => spot !== member) : column
  const placed = others.map((id, spot) => {
    const lane = member >= 0 && folds === 1 ? spot - member : offLine(spot % height, height, onPath.size > 0)
    const isOnLine = lane === 0 && (onPath.has(id) || column.length === 1)
    // The lanes beside the path make room for its swing.
    const aside = onPath.size > 0 ? Math.sign(lane) * SWING : 0
    return {
      id,
      column: index,
      x: Math.floor(spot / height) * step,
      y: lane * CELL.height + (isOnLine ? swing : aside),
    }
  })
  const alone = column[member]
  return isFoldedRound && alone !== undefined
    ? [{ id: alone, column: index, x: 0, y: swing }, ...placed]
    : placed
}

/** Smallest x of a column whose labels would otherwise lie on those further left. Only labels of about the same height can meet. */
function clearOf(
  before: readonly Placed[],
  here: readonly Placed[],
  width: ReadonlyMap<string, number>,
): number {
  const half = (one: Placed): number => (width.get(one.id) ?? 0) / 2
  const ends = new Map<number, Placed[]>()
  const row = (y: number): number => Math.floor(y / LABEL_HEIGHT)
  for (const one of before) {
    const known = ends.get(row(one.y))
    if (known) known.push(one)
    else ends.set(row(one.y), [one])
  }
  // Of many in a row the one that reaches furthest is enough.
  for (const [key, ones] of ends)
    if (ones.length > 8) ends.set(key, [ones.reduce((a, b) => (b.x + half(b) > a.x + half(a) ? b : a))])
  let x = 0
  for (const next of here)
    for (const at of [row(next.y) - 1, row(next.y), row(next.y) + 1])
      for (const one of ends.get(at) ?? [])
        if (Math.abs(one.y - next.y) < LABEL_HEIGHT)
          x = Math.max(x, one.x + half(one) + half(next) + GAP - next.x)
  return x
}

/** The labels of the lines of the path that end in this column, coming from the one before, fit between the two. */
const lineRoom = (widths: ReadonlyMap<number, number>, column: number): number =>
  Math.max(COLUMN, widths.get(column) ?? 0)

/** Lanes ..., -1, 1, 2, ... for a column without a member of the path; around 0 when there is no path at all. */
function offLine(spot: number, height: number, hasPath: boolean): number {
  const lane = spot - Math.floor((height - 1) / 2)
  if (!hasPath) return spot - (height - 1) / 2
  return height === 1 ? 1 : lane >= 0 ? lane + 1 : lane
}
