import Database from 'better-sqlite3'
import { STANDING_RELATIONS } from '../../../core/model/relation.ts'
import type { BenchNetwork } from './network-data.ts'

const ENTITY_KINDS = ['process', 'process', 'process', 'file', 'file', 'endpoint', 'user', 'ip'] as const

const ourIndexes = `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('entity', 'relation') ORDER BY name`

/** Names of our own schema. */
const dropOf = (name: string): string => `DROP INDEX ${name}`

/** Fills the tables of an empty case with the network. */
export function fillCase(path: string, { entities, loose, kinds }: BenchNetwork): void {
  const db = new Database(path)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  const indexes = db.prepare(ourIndexes).all() as { name: string; sql: string }[]
  for (const { name } of indexes) db.exec(dropOf(name))
  db.transaction(() => {
    const entity = db.prepare("INSERT INTO entity VALUES (?, ?, ?, ?, NULL, NULL, '{}', 1)")
    for (const id of entities) entity.run(id, `k${id}`, ENTITY_KINDS[id % ENTITY_KINDS.length], `e${id}`)
    const relation = db.prepare(
      "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, 1, 0.9, 1, 'bench', '{}', 1, ?, 1)",
    )
    // One relation of a kind between two entities is one row.
    const written = new Set<number>()
    for (let at = 0; at < loose.count; at++) {
      const kind = kinds[at] ?? 'spawned'
      const key = ((loose.from[at] ?? 0) * 1e6 + (loose.to[at] ?? 0)) * 64 + (loose.kinds[at] ?? 0)
      if (written.has(key)) continue
      written.add(key)
      const use = STANDING_RELATIONS.has(kind) ? null : (loose.uses[loose.useStart[at] ?? 0] ?? null)
      const uses = use === null ? Buffer.alloc(0) : Buffer.from(Float64Array.of(use).buffer)
      relation.run(loose.ids[at], kind, loose.from[at], loose.to[at], use, use, uses)
    }
  })()
  for (const { sql } of indexes) db.exec(sql)
  db.pragma('journal_mode = DELETE')
  db.close()
}
