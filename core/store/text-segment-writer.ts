import { randomInt } from 'node:crypto'
import { EVENT_COLUMNS } from './event-columns.ts'
import { FEWEST_EVENTS } from './search-index.ts'
import type { WriteStore } from './store.ts'
import {
  BLOCK_EVENTS,
  BLOCKS,
  ELSEWHERE,
  MOST_COLUMN_TEXTS,
  SEGMENT_EVENTS,
  TIME_PARTS,
  TOO_MANY,
} from './text-segments.ts'

const COLUMNS = EVENT_COLUMNS.filter(({ isText }) => isText).map(({ column }) => column)
const lastEvent = 'SELECT coalesce(max(id), 0) FROM event'
const lastText = 'SELECT coalesce(max(id), 0) FROM str'
const lastSegment = 'SELECT segment, last_id FROM text_segment ORDER BY segment DESC LIMIT 1'
const topOf = 'SELECT base + length(fresh) FROM text_segment WHERE segment = ?'
const knownTexts = 'SELECT segment, ids FROM column_text WHERE name = ?'
const readBlock = `SELECT at, ${COLUMNS.join(', ')} FROM event WHERE id > ? AND id <= ?`
const putSegment = `INSERT INTO text_segment (segment, last_id, stamp, base, times, fresh, ids, masks)
  VALUES (@segment, @lastId, @stamp, @base, @times, @fresh, @ids, @masks)
  ON CONFLICT (segment) DO UPDATE SET last_id = @lastId, stamp = @stamp, base = @base, times = @times, fresh = @fresh, ids = @ids, masks = @masks`
const putColumn = 'INSERT INTO column_text (name, segment, ids) VALUES (?, ?, ?)'
const clearColumns = 'DELETE FROM column_text WHERE segment = ?'
const clearColumn = 'DELETE FROM column_text WHERE name = ?'

/**
 * Notes where the texts of events stand, one segment per call (1.6 us of processor time per event); run when nobody waits for
 * the writer. What was stored since is taken in by further calls.
 */
export class TextSegmentWriter {
  readonly #db: WriteStore
  /** Text id -> its place in the segment at work, counted on from segment to segment so that nothing has to be cleared. */
  #places = new Int32Array(0)
  #used = 0
  /** Texts of each column so far; undefined when they are too many. They hold for one segment: the one behind the last written. */
  #columns: (Set<number> | undefined)[] | undefined
  #columnsFor = -1
  constructor(db: WriteStore) {
    this.#db = db
  }

  /** @returns whether there is more to do */
  next(fewest = FEWEST_EVENTS): boolean {
    const end = this.#db.prepare(lastEvent).pluck().get() as number
    const last = this.#db.prepare(lastSegment).get() as { segment: number; last_id: number } | undefined
    if (end < fewest || (last && last.last_id >= end)) return this.#rest()
    const isWhole = last !== undefined && last.last_id === (last.segment + 1) * SEGMENT_EVENTS
    const segment = last === undefined ? 0 : isWhole ? last.segment + 1 : last.segment
    if (segment !== this.#columnsFor) this.#columns = undefined
    this.#columnsFor = -1
    this.#db.transaction(() => this.#write(segment, end))()
    this.#columnsFor = segment + 1
    return Math.min(end, (segment + 1) * SEGMENT_EVENTS) < end || this.#rest()
  }
  /** Lets go of the memory. */
  #rest(): false {
    this.#places = new Int32Array(0)
    this.#columns = undefined
    this.#used = 0
    return false
  }

