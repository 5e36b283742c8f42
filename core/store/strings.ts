import { hash } from 'node:crypto'
import { HashFilter } from './hash-filter.ts'
import type { ReadStore, WriteStore } from './store.ts'
import {
  FIND_INDEXED,
  hashStrings,
  IDENTIFIER_BIT,
  MAX_WAITING,
  rehasher,
  STRINGS_BY_HASH,
  WaitingStrings,
} from './string-index.ts'

/**
 * GUIDs, hashes, SIDs, addresses in memory, plain numbers: nearly every record brings one of its own. They are not in the
 * trigram index, which they would be the largest part of; a search that could be a part of one looks through them.
 */
export const IDENTIFIER = /^[0-9a-fxs{}-]+$/i
export { IDENTIFIER_BIT }

/**
 * Number under which a text is found in `str` (column `h`, and `string-index.ts`): the first 52 bits of its SHA-256. An index over the
 * texts themselves held each a second time and took twice as long; a weaker hash could be made to collide by evidence.
 * Identifiers are hashed in lower case, so that one look-up finds them however they are written.
 */
export const stringHash = (text: string): number =>
  IDENTIFIER.test(text) ? IDENTIFIER_BIT + shortHash(text.toLowerCase()) : shortHash(text)
const shortHash = (text: string) => parseInt(hash('sha256', text).slice(0, 13), 16)

const insertString = 'INSERT INTO str (v, h) VALUES (?, ?)'
/** Strings per INSERT statement: a fiftieth less of the processor for a large import than one by one. */
const GROUP = 32
const insertGroup = `INSERT INTO str (v, h) VALUES ${Array.from({ length: GROUP }, () => '(?, ?)').join(', ')}`
const allHashes = 'SELECT h FROM str'
const lastId = 'SELECT coalesce(max(id), 0) FROM str'

/** Reading the hashes of all strings costs about as much as looking this part of them up one by one. */
const FILTER_PAYS = 1 / 20

/** Interns strings in `str(id, v, h)`: events hold integers, each text is stored once. `finish` when all are stored. */
export class StringWriter {
  readonly #db: WriteStore
  readonly #insert
  readonly #insertGroup
  readonly #find
  readonly #last
  /** New strings that were given their number and are not stored yet: text and hash by turns. */
  #waiting: (string | number)[] = []
  #nextId = 0
  /** Look-ups until it pays to know which strings are certainly new. */
  #patience: number
  #filter: HashFilter | undefined
  /** New strings that are not in the index yet. */
  readonly #unindexed
  constructor(db: WriteStore) {
    hashStrings(db)
    this.#db = db
    this.#unindexed = new WaitingStrings(db)
    this.#insert = db.prepare(insertString)
    this.#insertGroup = db.prepare<(string | number)[]>(insertGroup)
    this.#find = db.prepare(FIND_INDEXED).pluck()
    this.#last = db.prepare(lastId).pluck()
    this.#patience = (this.#last.get() as number) * FILTER_PAYS
  }
  /** Id of the text, new or known. */
  intern(text: string): number {
    const ids = new Uint32Array(1)
    this.addAll([text], [stringHash(text)], ids, 0)
    return ids[0]!
  }
  /**
   * Ids of texts, new or known.
   * @param hashes of the texts, in their order
   * @param ids filled from `first` on
   */
  addAll(texts: Iterable<string>, hashes: ArrayLike<number>, ids: Uint32Array, first: number): void {
    // Nobody else writes strings within the call.
    this.#nextId = (this.#last.get() as number) + 1
    let index = 0
    for (const text of texts) {
      ids[first + index] = this.#idOf(text, hashes[index]!)
      index += 1
    }
    this.#write()
    if (this.#unindexed.size >= MAX_WAITING) this.finish()
  }

  /** Puts new strings into the index by which they are found. */
  finish(): void {
    hashStrings(this.#db)
    this.#unindexed.clear()
  }

  #idOf(text: string, textHash: number): number {
    this.#patience -= 1
    if (this.#patience < 0) this.#filter ??= this.#readHashes()
    if (this.#filter === undefined || this.#filter.mayHave(textHash)) {
      // It may be among those that wait.
      this.#write()
      const known =
        this.#unindexed.find(textHash, text) ?? (this.#find.get(textHash, text) as number | undefined)
      if (known !== undefined) return known
    }
    this.#filter?.add(textHash)
    this.#unindexed.add(textHash, text, this.#nextId)
    this.#waiting.push(text, textHash)
    if (this.#waiting.length === GROUP * 2) this.#write()
    return this.#nextId++
  }
  /** Stores what waits: the table numbers new rows from the largest number on, as `#nextId` does. */
  #write(): void {
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === GROUP * 2) this.#insertGroup.run(...waiting)
    else for (let at = 0; at < waiting.length; at += 2) this.#insert.run(waiting[at], waiting[at + 1])
  }
  #readHashes(): HashFilter {
    const filter = new HashFilter()
    for (const textHash of this.#db.prepare(allHashes).pluck().iterate()) filter.add(textHash as number)
    return filter
  }
}

/** Finds the id of a text, exactly as it is written. */
export function stringFinder(db: ReadStore): (text: string) => number | undefined {
  const find = db.prepare(sameText).pluck()
  return (text) => {
    const hash = stringHash(text)
    return find.get(hash, hash, text) as number | undefined
  }
}
const sameText = `SELECT id FROM str WHERE id IN (${STRINGS_BY_HASH}) AND v = ?`

const unhashed = 'SELECT id, v FROM str WHERE h IS NULL LIMIT 10000'
const setHash = 'UPDATE str SET h = ? WHERE id = ?'

/** Hashes of strings that a case of an older schema has none for. */
export function fillStringHashes(db: WriteStore): void {
  const find = db.prepare(unhashed)
  const set = db.prepare(setHash)
  for (;;) {
    const rows = find.all() as { id: number; v: string }[]
    if (rows.length === 0) return
    db.transaction(() => {
      for (const { id, v } of rows) set.run(stringHash(v), id)
    })()
  }
}

const lastIndexed = `SELECT value FROM case_info WHERE key = 'str_indexed'`
const setIndexed = `INSERT INTO case_info (key, value) VALUES ('str_indexed', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

const indexNew = `INSERT INTO str_fts (rowid, v) SELECT id, v FROM str WHERE id > ? AND id <= ? AND h < ${IDENTIFIER_BIT}`

/** Brings the trigram index up to date with new strings (performance.md: 0.4-0.6 us per event). */
export function indexStrings(db: WriteStore): void {
  const from = Number(db.prepare(lastIndexed).pluck().get() ?? 0)
  const to = (db.prepare('SELECT coalesce(max(id), 0) FROM str').pluck().get() as number) || 0
  if (to <= from) return
  db.prepare(indexNew).run(from, to)
  db.prepare(setIndexed).run(String(to))
}

const unindex = `INSERT INTO str_fts (str_fts, rowid, v) SELECT 'delete', id, v FROM str WHERE id = ? AND h < ${IDENTIFIER_BIT} AND id <= ?`
const forget = 'DELETE FROM str WHERE id = ?'
/** An empty text keeps the highest number, so that no number is ever given to a second text. */
const blank = 'UPDATE str SET v = ?, h = ? WHERE id = ?'

/** Takes texts that nothing refers to out of the table and out of the trigram index. */
export function forgetStrings(db: WriteStore, ids: Iterable<number>): void {
  const indexed = Number(db.prepare(lastIndexed).pluck().get() ?? 0)
  const last = db.prepare(lastId).pluck().get() as number
  const rehash = rehasher(db)
  const [fromIndex, fromTable, empty] = [db.prepare(unindex), db.prepare(forget), db.prepare(blank)]
  for (const id of ids) {
    fromIndex.run(id, indexed)
    rehash(id, () => void (id === last ? empty.run('', stringHash(''), id) : fromTable.run(id)))
  }
}

/** Escapes `%`, `_` and `\` of a LIKE pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`)

