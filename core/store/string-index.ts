import type { ReadStore, WriteStore } from './store.ts'

/** Added to the hash of an identifier (`strings.ts`): tells them from other texts without a column of their own. */
export const IDENTIFIER_BIT = 2 ** 52

/** The id of the string with this hash and text, of all that are in the index. */
export const FIND_INDEXED =
  'SELECT s.id FROM str_hash k CROSS JOIN str s ON s.id = k.id WHERE k.h = ? AND s.v = ?'

const lastHashed = `SELECT CAST(value AS INTEGER) FROM case_info WHERE key = 'str_hashed'`
/** Strings that may have this hash (bound twice), also those that wait to be put into the index. */
export const STRINGS_BY_HASH = `SELECT id FROM str_hash WHERE h = ? UNION ALL
  SELECT id FROM str WHERE id > coalesce((${lastHashed}), 0) AND +h = ?`

/** Strings that are put into the index at once: sorting them takes some eight megabytes. */
export const MAX_WAITING = 250_000

const last = 'SELECT coalesce(max(id), 0) FROM str'
const setHashed = `INSERT INTO case_info (key, value) VALUES ('str_hashed', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
const insert = 'INSERT INTO str_hash (h, id) SELECT h, id FROM str WHERE id > ? AND id <= ? ORDER BY h, id'

/**
 * Brings the index of hashes up to date with new strings. Hashes are random: put in as they come, each batch of a large
 * import wrote nearly every page of the index again (of a gigabyte of varied rows, two thirds of the writer's time). They are put in
 * sorted, many at a time; what an import that was cut off has left waiting is made up for when the case is opened.
 */
export function hashStrings(db: WriteStore): void {
  const end = db.prepare(last).pluck().get() as number
  let from = (db.prepare(lastHashed).pluck().get() as number | undefined) ?? 0
  if (end <= from) return
  const put = db.prepare(insert)
  const note = db.prepare(setHashed)
  while (from < end) {
    const to = Math.min(end, from + MAX_WAITING)
    const start = from
    db.transaction(() => {
      put.run(start, to)
      note.run(String(to))
    })()
    from = to
  }
}

const forget = 'DELETE FROM str_hash WHERE (h, id) IN (SELECT h, id FROM str WHERE id = ?)'
const add = 'INSERT INTO str_hash (h, id) SELECT h, id FROM str WHERE id = ?'

/**
 * Changes the row of a string, or takes it away, by `change` and the index with it. Brings the index up to date first.
 */
export function rehasher(db: WriteStore): (id: number, change: () => void) => void {
  hashStrings(db)
  const [out, back] = [db.prepare(forget), db.prepare(add)]
  return (id, change) => {
    out.run(id)
    change()
    back.run(id)
  }
}

/** Slots at first; a power of two. */
const FIRST_SLOTS = 2 ** 12

/**
 * New strings that are not in the index yet, by their hash. Identifiers that differ in case alone have one hash, and evidence may
 * bring them by the thousands: they are told apart by a number of their own before any text is fetched.
 */
export class WaitingStrings {
  /** One more than the hash: zero is a free slot. */
  #hashes = new Float64Array(FIRST_SLOTS)
  #ids = new Uint32Array(FIRST_SLOTS)
  #spellings = new Int32Array(FIRST_SLOTS)
  readonly #text
  size = 0

  constructor(db: ReadStore) {
    this.#text = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
  }

  add(hash: number, text: string, id: number): void {
    if ((this.size + 1) * 3 > this.#hashes.length * 2) this.#grow()
    this.#put(hash + 1, id, spellingOf(hash, text))
    this.size += 1
  }

  /** Id of the text, if it waits. Rows of all that were added must be in the table. */
  find(hash: number, text: string): number | undefined {
    const [hashes, spellings] = [this.#hashes, this.#spellings]
    const mask = hashes.length - 1
    const spelling = spellingOf(hash, text)
    for (let slot = hash & mask; hashes[slot] !== 0; slot = (slot + 1) & mask) {
      if (hashes[slot] !== hash + 1 || spellings[slot] !== spelling) continue
      const id = this.#ids[slot]!
      if (this.#text.get(id) === text) return id
    }
    return undefined
  }

  clear(): void {
    this.#hashes = new Float64Array(FIRST_SLOTS)
    this.#ids = new Uint32Array(FIRST_SLOTS)
    this.#spellings = new Int32Array(FIRST_SLOTS)
    this.size = 0
  }

  #put(key: number, id: number, spelling: number): void {
    const hashes = this.#hashes
    const mask = hashes.length - 1
    let slot = (key - 1) & mask
    while (hashes[slot] !== 0) slot = (slot + 1) & mask
    hashes[slot] = key
    this.#ids[slot] = id
    this.#spellings[slot] = spelling
  }

  #grow(): void {
    const [hashes, ids, spellings] = [this.#hashes, this.#ids, this.#spellings]
    this.#hashes = new Float64Array(hashes.length * 2)
    this.#ids = new Uint32Array(ids.length * 2)
    this.#spellings = new Int32Array(spellings.length * 2)
    for (let slot = 0; slot < hashes.length; slot++)
      if (hashes[slot] !== 0) this.#put(hashes[slot]!, ids[slot]!, spellings[slot]!)
  }
}

/** Tells spellings of one identifier apart (FNV-1a of its characters); other texts have a hash of their own. */
function spellingOf(hash: number, text: string): number {
  if (hash < IDENTIFIER_BIT) return 0
  let spelling = 0x811c9dc5 | 0
  for (let at = 0; at < text.length; at++) spelling = Math.imul(spelling ^ text.charCodeAt(at), 0x01000193)
  return spelling
}
