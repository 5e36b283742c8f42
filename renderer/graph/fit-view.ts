import { CELL, type Point } from './layout.ts'

const MAX_ZOOM = 1.15
const MARGIN = 16
// Half the room of a node with its labels; measuring every label would stop the window on large pictures.
const LABEL = { x: CELL.width * 0.6, y: CELL.height * 0.6 }

export interface View {
  readonly zoom: number
  readonly pan: Point
}
/** The corner at the lower left that the legend covers, in pixels of the canvas. */
export interface Corner {
  readonly right: number
  readonly top: number
}

/** Zoom and pan that show all points; beside the legend when something would otherwise lie under it. */
export function fitView(
  points: readonly Point[],
  canvas: { readonly width: number; readonly height: number },
  legend: Corner | undefined,
  minZoom: number,
): View {
  const whole = viewOf(points, canvas, 0, minZoom)
  const isUnder =
    legend !== undefined &&
    points.some(
      ({ x, y }) =>
        (x - LABEL.x) * whole.zoom + whole.pan.x < legend.right &&
        (y + LABEL.y) * whole.zoom + whole.pan.y > legend.top,
    )
  return isUnder ? viewOf(points, canvas, legend.right, minZoom) : whole
}

function viewOf(
  points: readonly Point[],
  canvas: { readonly width: number; readonly height: number },
  left: number,
  minZoom: number,
): View {
  const box = { x1: Infinity, x2: -Infinity, y1: Infinity, y2: -Infinity }
  for (const { x, y } of points) {
    box.x1 = Math.min(box.x1, x - LABEL.x)
    box.x2 = Math.max(box.x2, x + LABEL.x)
    box.y1 = Math.min(box.y1, y - LABEL.y)
    box.y2 = Math.max(box.y2, y + LABEL.y)
  }
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
