/** The head above the rows of one value. */
export interface GroupHead {
  /** Value the rows share, as `event.search` folds it; `n`: none. */
  readonly value: string
  readonly name: string
  /** How many events there are; null while they are counted. */
  readonly count: number | null
  /** Number of its first row among all rows. */
  readonly first: number
  readonly isFolded: boolean
}

/** What stands at a line: a head, or the number of a row. Heads are in the order of their rows. */
export function itemAt(
  line: number,
  heads: readonly GroupHead[],
): { readonly head: GroupHead | null; readonly row: number | null } {
  const before = headsBefore(line, heads)
  const head = heads[before]
  if (head !== undefined && head.first + before === line) return { head, row: null }
  return { head: null, row: line - before }
}
/** Heads that stand above a line. */
function headsBefore(line: number, heads: readonly GroupHead[]): number {
  let [low, high] = [0, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((heads[middle]?.first ?? 0) + middle < line) low = middle + 1
    else high = middle
  }
  return low
}
/** Line of a row. */
export function placeOfRow(row: number, heads: readonly GroupHead[]): number {
  let [low, high] = [0, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((heads[middle]?.first ?? 0) <= row) low = middle + 1
    else high = middle
  }
  return row + low
}
