import { setImmediate } from 'node:timers/promises'
import type { ReadStore } from './store.ts'

/**
 * Where the texts of events stand. Events are cut by their ids into segments and these into blocks; of each segment is kept in which of
 * its blocks a text stands (ids of `str`), and of each block between which times its events lie. Most texts are new where they stand
 * and stand in one block only: for them one byte is enough, by the place of their id behind `base` (`fresh`). All others are in `ids`
 * (ascending) with a bit per block in `masks`. Numbers are little-endian, as on every machine the product runs on.
 */
export const SEGMENT_EVENTS = 65_536
export const BLOCK_EVENTS = 1_024
export const BLOCKS = SEGMENT_EVENTS / BLOCK_EVENTS
/** In `fresh`: the text is not new here, or stands in several blocks, and is looked up in `ids`. */
export const ELSEWHERE = 255
/** A column with more different texts is not listed. */
export const MOST_COLUMN_TEXTS = 65_536
/** Stands for the segment of a column with too many texts to be listed. */
export const TOO_MANY = -1
/** Bytes of segments kept in memory; what a larger case has beyond is read again for each search. */
const KEPT_BYTES = 256 * 1024 * 1024

export interface TextSegment {
  /** Events with ids above `firstId - 1` up to `lastId`. */
  readonly firstId: number
  readonly lastId: number
  readonly stamp: number
  readonly base: number
  /** Per block the earliest and the latest time, and 1 when undated events are among them; NaN: no dated event. */
  readonly times: Float64Array
  readonly fresh: Uint8Array
  readonly ids: Uint32Array
  /** Per id two numbers: blocks 0-31, blocks 32-63. */
  readonly masks: Uint32Array
}
/** Numbers per block in `times`. */
export const TIME_PARTS = 3

interface Head {
  readonly segment: number
  readonly last_id: number
  readonly stamp: number
}
interface Row extends Head {
  readonly base: number
  readonly times: Buffer
  readonly fresh: Buffer
  readonly ids: Buffer
  readonly masks: Buffer
}

