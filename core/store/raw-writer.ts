import { constants, createZstdCompress, zstdCompressSync, type ZstdOptions } from 'node:zlib'
import { KEY_BYTES } from './key-writer.ts'
import type { WriteStore } from './store.ts'

/**
 * Raw records live in zstd blocks, so that a case is whole without its evidence files. A block holds consecutive
 * records of one evidence item as frames `u32 locatorBytes, u32 rawBytes, u8 kind, locator, raw`. The raw text of some
 * formats is made on demand: their bytes stand in a frame of kind {@link SOURCE_FRAME} (no record; its locator is the form
 * that renders it, a line feed, and what the locators begin with), and each record behind it says its place there.
 * Rows of a table take a quarter less room in a megabyte than in half of one, and it still opens in a millisecond.
 */
export const BLOCK_BYTES = 1024 * 1024
export const HEAD_BYTES = 9
/** Kind of a record as text; as text of which only the beginning is kept; of bytes that records stand in; of such a record. */
export const TEXT_FRAME = 0
export const TRUNCATED_FRAME = 1
export const SOURCE_FRAME = 2
export const IN_PLACE_FRAME = 3

/** A hostile record can be as large as the file; beyond this only its head is kept, with `truncated` set. */
export const RAW_RECORD_LIMIT = 512 * 1024

/** A full block before compression. */
export interface OpenBlock {
  /** Records before this one since the framer was made or last emptied. */
  readonly first: number
  readonly records: number
  /** Memory of the framer: give it back with `release` when it is compressed. */
  readonly bytes: Buffer
  readonly release: () => void
}
/** Bytes that several records stand in, and what their locators begin with. */
export interface RawBytes {
  readonly locator: string
  readonly bytes: Uint8Array
}
/** A block as it is stored. */
export interface PackedBlock {
  readonly first: number
  readonly records: number
  readonly data: Uint8Array
}

/** Room for one more record of ordinary size before the buffer has to grow. */
const SLACK_BYTES = 64 * 1024
const BUFFER_BYTES = BLOCK_BYTES + SLACK_BYTES
/** Room at first: most files are small. */
const FIRST_BYTES = 16 * 1024
const newBuffer = () => Buffer.allocUnsafeSlow(BUFFER_BYTES)

