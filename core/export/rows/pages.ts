import { setImmediate } from 'node:timers/promises'

/** Rows read at once: a page with a megabyte in every text stays within memory, and a cancel is heard soon. */
export const PAGE = 200

/**
 * Reads by key, page by page: no page is further from the start than another, and nothing is held between two of them.
 * @param next the page after a row; undefined for the first
 */
export async function* inPages<T>(
  signal: AbortSignal,
  next: (after: T | undefined) => readonly T[],
): AsyncGenerator<readonly T[]> {
  let last: T | undefined
  for (;;) {
    signal.throwIfAborted()
    const page = next(last)
    last = page.at(-1)
    if (page.length > 0) yield page
    if (page.length < PAGE || last === undefined) return
    await setImmediate()
  }
}
