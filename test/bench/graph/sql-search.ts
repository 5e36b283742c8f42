import Database from 'better-sqlite3'
import type { BenchNetwork } from './network-data.ts'

const schema = `CREATE TABLE relation (from_id INTEGER NOT NULL, to_id INTEGER NOT NULL, at INTEGER NOT NULL) STRICT`
const index = 'CREATE INDEX relation_from ON relation (from_id, at, to_id)'
/** Earliest arrival as SQL says it: every hop used at or after the arrival at its beginning, less the tolerance. */
const search = `WITH RECURSIVE reached (node, at) AS (
    VALUES (@start, @at)
    UNION
    SELECT r.to_id, max(r.at, reached.at) FROM reached
    JOIN relation r ON r.from_id = reached.node AND r.at >= reached.at - @tolerance
  )
  SELECT node, min(at) AS at FROM reached GROUP BY node`

/** A network of dated relations in a table, with the index that the search wants. */
export class SqlSearch {
  readonly #db = new Database(':memory:')
  readonly #search

  constructor({ loose }: BenchNetwork) {
    this.#db.exec(schema)
    const insert = this.#db.prepare('INSERT INTO relation VALUES (?, ?, ?)')
    this.#db.transaction(() => {
      for (let at = 0; at < loose.count; at++)
        insert.run(loose.from[at], loose.to[at], loose.uses[loose.useStart[at] ?? 0])
    })()
    this.#db.exec(index)
    this.#db.exec('ANALYZE')
    this.#search = this.#db.prepare(search)
  }

  /** Arrival by entity id. */
  earliest(start: number, at: number, tolerance: number): Map<number, number> {
    const rows = this.#search.all({ start, at, tolerance }) as { node: number; at: number }[]
    return new Map(rows.map((row) => [row.node, row.at]))
  }

  close(): void {
    this.#db.close()
  }
}
