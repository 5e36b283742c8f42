/** Entries of the JSON feeds of abuse.ch: an object of ids, each with a list of one entry (or the entry itself). */
export function* keyedEntries(value: unknown): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return
  for (const entry of Object.values(value as Readonly<Record<string, unknown>>)) {
    if (Array.isArray(entry)) yield* entry as unknown[]
    else yield entry
  }
}
