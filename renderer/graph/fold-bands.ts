import { CELL, type LayoutRequest, type Point, type Positions } from './layout.ts'
import type { Placed } from './place-columns.ts'

const MAX_BANDS = 4
// Folding breaks the line from left to right; it has to be worth it.
const GAIN = 1.3
/** From the lowest node of a band to the highest of the next, with the room of their labels. */
const ROW_GAP = CELL.height * 1.4

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
  let best = fold(placed, starts, width, 1)
  for (let bands = 2; viewport !== null && bands <= MAX_BANDS; bands++) {
    const folded = fold(placed, starts, width, bands)
    if (zoomOf(folded, viewport) > zoomOf(best, viewport) * GAIN) best = folded
  }
  return best.places
}

interface Folded {
  readonly places: Positions
  readonly width: number
  readonly height: number
}

/** Cut into bands of about the same width, each right below the one before. */
function fold(placed: readonly Placed[], starts: readonly number[], width: number, bands: number): Folded {
  const bandOf = ({ column }: Placed): number =>
    Math.min(bands - 1, Math.floor(((starts[column] ?? 0) * bands) / (width + 1)))
  const rows = Map.groupBy(placed, bandOf)
  const places: [string, Point][] = []
  let height = 0
  for (const [, row] of [...rows].sort(([a], [b]) => a - b)) {
    let [top, bottom, left] = [Infinity, -Infinity, Infinity]
    for (const { y, column } of row) {
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
      left = Math.min(left, starts[column] ?? 0)
    }
    // Not folded it stays where it is, the path on its middle line.
    const down = bands === 1 ? 0 : height - top
    for (const { id, x, y } of row) places.push([id, { x: x - left, y: y + down }])
    height += bottom - top + ROW_GAP
  }
  return { places: Object.fromEntries(places), width: width / bands + CELL.width * 1.5, height }
}

const zoomOf = ({ width, height }: Folded, viewport: NonNullable<LayoutRequest['viewport']>): number =>
  Math.min(1, viewport.width / width, viewport.height / (height + (viewport.below ?? 0)))
