/** Pixels left of the bars: the figures of their axis, and with lanes the names of these, so that no name lies over bars. */
export const AXIS_WIDTH = 52
export const LANE_NAMES = 148

interface Span {
  readonly bucketSeconds: number
  readonly from: string | null
  readonly to: string | null
}

/**
 * Seconds the axis spans: from the start of the first bucket of the window to the end of the last, whether they hold anything or
 * not, so that bars stay where they are while a search goes on; nothing without a dated event.
 */
export function axisSpan({ bucketSeconds, from, to }: Span): [number, number] | undefined {
  if (from === null || to === null) return undefined
  const width = Math.max(1, bucketSeconds)
  const first = Math.floor(Date.parse(from) / 1000 / width) * width
  return [first, Math.floor(Date.parse(to) / 1000 / width) * width + width]
}
