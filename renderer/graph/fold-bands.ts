import { CELL, type LayoutRequest, type Point, type Positions } from './layout.ts'
import type { Placed } from './place-columns.ts'

const MAX_BANDS = 4
// Folding breaks the line from left to right; it has to be worth it.
const GAIN = 1.3

/**
 * A picture much longer than the window goes on below, like a line of text, when that makes it clearly larger. Only
 * where the whole picture is asked for: without a window nothing is folded.
 */
export function foldBands(
  placed: readonly Placed[],
  starts: readonly number[],
  width: number,
  viewport: LayoutRequest['viewport'],
): Positions {
  const bands = viewport === null ? 1 : bandsFor(placed, width, viewport)
  const height = heightOf(placed)
  const bandWidth = (width + 1) / bands
  const bandOf = (column: number): number =>
    Math.min(bands - 1, Math.floor((starts[column] ?? 0) / bandWidth))
  const bandStart = new Map<number, number>()
  starts.forEach((start, column) => {
    if (!bandStart.has(bandOf(column))) bandStart.set(bandOf(column), start)
  })
  return Object.fromEntries(
    placed.map(({ id, column, x, y }): [string, Point] => [
      id,
      { x: x - (bandStart.get(bandOf(column)) ?? 0), y: y + bandOf(column) * height },
    ]),
  )
}

function heightOf(placed: readonly Placed[]): number {
  let [top, bottom] = [Infinity, -Infinity]
  for (const { y } of placed) {
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return bottom - top + CELL.height * 1.4
}

function bandsFor(
  placed: readonly Placed[],
  width: number,
  viewport: { readonly width: number; readonly height: number },
): number {
  const height = heightOf(placed)
  const zoomWith = (bands: number): number =>
    Math.min(1, viewport.width / (width / bands + CELL.width * 1.5), viewport.height / (height * bands))
  let best = 1
  for (let bands = 2; bands <= MAX_BANDS; bands++) if (zoomWith(bands) > zoomWith(best) * GAIN) best = bands
  return best
}
