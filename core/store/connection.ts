import Database from 'better-sqlite3'

/** The native connection. Only this room names better-sqlite3; others see `ReadStore` and `WriteStore`. */
export type Connection = Database.Database
export type Statement = Database.Statement<unknown[], unknown>

/** `RTHD` as a big-endian number: `PRAGMA application_id` of every case file. */
export const APPLICATION_ID = 0x52544844

/**
 * Opens a SQLite file with the settings every connection of the product has (ARCHITECTURE section 6).
 * `synchronous` is set on every connection because it falls back to NORMAL when a WAL file is reopened (TRUST.md 3).
 * @param mode `read` opens read-only and never creates; `write` opens an existing file; `create` makes a new one
 */
export function connect(path: string, mode: 'read' | 'write' | 'create'): Connection {
  const db = new Database(path, {
    readonly: mode === 'read',
    fileMustExist: mode !== 'create',
    timeout: 4000,
  })
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('mmap_size = 0')
  db.pragma('foreign_keys = ON')
  db.pragma('synchronous = FULL')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -65536')
  return db
}
