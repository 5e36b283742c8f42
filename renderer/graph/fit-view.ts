import { CELL, type Point } from './layout.ts'

const MAX_ZOOM = 1.15
const MARGIN = 16
// A picture that is whole a little below the readable size opens whole: seeing where a path ends is worth a zoom.
const GLANCE = 0.75
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
 * The view a picture opens with: whole where its text stays readable, else at the smallest readable zoom with the
 * anchor in view, going on beyond the edges of the window.
 */
export function firstView(
  points: readonly Point[],
  canvas: Size,
  legend: Corner | undefined,
  readable: number,
  anchor: Anchor,
): View {
  const whole = fitView(points, canvas, legend, 0)
  if (whole.zoom >= readable * GLANCE) return whole
  const box = boxOf(points)
  return besideLegend(points, legend, (left) => ({
    zoom: readable,
    pan: {
      x: along(box.x1, box.x2, left + MARGIN, canvas.width - MARGIN, readable, anchor.x, anchor.isStart),
      y: along(box.y1, box.y2, MARGIN, canvas.height - MARGIN, readable, anchor.y, false),
    },
  }))
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
