import {
  BOX_STRINGS,
  noteIdentifier,
  notedShelves,
  SHELF_BYTES,
  SHELF_ROWS,
  SHELF_STRINGS,
} from './identifier-grams.ts'
import type { WriteStore } from './store.ts'
import { IDENTIFIER_BIT } from './strings.ts'

const lastText = 'SELECT coalesce(max(id), 0) FROM str'
const identifiers = `SELECT id, v FROM str WHERE id > ? AND id <= ? AND +h >= ${IDENTIFIER_BIT}`
const put = 'INSERT INTO identifier_gram (id, bits) VALUES (?, ?)'

/** Notes what stands in identifiers, one shelf of strings per call (a twentieth of a second); run when nobody waits for the writer. */
export class IdentifierGramWriter {
  readonly #db: WriteStore
  constructor(db: WriteStore) {
    this.#db = db
  }

  /**
   * Only whole shelves are noted: the strings behind them are looked through. What is noted stays true, for no id is ever given to a second text.
   * @returns whether there may be more to do
   */
  next(): boolean {
    const db = this.#db
    const shelf = notedShelves(db)
    const first = shelf * SHELF_STRINGS
    if (first + SHELF_STRINGS > (db.prepare(lastText).pluck().get() as number)) return false
    const bits = Buffer.alloc(SHELF_BYTES)
    for (const row of db
      .prepare(identifiers)
      .raw()
      .iterate(first, first + SHELF_STRINGS)) {
      const [id, text] = row as [number, string]
      const box = Math.floor((id - first - 1) / BOX_STRINGS)
      noteIdentifier(bits, box, text)
    }
    const bytes = SHELF_BYTES / SHELF_ROWS
    const store = db.prepare(put)
    db.transaction(() => {
      for (let row = 0; row < SHELF_ROWS; row += 1)
        store.run(shelf * SHELF_ROWS + row, bits.subarray(row * bytes, (row + 1) * bytes))
    })()
    return true
  }
}
