/** Times of scenarios: microseconds UTC, whole milliseconds. */
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** Midnight of the day on which every scenario plays: 2026-03-10 UTC. */
export const DAY = Date.UTC(2026, 2, 10) * 1000

/** A time of that day, `08:15` or `08:15:30`. */
export function at(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  return DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
}
