/** Bucket widths in seconds that read well on an axis. */
export const STEPS = [
  1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000,
]
