import { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'

const readers = new WeakMap<ReadStore, RawReader>()

/** The reader of raw records of a connection; kept, for it caches blocks. */
export function rawOf(db: ReadStore): RawReader {
  const known = readers.get(db)
  if (known) return known
  const made = new RawReader(db)
  readers.set(db, made)
  return made
}