  #write(segment: number, end: number): void {
    const db = this.#db
    const first = segment * SEGMENT_EVENTS
    const lastId = Math.min(end, first + SEGMENT_EVENTS)
    const base =
      segment === 0
        ? 0
        : ((db
            .prepare(topOf)
            .pluck()
            .get(segment - 1) as number | null) ?? 0)
    const texts = (db.prepare(lastText).pluck().get() as number) + 1
    if (this.#places.length < texts || this.#used > 2 ** 30) {
      this.#places = new Int32Array(Math.ceil(texts * 1.2))
      this.#used = 0
    }
    db.prepare(clearColumns).run(segment)
    const known = (this.#columns ??= this.#knownColumns())
    const added: number[][] = COLUMNS.map(() => [])
    const places = this.#places
    const offset = this.#used
    const found: number[] = []
    const masks: number[] = []
    const times = new Float64Array(BLOCKS * TIME_PARTS).fill(NaN)
    const rows = db.prepare(readBlock).raw()
    let top = base
    for (let block = 0; block < BLOCKS; block += 1) {
      const from = first + block * BLOCK_EVENTS
      if (from >= lastId) break
      const side = block < 32 ? 0 : 1
      const bit = 1 << (block & 31)
      let [low, high, undated] = [NaN, NaN, 0]
      for (const row of rows.all(from, from + BLOCK_EVENTS) as (number | null)[][]) {
        const at = row[0] ?? null
        if (at === null) undated = 1
        else {
          if (!(at >= low)) low = at
          if (!(at <= high)) high = at
        }
        for (let index = 1; index < row.length; index += 1) {
          const text = row[index]
          if (text == null) continue
          let place = (places[text] ?? 0) - offset - 1
          if (place < 0) {
            place = found.length
            places[text] = offset + place + 1
            found.push(text)
            masks.push(0, 0)
            if (text > top) top = text
          }
          masks[place * 2 + side] = (masks[place * 2 + side] ?? 0) | bit
          const column = known[index - 1]
          if (column === undefined || column.has(text)) continue
          column.add(text)
          added[index - 1]?.push(text)
        }
      }
      times.set([low, high, undated], block * TIME_PARTS)
    }
    this.#used = offset + found.length
    const parts = split(found, masks, base, top)
    db.prepare(putSegment).run({
      segment,
      lastId,
      stamp: randomInt(2 ** 47),
      base,
      times: bytesOf(times),
      ...parts,
    })
    this.#putColumns(segment, known, added)
  }

  #putColumns(segment: number, known: (Set<number> | undefined)[], added: readonly number[][]): void {
    const put = this.#db.prepare(putColumn)
    for (const [index, texts] of added.entries()) {
      const name = COLUMNS[index] ?? ''
      if ((known[index]?.size ?? 0) > MOST_COLUMN_TEXTS) {
        known[index] = undefined
        this.#db.prepare(clearColumn).run(name)
        put.run(name, TOO_MANY, Buffer.alloc(0))
      } else if (texts.length > 0) put.run(name, segment, bytesOf(Uint32Array.from(texts)))
    }
  }
  #knownColumns(): (Set<number> | undefined)[] {
    const find = this.#db.prepare(knownTexts)
    return COLUMNS.map((name) => {
      const rows = find.all(name) as { segment: number; ids: Buffer }[]
      if (rows.some(({ segment }) => segment === TOO_MANY)) return undefined
      const texts = new Set<number>()
      for (const { ids } of rows)
        for (let at = 0; at + 4 <= ids.length; at += 4) texts.add(ids.readUInt32LE(at))
      return texts
    })
  }
}

/** What is new and stands in one block goes to `fresh`, all else to `ids` and `masks`. */
function split(found: readonly number[], masks: readonly number[], base: number, top: number) {
  const fresh = new Uint8Array(top - base).fill(ELSEWHERE)
  const others: number[] = []
  for (const [place, text] of found.entries()) {
    const [low, high] = [masks[place * 2] ?? 0, masks[place * 2 + 1] ?? 0]
    const isOne = low === 0 ? (high & (high - 1)) === 0 : high === 0 && (low & (low - 1)) === 0
    if (text > base && isOne)
      fresh[text - base - 1] = low === 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(low)
    else others.push(place)
  }
  others.sort((a, b) => (found[a] ?? 0) - (found[b] ?? 0))
  const ids = new Uint32Array(others.length)
  const bits = new Uint32Array(others.length * 2)
  for (const [index, place] of others.entries()) {
    ids[index] = found[place] ?? 0
    bits[index * 2] = masks[place * 2] ?? 0
    bits[index * 2 + 1] = masks[place * 2 + 1] ?? 0
  }
  return { fresh: bytesOf(fresh), ids: bytesOf(ids), masks: bytesOf(bits) }
}
const bytesOf = (numbers: Uint8Array | Uint32Array | Float64Array): Buffer =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)

const forget = 'DELETE FROM text_segment WHERE last_id > (SELECT coalesce(max(id), 0) FROM event)'
const forgetColumns =
  'DELETE FROM column_text WHERE segment > (SELECT coalesce(max(segment), -2) FROM text_segment)'

/** To be called when events were deleted, before new ones are stored: ids beyond the last one will be given again. */
export function forgetTextSegments(db: WriteStore): void {
  db.prepare(forget).run()
  db.prepare(forgetColumns).run()
}
