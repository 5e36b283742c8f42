import type { Connection } from './connection.ts'

/**
 * Reader and writer are different types (STYLE.md section 9, 7). Both are the same native connection underneath;
 * the phantom property keeps a ReadStore from being passed where something will be written.
 */
export interface ReadStore {
  prepare: Connection['prepare']
  pragma: Connection['pragma']
}
declare const writes: unique symbol
export interface WriteStore extends ReadStore {
  exec: Connection['exec']
  transaction: Connection['transaction']
  readonly [writes]?: true
}

/** Marks a read-only connection as the reader it is. */
export const asReader = (db: Connection): ReadStore => db
/** Marks the one writing connection. */
export const asWriter = (db: Connection): WriteStore => db
/** A reader in the place of a writer, for work that only writes when it may: every write is refused as `store.read_only`. */
export const readerAsWriter = (db: ReadStore): WriteStore => db as WriteStore
