const SHORTEST_US = 5_000_000
const LONGEST_US = 86_400_000_000
/**
 * Half of the intervals differ from the median by no more than `jitter` times the median: 0 for a clock, 0.25 for a sleep
 * with 50 % jitter, 0.69 for chance.
 */
const JITTERED = 0.3
/** So large a part of the intervals lies within half the median of it: chance gives 0.35, pauses of a laptop leave it. */
const REGULAR_PART = 0.75

/** Median interval and jitter of beats in time order; undefined when they are not steady. */
export function steadiness(beats: readonly number[]): { median: number; jitter: number } | undefined {
  const intervals = beats.slice(1).map((at, place) => at - (beats[place] ?? at))
  const median = medianOf(intervals)
  if (median < SHORTEST_US || median > LONGEST_US) return undefined
  const near = intervals.filter((length) => Math.abs(length - median) <= median / 2)
  if (near.length < intervals.length * REGULAR_PART) return undefined
  const jitter = medianOf(intervals.map((length) => Math.abs(length - median))) / median
  return jitter <= JITTERED ? { median, jitter } : undefined
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
