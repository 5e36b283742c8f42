import type { Point } from './layout.ts'

/** Whether a point lies inside a closed outline (even-odd rule). */
export function isInside(point: Point, outline: readonly Point[]): boolean {
  let inside = false
  for (let at = 0, before = outline.length - 1; at < outline.length; before = at++) {
    const [a, b] = [outline[at], outline[before]]
    if (!a || !b || a.y > point.y === b.y > point.y) continue
    if (point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/** The box between two corners as an outline. */
export const boxOutline = (a: Point, b: Point): readonly Point[] => [
  a,
  { x: b.x, y: a.y },
  b,
  { x: a.x, y: b.y },
]
