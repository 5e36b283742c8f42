import { buildEventIndexes, dropEventIndexes } from './indexes.ts'
import type { WriteStore } from './store.ts'
import { hashStrings } from './string-index.ts'

/** Less than this is added to the indexes row by row. */
const BULK_BYTES = 20 * 1024 * 1024
/** Growth of the case from which building the indexes anew is faster than adding to them (performance.md, design 3). */
const REBUILD_GROWTH = 0.3
/** Pages in the write-ahead log before they are folded into the case file: most are written again and again (64 MB). */
const CHECKPOINT_PAGES = 16_384
/** Page cache of an import, in KiB. */
const CACHE_KIB = 12_288
/** And while the indexes are sorted: what is read is read once, from beginning to end. */
const SORT_CACHE_KIB = 8_192

const importedBytes = `SELECT coalesce(sum(bytes), 0) FROM evidence WHERE status <> 'importing'`

/**
 * Makes ready for the import of so many bytes. A large one drops the event indexes: call `finish` when it is over,
 * however it ends. Should the process die before, they are built when the case is opened again.
 */
export function beginLoad(db: WriteStore, bytes: number): { finish(): void } {
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.pragma(`cache_size = -${CACHE_KIB}`)
  const before = db.prepare(importedBytes).pluck().get() as number
  if (bytes > BULK_BYTES && bytes > before * REBUILD_GROWTH) dropEventIndexes(db)
  return {
    finish: () => {
      // Pages that were read or written during the import make room for sorting, which takes as much again as its cache.
      db.pragma('shrink_memory')
      db.pragma(`cache_size = -${SORT_CACHE_KIB}`)
      hashStrings(db)
      buildEventIndexes(db)
      db.pragma(`cache_size = -${CACHE_KIB}`)
    },
  }
}
