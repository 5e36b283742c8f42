import { zstdDecompressSync } from 'node:zlib'
import { KEY_BYTES } from './key-writer.ts'
import { renderRaw } from './raw-forms.ts'
import {
  BLOCK_BYTES,
  HEAD_BYTES,
  IN_PLACE_FRAME,
  RAW_RECORD_LIMIT,
  SOURCE_FRAME,
  TRUNCATED_FRAME,
} from './raw-writer.ts'
import type { ReadStore } from './store.ts'

export interface StoredRaw {
  readonly locator: string
  readonly raw: string
  readonly truncated: boolean
}

/** Blocks kept decompressed: one page of a list touches few. */
const CACHED_BLOCKS = 32
/** Decompressed size a block can have at most: a full block plus one record at its limit, with room for locators. */
const MAX_BLOCK_BYTES = BLOCK_BYTES + RAW_RECORD_LIMIT * 2 + 1024 * 1024

const find = `SELECT first_record, records FROM raw_block WHERE evidence_id = ? AND first_record <= ? ORDER BY first_record DESC LIMIT 1`
/** Apart from the place: a block of a megabyte is not fetched again for every record of it. */
const content = 'SELECT data FROM raw_block WHERE evidence_id = ? AND first_record = ?'

/** A block as bytes, where its records begin, and where the source of each (-1: it has none, or is kept as text). */
interface OpenedBlock {
  readonly bytes: Buffer
  readonly starts: readonly number[]
  readonly sources: readonly number[]
}

/** Which records a block holds. */
interface BlockPlace {
  readonly first_record: number
  readonly records: number
}
const holds = ({ first_record, records }: BlockPlace, record: number): boolean =>
  record >= first_record && record < first_record + records

/**
 * Blocks that were found while one page of rows is read, the last of each evidence. Looking one up costs SQLite some hundred reads: to
 * compare a key it loads the row with all its content.
 */
export type FoundBlocks = Map<number, BlockPlace>

/** Reads raw records back. One per connection; it caches decompressed blocks. */
export class RawReader {
  readonly #db: ReadStore
  readonly #cache = new Map<string, OpenedBlock>()
  readonly #find
  constructor(db: ReadStore) {
    this.#db = db
    this.#find = db.prepare(find)
  }
  /**
   * The record, or undefined when the case holds none with this number.
   * @param found of the rows that are read with it, while nothing is written
   */
  find(evidenceId: number, record: number, found?: FoundBlocks): StoredRaw | undefined {
    let row = found?.get(evidenceId)
    if (!row || !holds(row, record)) {
      row = this.#find.get(evidenceId, record) as BlockPlace | undefined
      if (!row || !holds(row, record)) return undefined
      found?.set(evidenceId, row)
    }
    const key = `${evidenceId}:${row.first_record}:${row.records}`
    let block = this.#cache.get(key)
    if (!block) {
      const data = this.#db.prepare(content).pluck().get(evidenceId, row.first_record) as Buffer
      block = openBlock(zstdDecompressSync(data, { maxOutputLength: MAX_BLOCK_BYTES }))
      if (this.#cache.size >= CACHED_BLOCKS) this.#cache.delete(this.#cache.keys().next().value ?? '')
      this.#cache.set(key, block)
    }
    return recordAt(block, record - row.first_record)
  }
}

function openBlock(bytes: Buffer): OpenedBlock {
  const starts: number[] = []
  const sources: number[] = []
  let source = -1
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const kind = bytes[at + 8]
    if (kind === SOURCE_FRAME) source = at
    else {
      starts.push(at)
      sources.push(kind === IN_PLACE_FRAME ? source : -1)
    }
    at += HEAD_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4)
  }
  return { bytes, starts, sources }
}

function recordAt({ bytes, starts, sources }: OpenedBlock, index: number): StoredRaw | undefined {
  const at = starts[index]
  if (at === undefined) return undefined
  const source = sources[index] ?? -1
  if (source !== -1) return renderedAt(bytes, source, bytes.readUInt32LE(at + HEAD_BYTES))
  const raw = at + HEAD_BYTES + bytes.readUInt32LE(at)
  return {
    locator: bytes.toString('utf8', at + HEAD_BYTES, raw),
    raw: bytes.toString('utf8', raw, raw + bytes.readUInt32LE(at + 4)),
    truncated: bytes.readUInt8(at + 8) === TRUNCATED_FRAME,
  }
}

/** A record out of the bytes it stands in, which the frame at `source` holds. */
function renderedAt(bytes: Buffer, source: number, place: number): StoredRaw {
  const start = source + HEAD_BYTES + bytes.readUInt32LE(source)
  const [form = '', ...locator] = bytes.toString('utf8', source + HEAD_BYTES, start).split('\n')
  const rendered = renderRaw(form, bytes.subarray(start, start + bytes.readUInt32LE(source + 4)), place)
  const isLong = rendered.raw.length > RAW_RECORD_LIMIT
  return {
    locator: locator.join('\n') + rendered.locator,
    raw: isLong ? rendered.raw.slice(0, RAW_RECORD_LIMIT) : rendered.raw,
    truncated: isLong || !rendered.isWhole,
  }
}

const keyOfRecord = `SELECT substr(keys, (@record - first_record) * ${KEY_BYTES} + 1, ${KEY_BYTES}) FROM raw_block
  WHERE evidence_id = @evidence AND first_record <= @record ORDER BY first_record DESC LIMIT 1`
/** For records that were stored before the blocks had their keys (schema version 10). */
const keyOfStored = 'SELECT key FROM record_key WHERE evidence_id = @evidence AND record = @record'
const keyOfDuplicate = 'SELECT key FROM duplicate_record WHERE evidence_id = @evidence AND record = @record'
const sameKey = `SELECT evidence_id, record FROM record_key WHERE key = @key
  UNION SELECT evidence_id, record FROM duplicate_record WHERE key = @key ORDER BY evidence_id, record LIMIT 100`

/** Identity of a record across files; undefined when it has none. */
function keyOf(db: ReadStore, evidence: number, record: number): Buffer | undefined {
  const find = (sql: string) => db.prepare(sql).pluck().get({ evidence, record }) as Buffer | null | undefined
  const beside = find(keyOfRecord)
  if (beside) return beside.length === 0 || beside.every((byte) => byte === 0) ? undefined : beside
  return find(keyOfStored) ?? find(keyOfDuplicate) ?? undefined
}

/** The same record in other files (or twice in this one): the event is stored once, every source stays known. */
export function otherSources(
  db: ReadStore,
  evidenceId: number,
  record: number,
): { evidenceId: number; record: number }[] {
  const key = keyOf(db, evidenceId, record)
  if (key === undefined) return []
  return (db.prepare(sameKey).all({ key }) as { evidence_id: number; record: number }[])
    .filter((row) => row.evidence_id !== evidenceId || row.record !== record)
    .map((row) => ({ evidenceId: row.evidence_id, record: row.record }))
}

const headingOf = `SELECT heading FROM raw_heading WHERE evidence_id = ? AND first_record <= ? ORDER BY first_record DESC LIMIT 1`

/** Column names that stood above the record; null when its format has none. */
export const findHeading = (db: ReadStore, evidenceId: number, record: number): string | null =>
  (db.prepare(headingOf).pluck().get(evidenceId, record) as string | null | undefined) ?? null
