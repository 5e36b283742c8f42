import type { ReadStore } from '../../store/store.ts'
import { PatternTable, type PatternChunk } from './pattern-table.ts'

/** Rows SQLite joins into one text: far fewer calls than rows, and no JavaScript text for each of them. */
const ROWS_AT_ONCE = 20_000

const entryRange = 'SELECT min(id) AS first, max(id) AS last FROM pack_entry'
const entryLines = `SELECT CAST(group_concat(host || ' ' || normal, char(10)) AS BLOB) AS lines,
  CAST(group_concat(substr(scope, 1, 1), '') AS BLOB) AS scopes
  FROM (SELECT host, normal, scope FROM pack_entry WHERE id >= ? AND id < ? ORDER BY id)`
const entryIds = 'SELECT id FROM pack_entry WHERE id >= ? AND id < ? ORDER BY id'
const urlRange = 'SELECT min(id) AS first, max(id) AS last FROM url'
/** What is no web address has no host, and no pattern covers it. */
const urlLines = `SELECT CAST(group_concat(url, char(10)) AS BLOB) AS lines, count(*) AS rows
  FROM (SELECT url FROM url WHERE id >= ? AND id < ? AND host <> '' ORDER BY id)`
const urlIds = `SELECT id FROM url WHERE id >= ? AND id < ? AND host <> '' ORDER BY id`

interface Range {
  first: number | null
  last: number | null
}

/** All entries of all packs, and which row each of the table's entries is. */
export class CasePatterns {
  readonly table: PatternTable
  /** Of each chunk: number of its first entry, its first row id, and the row ids where rows are missing between. */
  readonly #chunks: readonly { entry: number; id: number; ids: readonly number[] | null }[]

  constructor(db: ReadStore) {
    const { first, last } = db.prepare(entryRange).get() as Range
    const read = db.prepare(entryLines)
    const chunks: PatternChunk[] = []
    const places: { entry: number; id: number; ids: readonly number[] | null }[] = []
    let entry = 0
    for (let id = first ?? 0; last !== null && id <= last; id += ROWS_AT_ONCE) {
      const row = read.get(id, id + ROWS_AT_ONCE) as { lines: Buffer | null; scopes: Buffer | null }
      if (row.lines === null || row.scopes === null) continue
      const isWhole = row.scopes.length === Math.min(ROWS_AT_ONCE, last - id + 1)
      const ids = isWhole
        ? null
        : (db
            .prepare(entryIds)
            .pluck()
            .all(id, id + ROWS_AT_ONCE) as number[])
      chunks.push({ lines: row.lines, scopes: row.scopes })
      places.push({ entry, id, ids })
      entry += row.scopes.length
    }
    this.#chunks = places
    this.table = new PatternTable(chunks)
  }

  /** Row id of an entry of the table. */
  idOf(entry: number): number {
    let low = 0
    let high = this.#chunks.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#chunks[middle]?.entry ?? 0) <= entry) low = middle
      else high = middle
    }
    const chunk = this.#chunks[low]
    if (chunk === undefined) return 0
    const within = entry - chunk.entry
    return chunk.ids === null ? chunk.id + within : (chunk.ids[within] ?? 0)
  }
}

/** What of the packs concerns URLs of this case. */
export interface Touched {
  /** Row ids of URLs that at least one pattern covers, in order. */
  readonly urls: readonly number[]
  /** Row ids of the patterns that cover a URL. */
  readonly entries: ReadonlySet<number>
}

/**
 * Goes through all URLs of the case with all patterns of all packs: two packed reads, one hash table, one pass over the bytes. Which
 * pattern decides, by pack, level, port and time, is the {@link Shelf}'s business; it then needs only what is touched.
 */
export function findTouched(db: ReadStore, patterns: CasePatterns): Touched {
  const { first, last } = db.prepare(urlRange).get() as Range
  const read = db.prepare(urlLines)
  const readIds = db.prepare(urlIds).pluck()
  const urls: number[] = []
  const found = new Uint8Array(patterns.table.count)
  for (let id = first ?? 0; last !== null && id <= last; id += ROWS_AT_ONCE) {
    const row = read.get(id, id + ROWS_AT_ONCE) as { lines: Buffer | null; rows: number }
    if (row.lines === null) continue
    const lines: number[] = []
    patterns.table.scan(row.lines, (line, entry) => {
      if (lines.at(-1) !== line) lines.push(line)
      found[entry] = 1
    })
    if (lines.length === 0) continue
    const isWhole = row.rows === Math.min(ROWS_AT_ONCE, last - id + 1)
    const ids = isWhole ? null : (readIds.all(id, id + ROWS_AT_ONCE) as number[])
    for (const line of lines) urls.push(ids === null ? id + line : (ids[line] ?? 0))
  }
  const entries = new Set<number>()
  for (let entry = found.indexOf(1); entry >= 0; entry = found.indexOf(1, entry + 1))
    entries.add(patterns.idOf(entry))
  return { urls, entries }
}
