import { WorkbenchError } from '../model/errors.ts'

/** Cursor of a list in an order of numbers (rank, time, id): the keys of the last row, joined. */
export const toCursor = (keys: readonly number[]): string => keys.join('_')

/**
 * Reads a cursor back.
 * @throws WorkbenchError `request.invalid` when it is not one of this list
 */
export function parseCursor(cursor: string | null | undefined, keys: number): readonly number[] | null {
  if (cursor == null || cursor === '') return null
  const numbers = cursor.split('_').map(Number)
  if (numbers.length !== keys || numbers.some((number) => !Number.isFinite(number))) {
    throw new WorkbenchError('request.invalid', { field: 'cursor' })
  }
  return numbers
}

/** Order of two key lists, first difference decides. */
export function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, key] of a.entries()) {
    const difference = key - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The rows of a sorted list that follow a cursor: binary search, so a late page costs what the first does. */
export function pageAfter<T>(
  sorted: readonly T[],
  keysOf: (row: T) => readonly number[],
  after: readonly number[] | null,
  limit: number,
): { rows: readonly T[]; next: string | null } {
  let low = 0
  let high = after === null ? 0 : sorted.length
  while (after !== null && low < high) {
    const middle = (low + high) >>> 1
    const row = sorted[middle]
    if (row !== undefined && compareKeys(keysOf(row), after) <= 0) low = middle + 1
    else high = middle
  }
  const rows = sorted.slice(low, low + limit)
  const last = rows.at(-1)
  return { rows, next: last !== undefined && low + limit < sorted.length ? toCursor(keysOf(last)) : null }
}