/** Frames records into blocks of about {@link BLOCK_BYTES}. */
export class RawFramer {
  readonly #onBlock: (block: OpenBlock) => void
  /** Buffers that have been compressed: new memory for every block would call for the garbage collector again and again. */
  readonly #free: Buffer[] = []
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #at = 0
  #first = 0
  #records = 0
  /** The source that stands in the block last. */
  #source: RawBytes | undefined
  constructor(onBlock: (block: OpenBlock) => void) {
    this.#onBlock = onBlock
  }
  add(locator: string, raw: string): void {
    // A UTF-16 unit becomes three bytes at most.
    this.#reserve(HEAD_BYTES + (locator.length + Math.min(raw.length, RAW_RECORD_LIMIT)) * 3)
    const bytes = this.#bytes
    const head = this.#at
    const place = head + HEAD_BYTES
    const locatorBytes = bytes.write(locator, place, 'utf8')
    const body = place + locatorBytes
    // More units than the limit are more bytes than the limit.
    const rawBytes = raw.length <= RAW_RECORD_LIMIT ? bytes.write(raw, body, 'utf8') : RAW_RECORD_LIMIT + 1
    const isTruncated = rawBytes > RAW_RECORD_LIMIT
    const kept = isTruncated ? this.#writeHead(raw, body) : rawBytes
    bytes.writeUInt32LE(locatorBytes, head)
    bytes.writeUInt32LE(kept, head + 4)
    bytes[head + 8] = isTruncated ? TRUNCATED_FRAME : TEXT_FRAME
    this.#at = body + kept
    this.#records += 1
    if (this.#at >= BLOCK_BYTES) this.end()
  }
  /**
   * Adds a record that stands in bytes which are kept with the block, once for all records that follow each other.
   * @param form who can render it (`raw-forms.ts`)
   * @param at its place in the bytes
   */
  addInPlace(form: string, prefix: string, source: RawBytes, at: number): void {
    if (source !== this.#source) this.#addSource(form, prefix, source)
    this.#reserve(HEAD_BYTES + 4)
    const head = this.#at
    const bytes = this.#bytes
    bytes.writeUInt32LE(0, head)
    bytes.writeUInt32LE(4, head + 4)
    bytes[head + 8] = IN_PLACE_FRAME
    bytes.writeUInt32LE(at, head + HEAD_BYTES)
    this.#at = head + HEAD_BYTES + 4
    this.#records += 1
  }

  #addSource(form: string, prefix: string, source: RawBytes): void {
    const locator = `${form}\n${prefix}${source.locator}`
    const size = HEAD_BYTES + locator.length * 3 + source.bytes.length
    // Its records follow: they and their source are best in one block.
    if (this.#at + size > BLOCK_BYTES) this.end()
    this.#reserve(size)
    const head = this.#at
    const bytes = this.#bytes
    const locatorBytes = bytes.write(locator, head + HEAD_BYTES, 'utf8')
    bytes.writeUInt32LE(locatorBytes, head)
    bytes.writeUInt32LE(source.bytes.length, head + 4)
    bytes[head + 8] = SOURCE_FRAME
    bytes.set(source.bytes, head + HEAD_BYTES + locatorBytes)
    this.#at = head + HEAD_BYTES + locatorBytes + source.bytes.length
    this.#source = source
  }

  /** Hands over what is left as a block. */
  end(): void {
    this.#source = undefined
    if (this.#records === 0) return
    const buffer = this.#bytes
    const release = () => {
      if (buffer.length === BUFFER_BYTES) this.#free.push(buffer)
    }
    const block = { first: this.#first, records: this.#records, bytes: buffer.subarray(0, this.#at), release }
    this.#bytes = this.#free.pop() ?? newBuffer()
    this.#first += this.#records
    this.#records = 0
    this.#at = 0
    this.#onBlock(block)
  }
  /** Ends the block and counts records from 0 again. */
  empty(): void {
    this.end()
    this.#first = 0
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + count, BUFFER_BYTES))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
  /** The first {@link RAW_RECORD_LIMIT} bytes, a character cut in two shown as such. */
  #writeHead(raw: string, at: number): number {
    const head = Buffer.from(raw.slice(0, RAW_RECORD_LIMIT)).toString('utf8', 0, RAW_RECORD_LIMIT)
    return this.#bytes.write(head, at, 'utf8')
  }
}

const options: ZstdOptions = {
  params: { [constants.ZSTD_c_compressionLevel]: 2 },
  // Room for the output of an ordinary block in one piece: logs shrink to a tenth and less.
  chunkSize: BLOCK_BYTES / 16,
}

/**
 * Compresses blocks in order on another thread of the runtime's pool. One compressor serves them all, each block ending
 * its frame: setting one up took longer than compressing a block.
 */
export class BlockCompressor {
  readonly #zstd = createZstdCompress(options)
  #pieces: Buffer[] = []
  readonly #waiting = new Set<(cause: Error) => void>()

  constructor() {
    this.#zstd.on('data', (piece: Buffer) => this.#pieces.push(piece))
    this.#zstd.on('error', (cause: Error) => {
      for (const fail of this.#waiting) fail(cause)
    })
  }
  compress(block: OpenBlock): Promise<PackedBlock> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#zstd.write(block.bytes)
      this.#zstd.flush(constants.ZSTD_e_end, () => {
        this.#waiting.delete(reject)
        const pieces = this.#pieces
        this.#pieces = []
        resolve(packed(block, Buffer.concat(pieces)))
      })
    })
  }
  close(): void {
    this.#zstd.destroy()
  }
}
/** The same at once. */
export const compressBlockSync = (block: OpenBlock): PackedBlock =>
  packed(block, zstdCompressSync(block.bytes, options))

function packed({ first, records, release }: OpenBlock, data: Buffer): PackedBlock {
  release()
  // In memory of its own size: the compressor's buffer is larger.
  return { first, records, data: new Uint8Array(data) }
}

const insert = 'INSERT INTO raw_block (evidence_id, first_record, records, data, keys) VALUES (?, ?, ?, ?, ?)'

/** Writes blocks of one evidence item. */
export class RawWriter {
  readonly #insert
  readonly #evidenceId: number
  constructor(db: WriteStore, evidenceId: number) {
    this.#insert = db.prepare(insert)
    this.#evidenceId = evidenceId
  }
  /**
   * @param base number of the record that the block counts as 0
   * @param keys KEY_BYTES for each record from `base` on, empty when none has one
   */
  write(base: number, { first, records, data }: PackedBlock, keys: Uint8Array): void {
    const own = keys.subarray(first * KEY_BYTES, (first + records) * KEY_BYTES)
    this.#insert.run(this.#evidenceId, base + first, records, data, own.length === 0 ? null : own)
  }
}
