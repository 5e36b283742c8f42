import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ReadStore, WriteStore } from './store.ts'

/**
 * Raw records live in zstd blocks, so that a case is whole without its evidence files. A block holds consecutive
 * records of one evidence item: `u32 locatorBytes, u32 rawBytes, u8 truncated, locator, raw` each.
 */
const BLOCK_BYTES = 256 * 1024

/** A hostile record can be as large as the file; beyond this only its head is kept, with `truncated` set. */
export const RAW_RECORD_LIMIT = 512 * 1024

export interface StoredRaw {
  readonly locator: string
  readonly raw: string
  readonly truncated: boolean
}

const insert = 'INSERT INTO raw_block (evidence_id, first_record, records, data) VALUES (?, ?, ?, ?)'

/** Collects records and writes full blocks; `flush` before the transaction ends. */
export class RawWriter {
  readonly #insert
  readonly #evidenceId: number
  #parts: Buffer[] = []
  #bytes = 0
  #first = 0
  #records = 0
  constructor(db: WriteStore, evidenceId: number) {
    this.#insert = db.prepare(insert)
    this.#evidenceId = evidenceId
  }
  /** Appends record number `record`; numbers must be consecutive between two flushes. */
  add(record: number, locator: string, raw: string): void {
    if (this.#records === 0) this.#first = record
    const place = Buffer.from(locator)
    let body = Buffer.from(raw)
    const truncated = body.length > RAW_RECORD_LIMIT
    if (truncated) body = Buffer.from(body.toString('utf8', 0, RAW_RECORD_LIMIT))
    const head = Buffer.alloc(9)
    head.writeUInt32LE(place.length, 0)
    head.writeUInt32LE(body.length, 4)
    head.writeUInt8(truncated ? 1 : 0, 8)
    this.#parts.push(head, place, body)
    this.#bytes += 9 + place.length + body.length
    this.#records += 1
    if (this.#bytes >= BLOCK_BYTES) this.flush()
  }
  flush(): void {
    if (this.#records === 0) return
    const data = zstdCompressSync(Buffer.concat(this.#parts, this.#bytes), {
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    })
    this.#insert.run(this.#evidenceId, this.#first, this.#records, data)
    this.#parts = []
    this.#bytes = 0
    this.#records = 0
  }
}

/** Blocks kept decompressed: one page of a list touches few. */
const CACHED_BLOCKS = 64
/** Decompressed size a block can have at most: a full block plus one record at its limit, with room for locators. */
const MAX_BLOCK_BYTES = BLOCK_BYTES + RAW_RECORD_LIMIT * 2 + 1024 * 1024

const find = `SELECT first_record, records, data FROM raw_block WHERE evidence_id = ? AND first_record <= ? ORDER BY first_record DESC LIMIT 1`

/** Reads raw records back. One per connection; it caches decompressed blocks. */
export class RawReader {
  readonly #db: ReadStore
  readonly #cache = new Map<string, readonly StoredRaw[]>()
  constructor(db: ReadStore) {
    this.#db = db
  }
  /** The record, or undefined when the case holds none with this number. */
  find(evidenceId: number, record: number): StoredRaw | undefined {
    const row = this.#db.prepare(find).get(evidenceId, record) as
      { first_record: number; records: number; data: Buffer } | undefined
    if (!row || record >= row.first_record + row.records) return undefined
    const key = `${evidenceId}:${row.first_record}:${row.records}`
    let block = this.#cache.get(key)
    if (!block) {
      block = unpack(zstdDecompressSync(row.data, { maxOutputLength: MAX_BLOCK_BYTES }))
      if (this.#cache.size >= CACHED_BLOCKS) this.#cache.delete(this.#cache.keys().next().value ?? '')
      this.#cache.set(key, block)
    }
    return block[record - row.first_record]
  }
}

function unpack(block: Buffer): StoredRaw[] {
  const records: StoredRaw[] = []
  let at = 0
  while (at < block.length) {
    const locatorBytes = block.readUInt32LE(at)
    const rawBytes = block.readUInt32LE(at + 4)
    const truncated = block.readUInt8(at + 8) === 1
    at += 9
    records.push({
      locator: block.toString('utf8', at, at + locatorBytes),
      raw: block.toString('utf8', at + locatorBytes, at + locatorBytes + rawBytes),
      truncated,
    })
    at += locatorBytes + rawBytes
  }
  return records
}

const keyOfStored = 'SELECT key FROM record_key WHERE evidence_id = ? AND record = ?'
const keyOfDuplicate = 'SELECT key FROM duplicate_record WHERE evidence_id = ? AND record = ?'
const sameKey = `SELECT evidence_id, record FROM record_key WHERE key = @key
  UNION SELECT evidence_id, record FROM duplicate_record WHERE key = @key ORDER BY evidence_id, record LIMIT 100`

/** The same record in other files (or twice in this one): the event is stored once, every source stays known. */
export function otherSources(
  db: ReadStore,
  evidenceId: number,
  record: number,
): { evidenceId: number; record: number }[] {
  const key = (db.prepare(keyOfStored).pluck().get(evidenceId, record) ??
    db.prepare(keyOfDuplicate).pluck().get(evidenceId, record)) as Buffer | undefined
  if (key === undefined) return []
  return (db.prepare(sameKey).all({ key }) as { evidence_id: number; record: number }[])
    .filter((row) => row.evidence_id !== evidenceId || row.record !== record)
    .map((row) => ({ evidenceId: row.evidence_id, record: row.record }))
}

const headingOf = `SELECT heading FROM raw_heading WHERE evidence_id = ? AND first_record <= ? ORDER BY first_record DESC LIMIT 1`

/** Column names that stood above the record; null when its format has none. */
export const findHeading = (db: ReadStore, evidenceId: number, record: number): string | null =>
  (db.prepare(headingOf).pluck().get(evidenceId, record) as string | null | undefined) ?? null
