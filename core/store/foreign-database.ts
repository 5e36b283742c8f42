import Database from 'better-sqlite3'

/** A value as SQLite stores it: integers whole, whatever their size. */
export type ForeignValue = bigint | number | string | Buffer | null
export type ForeignRow = Readonly<Record<string, ForeignValue>>
export type NumberedRow = ForeignRow & { readonly rowid: bigint }

const HEADER_BYTES = 100
/** Where the header says which journal the file was written with; 1: none beside it (fileformat2.html, 1.3). */
const JOURNAL_BYTES = [18, 19] as const
/** Where it says how large a page is; 1: 64 KiB. */
const PAGE_SIZE_AT = 16
/** Where it says how many pages there are; 0: as many as there are, so that a file that was cut off opens. */
const PAGES_AT = 28
/** Attack: the pages of a table that name each other again and again give rows without end. A row takes more than this. */
const LEAST_ROW_BYTES = 6

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

class DamagedTable extends Error {}

/** Whether it was the bytes that were refused: no database, or a damaged one. */
export const isDatabaseError = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError || thrown instanceof DamagedTable

/** The file with a header that opens: as many pages as are whole, and no journal. */
function opened(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES) return bytes
  const size = bytes.readUInt16BE(PAGE_SIZE_AT)
  const page = size === 1 ? 65_536 : size
  for (const at of JOURNAL_BYTES) bytes[at] = 1
  bytes.writeUInt32BE(0, PAGES_AT)
  return page === 0 ? bytes : bytes.subarray(0, bytes.length - (bytes.length % page))
}

/**
 * A database that another program wrote, read from memory: nothing is written, and no journal beside it is looked for or made. It may be
 * hostile, so only rows of plain tables are read: no views, no virtual tables, no computed columns, no expressions of its schema.
 */
export class ForeignDatabase {
  readonly #db: Database.Database
  readonly #maxRows: number

  /**
   * @param bytes the whole file, or what is left of it; its header is changed in place
   * @throws `isDatabaseError` for what is no database
   */
  constructor(bytes: Buffer) {
    this.#db = new Database(opened(bytes))
    this.#db.defaultSafeIntegers(true)
    this.#db.pragma('trusted_schema = OFF')
    this.#db.pragma('cell_size_check = ON')
    this.#maxRows = Math.ceil(bytes.length / LEAST_ROW_BYTES)
  }

  /** Those of the columns that are stored in a plain table of that name; empty when there is none. */
  columns(table: string, wanted: readonly string[]): string[] {
    const isPlain = this.#db
      .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE TABLE%'`)
      .get(table)
    if (isPlain === undefined) return []
    const stored = this.#db
      .prepare(`SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0`)
      .pluck()
      .all(table) as string[]
    return wanted.filter((name) => stored.includes(name))
  }

  /**
   * Rows of a table in the order they were made, with `rowid`; columns that it has not are null. Where pages are damaged or gone the rows
   * before them come first, then those behind them from the end on.
   * @throws `isDatabaseError` after the last row, where the file is damaged
   */
  *rows(table: string, wanted: readonly string[]): Generator<NumberedRow> {
    const select = this.#select(table, wanted)
    if (select === undefined) return
    const last: { rowid: bigint | undefined } = { rowid: undefined }
    try {
      yield* this.#sorted(`${select} ORDER BY rowid`, last)
    } catch (thrown) {
      if (!isDatabaseError(thrown)) throw thrown
      const reached = last.rowid
      try {
        for (const row of this.#sorted(`${select} ORDER BY rowid DESC`, { rowid: undefined })) {
          if (reached !== undefined && row.rowid <= reached) break
          yield row
        }
      } catch (again) {
        if (!isDatabaseError(again)) throw again
      }
      throw thrown
    }
  }

  /** Rows as they come, as long as their numbers follow each other: they do in every table that is whole. */
  *#sorted(sql: string, last: { rowid: bigint | undefined }): Generator<NumberedRow> {
    const isFalling = sql.endsWith('DESC')
    let left = this.#maxRows
    for (const row of this.#db.prepare(sql).iterate() as Iterable<NumberedRow>) {
      const isNext = last.rowid === undefined || (isFalling ? row.rowid < last.rowid : row.rowid > last.rowid)
      if (left-- === 0 || !isNext) throw new DamagedTable('The rows of a table do not follow each other')
      last.rowid = row.rowid
      yield row
    }
  }

  /** Finds single rows of a table by their number. */
  finder(table: string, wanted: readonly string[]): (rowid: bigint) => ForeignRow | undefined {
    const select = this.#select(table, wanted)
    if (select === undefined) return () => undefined
    const sql = `${select} WHERE rowid = ?`
    const statement = this.#db.prepare(sql)
    return (rowid) => statement.get(rowid) as ForeignRow | undefined
  }

  close(): void {
    this.#db.close()
  }

  #select(table: string, wanted: readonly string[]): string | undefined {
    const stored = new Set(this.columns(table, wanted))
    if (stored.size === 0) return undefined
    const columns = wanted.map((name) => (stored.has(name) ? quoted(name) : `NULL AS ${quoted(name)}`))
    return `SELECT rowid AS rowid, ${columns.join(', ')} FROM ${quoted(table)}`
  }
}
