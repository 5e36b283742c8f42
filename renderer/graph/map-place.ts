import type { Core } from 'cytoscape'
import type { Size } from './fit-view.ts'
import type { Box } from './clear-labels.ts'

/** Something of the picture that the map could lie over, in pixels of the canvas; what is on the path counts more than all others. */
export interface Seen {
  readonly box: Box
  readonly isOnPath: boolean
}
/** Where the map lies at the right edge, and how small it is drawn (1: its full size). */
export interface MapPlace {
  readonly isAbove: boolean
  readonly scale: number
}

/** Ids of the nodes the path under study leads through: its lines are marked, they are not. */
export const stationsOf = (core: Core): ReadonlySet<string> =>
  new Set(
    core
      .edges('.path')
      .connectedNodes()
      .map((node) => node.id()),
  )

/** Gap between the map and the edges of the canvas. */
const EDGE = 8
/** Of its size where it is in the way, and never less than half: its path could not be told from its nodes. */
const SMALL = 0.6
const SMALLEST = 0.5
/** More than the nodes of any picture: a station or word of the path is never covered to spare others. */
const PATH_WEIGHT = 1e6

/**
 * The place where the map hides least: below or above at the right. Where both would hide something it is drawn smaller, if it then hides
 * nothing, or less of the path. As long as another place is no better it stays: nothing jumps about.
 */
export function bestPlace(
  seen: readonly Seen[],
  canvas: Size,
  map: Size,
  usual: number,
  now: MapPlace,
): MapPlace {
  const covered = (place: MapPlace): number => {
    const [width, height] = [map.width * place.scale + EDGE, map.height * place.scale + EDGE]
    const left = canvas.width - width
    const [top, bottom] = place.isAbove ? [0, height] : [canvas.height - height, canvas.height]
    let sum = 0
    for (const { box, isOnPath } of seen)
      if (box.x2 > left && box.x1 < canvas.width && box.y2 > top && box.y1 < bottom)
        sum += isOnPath ? PATH_WEIGHT : 1
    return sum
  }
  const best = (scale: number): { place: MapPlace; sum: number } => {
    const stay = { isAbove: now.isAbove, scale }
    const move = { isAbove: !now.isAbove, scale }
    const [here, there] = [covered(stay), covered(move)]
    return there < here ? { place: move, sum: there } : { place: stay, sum: here }
  }
  const whole = best(usual)
  if (whole.sum === 0) return whole.place
  const small = best(Math.max(SMALLEST, usual * SMALL))
  const isWorth = small.sum === 0 || small.sum + PATH_WEIGHT <= whole.sum
  return isWorth ? small.place : whole.place
}