const hasTable = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'text_segment'`
const heads = 'SELECT segment, last_id, stamp FROM text_segment ORDER BY segment'
const whole = 'SELECT * FROM text_segment WHERE segment = ?'
const lastEvent = 'SELECT coalesce(max(id), 0) FROM event'

const tables = new WeakMap<ReadStore, boolean>()
const keptOf = new WeakMap<ReadStore, Map<number, TextSegment>>()

/** Whether the case has the tables at all: one of an older schema, opened for reading, has not. */
export function hasTextTables(db: ReadStore): boolean {
  let has = tables.get(db)
  if (has === undefined) tables.set(db, (has = db.prepare(hasTable).get() !== undefined))
  return has
}

/** The part of the events that is known by its texts. */
export interface Covered {
  readonly segments: readonly TextSegment[]
  /** Last id the segments know. */
  readonly lastId: number
  /** Last id there is. */
  readonly end: number
  /** Changes with any segment and when events come. */
  readonly version: string
}

/** What is known; undefined when it is nothing, or too little to be of use: more than a segment would have to be looked through. */
export function readSegments(db: ReadStore): Covered | undefined {
  if (!hasTextTables(db)) return undefined
  const rows = db.prepare(heads).all() as Head[]
  const last = rows.at(-1)
  const end = db.prepare(lastEvent).pluck().get() as number
  if (!last || end - last.last_id > SEGMENT_EVENTS) return undefined
  if (rows.some(({ segment }, index) => segment !== index)) return undefined
  let kept = keptOf.get(db)
  if (!kept) keptOf.set(db, (kept = new Map()))
  let bytes = 0
  const segments: TextSegment[] = []
  for (const { segment, last_id, stamp } of rows) {
    let one = kept.get(segment)
    if (one?.stamp !== stamp || one.lastId !== last_id) {
      one = toSegment(db.prepare(whole).get(segment) as Row)
      kept.delete(segment)
    }
    if (one === undefined) return undefined
    segments.push(one)
    bytes += one.fresh.byteLength + one.ids.byteLength * 3
    if (bytes <= KEPT_BYTES) kept.set(segment, one)
  }
  return {
    segments,
    lastId: last.last_id,
    end,
    version: `${rows.map(({ stamp }) => stamp).join(' ')} ${end}`,
  }
}

/**
 * Reads into memory what a search would wait for, a segment at a time while others are answered.
 * @param isOpen false when the case was closed meanwhile
 */
export async function warmSegments(db: ReadStore, isOpen: () => boolean): Promise<void> {
  if (!hasTextTables(db)) return
  const kept = keptOf.get(db) ?? new Map<number, TextSegment>()
  keptOf.set(db, kept)
  let bytes = 0
  for (const { segment } of db.prepare(heads).all() as Head[]) {
    await setImmediate()
    if (!isOpen()) return
    const row = kept.has(segment) ? undefined : (db.prepare(whole).get(segment) as Row | undefined)
    const read = row && toSegment(row)
    if (!read) continue
    bytes += read.fresh.byteLength + read.ids.byteLength * 3
    if (bytes > KEPT_BYTES) return
    kept.set(segment, read)
  }
}

/** Undefined when the parts do not fit each other: a case may come from somebody else. */
function toSegment(row: Row): TextSegment | undefined {
  const { segment, last_id, stamp, base } = row
  const firstId = segment * SEGMENT_EVENTS + 1
  const isWhole =
    row.times.byteLength === BLOCKS * TIME_PARTS * 8 &&
    row.ids.byteLength % 4 === 0 &&
    row.masks.byteLength === row.ids.byteLength * 2 &&
    last_id >= firstId &&
    last_id < firstId + SEGMENT_EVENTS
  if (!isWhole) return undefined
  return {
    firstId,
    lastId: last_id,
    stamp,
    base,
    times: new Float64Array(copyOf(row.times)),
    fresh: new Uint8Array(copyOf(row.fresh)),
    ids: new Uint32Array(copyOf(row.ids)),
    masks: new Uint32Array(copyOf(row.masks)),
  }
}
/** The bytes at a place where numbers may begin. */
const copyOf = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer

/**
 * In which blocks of a segment the texts stand.
 * @param texts ids, ascending
 * @param found called with a text and its blocks: 0-31 as bits of `low`, 32-63 of `high`
 */
export function findInSegment(
  segment: TextSegment,
  texts: Uint32Array | readonly number[],
  found: (text: number, low: number, high: number) => void,
): void {
  const { base, fresh, ids, masks } = segment
  const top = base + fresh.length
  // Few texts are looked up one by one, many by going along both lists.
  const isFew = texts.length * 16 < ids.length
  let at = 0
  for (const text of texts) {
    if (text > base && text <= top) {
      const block = fresh[text - base - 1] ?? ELSEWHERE
      if (block !== ELSEWHERE) {
        found(text, block < 32 ? (1 << block) >>> 0 : 0, block < 32 ? 0 : (1 << (block - 32)) >>> 0)
        continue
      }
    }
    if (isFew) at = lowerBound(ids, text, at)
    else while (at < ids.length && (ids[at] ?? 0) < text) at += 1
    if (ids[at] === text) found(text, masks[at * 2] ?? 0, masks[at * 2 + 1] ?? 0)
  }
}
function lowerBound(ids: Uint32Array, wanted: number, from: number): number {
  let [low, high] = [from, ids.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

const columnRows = 'SELECT segment, ids FROM column_text WHERE name = ? ORDER BY segment'
const columnsOf = new WeakMap<
  ReadStore,
  Map<string, { version: string; ids: readonly number[] | undefined }>
>()

/**
 * The different texts of some columns of the events; undefined when they are too many, or not known.
 * @param columns names of columns of `event` that hold texts (never out of a question)
 */
export function findColumnTexts(
  db: ReadStore,
  columns: readonly string[],
): { readonly ids: readonly number[]; readonly version: string } | undefined {
  const covered = readSegments(db)
  if (!covered) return undefined
  const all = new Set<number>()
  for (const column of columns) {
    const listed = listOf(db, column, covered.version)
    if (listed === undefined) return undefined
    for (const id of listed) all.add(id)
    if (covered.end > covered.lastId) {
      const sql = `SELECT DISTINCT ${column} FROM event WHERE id > ? AND ${column} IS NOT NULL`
      for (const id of db.prepare(sql).pluck().all(covered.lastId) as number[]) all.add(id)
    }
  }
  return { ids: [...all].sort((a, b) => a - b), version: covered.version }
}

function listOf(db: ReadStore, column: string, version: string): readonly number[] | undefined {
  let lists = columnsOf.get(db)
  if (!lists) columnsOf.set(db, (lists = new Map()))
  const known = lists.get(column)
  if (known?.version === version) return known.ids
  const rows = db.prepare(columnRows).all(column) as { segment: number; ids: Buffer }[]
  const isListed = !rows.some(({ segment, ids }) => segment === TOO_MANY || ids.byteLength % 4 !== 0)
  const ids = isListed ? rows.flatMap((row) => [...new Uint32Array(copyOf(row.ids))]) : undefined
  lists.set(column, { version, ids })
  return ids
}
