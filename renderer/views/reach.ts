/** What is known of one recipient of a message; null is "not seen". */
export interface Touched {
  readonly executedAt: string | null
  readonly clickedAt: string | null
  readonly loggedOnAt?: string | null
}

/** How far a message went with one recipient: who ran something outweighs a click, a click a logon after delivery. */
export const reach = (row: Touched): number =>
  (row.executedAt ? 4 : 0) + (row.clickedAt ? 2 : 0) + (row.loggedOnAt ? 1 : 0)

/** Those it went furthest with first, then by name. */
export const byReach = <T extends Touched>(
  rows: readonly T[],
  nameOf: (row: T) => string,
  compareWords: (a: string, b: string) => number,
): T[] => [...rows].sort((a, b) => reach(b) - reach(a) || compareWords(nameOf(a), nameOf(b)))
