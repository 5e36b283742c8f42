/** Times before this are "never" values of broken clocks (1601, 1970); they are listed but never stretch a histogram. Microseconds UTC. */
export const PLAUSIBLE_FROM_US = Date.UTC(1990, 0, 1) * 1000

/** What is younger than the newest import by more is a clock that runs ahead or a zone that was mistaken; the same holds. */
export const PLAUSIBLE_AHEAD_US = 86_400 * 1e6