/** Fewest characters the trigram index can look up. */
const TRIGRAM = 3

/** Ids of all strings containing `text` (case-insensitive), through the trigram index where it is long enough. */
export function findStringsContaining(db: ReadStore, text: string): number[] {
  const pattern = `%${escapeLike(text)}%`
  const useIndex = text.length >= TRIGRAM && !/[\\%_]/.test(text)
  if (!useIndex) return idsOf(db, likeInAll, pattern)
  const indexed = idsOf(db, 'SELECT rowid FROM str_fts WHERE v LIKE ?', pattern)
  return IDENTIFIER.test(text) && hasHashes(db)
    ? withIdentifiers(indexed, idsOf(db, likeInIdentifiers, pattern))
    : indexed
}

/** Ids of strings equal to `text` (case-insensitive) or, with wildcards `*`, matching it. */
export function findStringsMatching(db: ReadStore, text: string): number[] {
  const pattern = escapeLike(text).replaceAll('*', '%')
  if (!text.includes('*') && IDENTIFIER.test(text) && hasHashes(db)) {
    const hash = stringHash(text)
    return db.prepare(sameIdentifier).pluck().all(hash, hash, pattern) as number[]
  }
  const longest = text.split('*').reduce((a, b) => (b.length > a.length ? b : a), '')
  if (longest.length < TRIGRAM || /[\\%_]/.test(longest)) return idsOf(db, likeInAll, pattern)
  const indexed = db.prepare(likeInIndexed).pluck().all(`%${longest}%`, pattern) as number[]
  return IDENTIFIER.test(text.replaceAll('*', '')) && hasHashes(db)
    ? withIdentifiers(indexed, idsOf(db, likeInIdentifiers, pattern))
    : indexed
}

const likeInAll = `SELECT id FROM str WHERE v LIKE ? ESCAPE '\\'`
const likeInIndexed = `SELECT id FROM str WHERE id IN (SELECT rowid FROM str_fts WHERE v LIKE ?) AND v LIKE ? ESCAPE '\\'`
/** In the order of the table: going by the index over hashes would jump from page to page. */
const likeInIdentifiers = `SELECT id FROM str WHERE +h >= ${IDENTIFIER_BIT} AND v LIKE ? ESCAPE '\\'`
const sameIdentifier = `SELECT id FROM str WHERE id IN (${STRINGS_BY_HASH}) AND v LIKE ? ESCAPE '\\'`

const idsOf = (db: ReadStore, sql: string, pattern: string) =>
  db.prepare(sql).pluck().all(pattern) as number[]

/** A case of schema version 10, opened for reading, has none; all its strings are in the trigram index. */
export const hasHashes = (db: ReadStore) => (db.pragma('user_version', { simple: true }) as number) >= 20

/** Cases of schema version 10 have identifiers in the trigram index, too. */
const withIdentifiers = (indexed: readonly number[], identifiers: readonly number[]): number[] => [
  ...new Set([...indexed, ...identifiers]),
]
