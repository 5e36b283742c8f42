import { IDENTIFIER_BIT } from './strings.ts'
import type { ReadStore } from './store.ts'

/**
 * Strings are cut by their ids into boxes of 64 and shelves of 1,024 boxes. Of each shelf it is kept which boxes hold an identifier with
 * three given characters in a row: a bit per box, 4,096 times (hexadecimal digits; other characters share their places). A part of an
 * identifier can stand only in boxes that have all its characters. Eight bytes per string.
 */
export const BOX_STRINGS = 64
export const SHELF_BOXES = 1_024
export const SHELF_STRINGS = BOX_STRINGS * SHELF_BOXES
/** Characters in a row. */
export const GRAM = 3
const SLOTS = 4_096
/** Bytes of one slot: a bit per box. */
const SLOT_BYTES = SHELF_BOXES / 8
/** Slots stored together. */
const ROW_SLOTS = 64
/** Rows of a shelf. */
export const SHELF_ROWS = SLOTS / ROW_SLOTS
export const SHELF_BYTES = SLOTS * SLOT_BYTES
/** More boxes of a shelf than this are read sooner one after the other. */
const MOST_BOXES = SHELF_BOXES * 0.6

/** Place of a character of an identifier, 0 to 15; whatever else stands somewhere has to share. */
const PLACE = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return digit === -1 ? code & 15 : digit
})

/** The slot of the characters so far and the next one. */
const step = (slot: number, code: number): number => ((slot << 4) | (PLACE[code & 127] ?? 0)) & (SLOTS - 1)

function slotsOf(text: string): readonly number[] {
  const slots = new Set<number>()
  for (let at = 0, slot = 0; at < text.length; at += 1) {
    slot = step(slot, text.charCodeAt(at))
    if (at >= GRAM - 1) slots.add(slot)
  }
  return [...slots].sort((a, b) => a - b)
}

/** Notes an identifier of a box in the bits of its shelf. */
export function noteIdentifier(bits: Uint8Array, box: number, text: string): void {
  const byte = box >> 3
  const mask = 1 << (box & 7)
  for (let at = 0, slot = 0; at < text.length; at += 1) {
    slot = step(slot, text.charCodeAt(at))
    if (at >= GRAM - 1) bits[slot * SLOT_BYTES + byte] = (bits[slot * SLOT_BYTES + byte] ?? 0) | mask
  }
}

const shelves = `SELECT count(*) / ${SHELF_ROWS} FROM identifier_gram`
const table = `SELECT 1 FROM sqlite_schema WHERE name = 'identifier_gram'`
/** Shelves of strings that are noted, from the first on. */
export function notedShelves(db: ReadStore): number {
  // A case of an older version that is only read has no such table.
  if (db.prepare(table).get() === undefined) return 0
  return db.prepare(shelves).pluck().get() as number
}

const readRow = 'SELECT bits FROM identifier_gram WHERE id = ?'

/** Finds identifiers that fit LIKE patterns with a literal piece in common, shelf by shelf. */
export class IdentifierSearch {
  readonly #read
  readonly #inBoxes
  readonly #inShelf
  readonly #slots: readonly number[]
  readonly #likes: readonly string[]

  /** @param core at least {@link GRAM} characters that stand in whatever fits */
  constructor(db: ReadStore, core: string, likes: readonly string[]) {
    const fits = `+s.h >= ${IDENTIFIER_BIT} AND (${likes.map(() => `s.v LIKE ? ESCAPE '\\'`).join(' OR ')})`
    const inBoxes = `SELECT s.id FROM json_each(?) b CROSS JOIN str s ON s.id > b.value AND s.id <= b.value + ${BOX_STRINGS} WHERE ${fits}`
    const inShelf = `SELECT s.id FROM str s WHERE s.id > ? AND s.id <= ? AND ${fits}`
    this.#read = db.prepare(readRow).pluck()
    this.#inBoxes = db.prepare(inBoxes).pluck()
    this.#inShelf = db.prepare(inShelf).pluck()
    this.#slots = slotsOf(core)
    this.#likes = likes
  }

  /** Ids of the strings of a noted shelf that fit. */
  find(shelf: number): readonly number[] {
    const boxes = this.#boxesOf(shelf)
    const first = shelf * SHELF_STRINGS
    if (boxes.length === 0) return []
    if (boxes.length > MOST_BOXES)
      return this.#inShelf.all(first, first + SHELF_STRINGS, ...this.#likes) as number[]
    const after = JSON.stringify(boxes.map((box) => first + box * BOX_STRINGS))
    return this.#inBoxes.all(after, ...this.#likes) as number[]
  }

  /** Boxes that have all characters in a row. */
  #boxesOf(shelf: number): readonly number[] {
    const common = new Uint8Array(SLOT_BYTES).fill(0xff)
    let row = -1
    let bits: Uint8Array = new Uint8Array(0)
    for (const slot of this.#slots) {
      const wanted = Math.floor(slot / ROW_SLOTS)
      if (wanted !== row)
        bits = (this.#read.get(shelf * SHELF_ROWS + wanted) as Buffer | undefined) ?? new Uint8Array(0)
      row = wanted
      const from = (slot % ROW_SLOTS) * SLOT_BYTES
      let left = 0
      for (let at = 0; at < SLOT_BYTES; at += 1)
        left |= common[at] = (common[at] ?? 0) & (bits[from + at] ?? 0)
      if (left === 0) return []
    }
    const boxes: number[] = []
    for (let box = 0; box < SHELF_BOXES; box += 1)
      if (((common[box >> 3] ?? 0) & (1 << (box & 7))) !== 0) boxes.push(box)
    return boxes
  }
}
