import { CELL, type Point } from './layout.ts'

const MAX_ZOOM = 1.15
const MARGIN = 16
// A picture that is whole a little below the readable size opens whole: seeing where a path ends is worth a zoom.
const GLANCE = 0.75
// A path is worth more of it: whoever opens one asks first where it leads.
const PATH_GLANCE = 0.62
// Smaller than this a replay shows specks: then what is new alone is brought into view.
const SPECKS = 0.3
// Half the room of a node with its labels; measuring every label would stop the window on large pictures.
const LABEL = { x: CELL.width * 0.62, y: CELL.height * 0.6 }

export interface View {
  readonly zoom: number
  readonly pan: Point
}
export interface Size {
  readonly width: number
  readonly height: number
}
/** The corner at the lower left that the legend covers, in pixels of the canvas. */
export interface Corner {
  readonly right: number
  readonly top: number
}
/** What a picture wider than the window shows first: its start at the left, anything else in the middle. */
export interface Anchor extends Point {
  readonly isStart: boolean
}

/** Zoom and pan that show all points; beside the legend when something would otherwise lie under it. */
export function fitView(
  points: readonly Point[],
  canvas: Size,
  legend: Corner | undefined,
  minZoom: number,
): View {
  return besideLegend(points, legend, (left) => viewOf(points, canvas, left, minZoom))
}

/**
 * The view a picture opens with: whole where its text stays readable, else with the whole path where that is wide enough, else at the
 * smallest readable zoom with the anchor in view, going on beyond the edges of the window.
 * @param path points of the path under study; none: there is none
 */
export function firstView(
  points: readonly Point[],
  canvas: Size,
  legend: Corner | undefined,
  readable: number,
  anchor: Anchor,
  path: readonly Point[] = [],
): View {
  const whole = fitView(points, canvas, legend, 0)
  if (whole.zoom >= readable * GLANCE) return whole
  const box = boxOf(points)
  const at = (zoom: number, left: number, middle: number): View => ({
    zoom,
    pan: {
      x: along(box.x1, box.x2, left + MARGIN, canvas.width - MARGIN, zoom, anchor.x, anchor.isStart),
      y: along(box.y1, box.y2, MARGIN, canvas.height - MARGIN, zoom, middle, false),
    },
  })
  if (path.length > 0 && fitView(path, canvas, legend, 0).zoom >= readable * PATH_GLANCE) {
    const { y1, y2 } = boxOf(path)
    return besideLegend(path, legend, (left) =>
      at(Math.min(readable, viewOf(path, canvas, left, 0).zoom), left, (y1 + y2) / 2),
    )
  }
  return besideLegend(points, legend, (left) => at(readable, left, anchor.y))
}

/** After the window changed its size: the same zoom around the same middle. */
export const keepCentre = (pan: Point, before: Size, after: Size): Point => ({
  x: pan.x + (after.width - before.width) / 2,
  y: pan.y + (after.height - before.height) / 2,
})

/** The smallest step that brings a point into the window; none when it is in view. */
export function stepInto(at: Point, canvas: Size): Point {
  const step = (place: number, size: number, room: number): number =>
    size < 2 * room ? size / 2 - place : Math.max(0, room - place) - Math.max(0, place - (size - room))
  return { x: step(at.x, canvas.width, LABEL.x), y: step(at.y, canvas.height, LABEL.y) }
}

/**
 * The view after a step of a replay: the same while everything that is there can be seen, else moved just so far, else smaller. Of a picture that
 * would be specks, what is new alone is brought into view.
 * @param isMoved somebody chose the view: then it keeps its zoom, and shows what is new
 */
export function followView(
  shown: readonly Point[],
  fresh: readonly Point[],
  view: View,
  canvas: Size,
  legend: Corner | undefined,
  isMoved: boolean,
): View {
  const whole = fitView(shown, canvas, legend, 0)
  const follows = !isMoved && whole.zoom >= SPECKS
  const points = follows ? shown : fresh
  if (points.length === 0) return view
  if (follows && whole.zoom < view.zoom) return isInView(points, view, canvas) ? view : whole
  return moveInto(points, view, canvas)
}

const placeOf = ({ zoom, pan }: View, { x, y }: Point): Point => ({
  x: x * zoom + pan.x,
  y: y * zoom + pan.y,
})
const isInView = (points: readonly Point[], view: View, { width, height }: Size): boolean =>
  points.every((point) => {
    const at = placeOf(view, point)
    return at.x >= MARGIN && at.y >= MARGIN && at.x <= width - MARGIN && at.y <= height - MARGIN
  })
/** The smallest move that brings all of them into the window, as far as they fit there together. */
function moveInto(points: readonly Point[], view: View, canvas: Size): View {
  if (isInView(points, view, canvas)) return view
  const { x1, x2, y1, y2 } = boxOf(points)
  const low = placeOf(view, { x: x1, y: y1 })
  const high = placeOf(view, { x: x2, y: y2 })
  const by = (from: number, to: number, size: number): number =>
    to - from > size - 2 * MARGIN
      ? (size - from - to) / 2
      : Math.max(0, MARGIN - from) - Math.max(0, to - (size - MARGIN))
  const [x, y] = [by(low.x, high.x, canvas.width), by(low.y, high.y, canvas.height)]
  return { zoom: view.zoom, pan: { x: view.pan.x + x, y: view.pan.y + y } }
}

/** Pan of one axis: in the middle where the picture fits, else at the anchor, never past the ends of the picture. */
function along(
  low: number,
  high: number,
  from: number,
  to: number,
  zoom: number,
  anchor: number,
  isStart: boolean,
): number {
  if ((high - low) * zoom <= to - from) return (from + to) / 2 - ((low + high) / 2) * zoom
  const wanted = isStart ? from - (anchor - LABEL.x) * zoom : (from + to) / 2 - anchor * zoom
  return Math.min(from - low * zoom, Math.max(to - high * zoom, wanted))
}

function besideLegend(
  points: readonly Point[],
  legend: Corner | undefined,
  view: (left: number) => View,
): View {
  const whole = view(0)
  const isUnder =
    legend !== undefined &&
    points.some(
      ({ x, y }) =>
        (x - LABEL.x) * whole.zoom + whole.pan.x < legend.right &&
        (y + LABEL.y) * whole.zoom + whole.pan.y > legend.top,
    )
  return isUnder ? view(legend.right) : whole
}

function boxOf(points: readonly Point[]): { x1: number; x2: number; y1: number; y2: number } {
  const box = { x1: Infinity, x2: -Infinity, y1: Infinity, y2: -Infinity }
  for (const { x, y } of points) {
    box.x1 = Math.min(box.x1, x - LABEL.x)
    box.x2 = Math.max(box.x2, x + LABEL.x)
    box.y1 = Math.min(box.y1, y - LABEL.y)
    box.y2 = Math.max(box.y2, y + LABEL.y)
  }
  return box
}

function viewOf(points: readonly Point[], canvas: Size, left: number, minZoom: number): View {
  const box = boxOf(points)
  const wanted = Math.min(
    MAX_ZOOM,
    (canvas.width - left - 2 * MARGIN) / (box.x2 - box.x1),
    (canvas.height - 2 * MARGIN) / (box.y2 - box.y1),
  )
  const zoom = Math.max(minZoom, wanted)
  return {
    zoom,
    pan: {
      x: (canvas.width + left) / 2 - ((box.x1 + box.x2) / 2) * zoom,
      y: canvas.height / 2 - ((box.y1 + box.y2) / 2) * zoom,
    },
  }
}
