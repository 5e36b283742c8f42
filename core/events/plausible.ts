/** Times before this are "never" values of broken clocks (1601, 1970); they are listed but never stretch a histogram. */
export const PLAUSIBLE_FROM_US = Date.UTC(1990, 0, 1) * 1000

/** What is younger than the newest import by more is a clock that runs ahead or a zone that was mistaken; the same holds. */
export const PLAUSIBLE_AHEAD_US = 86_400 * 1e6

/** Bucket widths in seconds that read well on an axis. */
export const STEPS = [
  1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000,
]
