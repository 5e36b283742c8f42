/** What counts as "at the same time" between two logs of different clocks' precision. */
export const CLOCK_TOLERANCE_US = 2_000_000
