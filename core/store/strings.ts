import type { ReadStore, WriteStore } from './store.ts'

/** Cap of the writer's cache: beyond it the map starts anew, so that memory stays flat on huge dictionaries. */
const MAX_CACHED_STRINGS = 400_000

/** Interns strings in `str(id, v)`: events hold integers, each text is stored once. */
export class StringWriter {
  readonly #insert
  readonly #find
  #cache = new Map<string, number>()
  constructor(db: WriteStore) {
    this.#insert = db.prepare('INSERT INTO str (v) VALUES (?) ON CONFLICT DO NOTHING')
    this.#find = db.prepare('SELECT id FROM str WHERE v = ?').pluck()
  }
  /** Id of the text, new or known. */
  intern(text: string): number {
    const cached = this.#cache.get(text)
    if (cached !== undefined) return cached
    const inserted = this.#insert.run(text)
    const id = inserted.changes === 1 ? Number(inserted.lastInsertRowid) : (this.#find.get(text) as number)
    if (this.#cache.size >= MAX_CACHED_STRINGS) this.#cache = new Map()
    this.#cache.set(text, id)
    return id
  }
  /** Forgets everything: after a rollback the cached ids may not exist. */
  reset(): void {
    this.#cache = new Map()
  }
}

const lastIndexed = `SELECT value FROM case_info WHERE key = 'str_indexed'`
const setIndexed = `INSERT INTO case_info (key, value) VALUES ('str_indexed', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

/** Brings the trigram index up to date with new strings (performance.md: 0.4-0.6 us per event). */
export function indexStrings(db: WriteStore): void {
  const from = Number(db.prepare(lastIndexed).pluck().get() ?? 0)
  const to = (db.prepare('SELECT coalesce(max(id), 0) FROM str').pluck().get() as number) || 0
  if (to <= from) return
  db.prepare('INSERT INTO str_fts (rowid, v) SELECT id, v FROM str WHERE id > ? AND id <= ?').run(from, to)
  db.prepare(setIndexed).run(String(to))
}

/** Escapes `%`, `_` and `\` of a LIKE pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)

/** Fewest characters the trigram index can look up. */
const TRIGRAM = 3

/** Ids of all strings containing `text` (case-insensitive), through the trigram index where it is long enough. */
export function findStringsContaining(db: ReadStore, text: string): number[] {
  const pattern = `%${escapeLike(text)}%`
  const useIndex = text.length >= TRIGRAM && !/[\\%_]/.test(text)
  const sql = useIndex
    ? 'SELECT rowid FROM str_fts WHERE v LIKE ?'
    : `SELECT id FROM str WHERE v LIKE ? ESCAPE '\\'`
  return db
    .prepare(sql)
    .pluck()
    .all(useIndex ? `%${text}%` : pattern) as number[]
}

/** Ids of strings equal to `text` (case-insensitive) or, with wildcards `*`, matching it. */
export function findStringsMatching(db: ReadStore, text: string): number[] {
  const pattern = escapeLike(text).replaceAll('*', '%')
  const longest = text.split('*').reduce((a, b) => (b.length > a.length ? b : a), '')
  if (longest.length >= TRIGRAM && !/[\\%_]/.test(longest)) {
    return db
      .prepare(
        `SELECT id FROM str WHERE id IN (SELECT rowid FROM str_fts WHERE v LIKE ?) AND v LIKE ? ESCAPE '\\'`,
      )
      .pluck()
      .all(`%${longest}%`, pattern) as number[]
  }
  return db.prepare(`SELECT id FROM str WHERE v LIKE ? ESCAPE '\\'`).pluck().all(pattern) as number[]
}
