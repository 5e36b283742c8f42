import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { RecordItem } from '../importers/importer.ts'

/** A duplicate's items can be as large as a record; more is not inflated back. */
const MAX_ITEMS_BYTES = 64 * 1024 * 1024
/** Shorter texts are kept as they are: preparing the compressor takes longer than all the rest. */
const COMPRESSED_FROM = 2_048
/** First byte of a list as JSON; compressed ones begin with zstd's own number. */
const BRACKET = 0x5b

/** Items of a duplicate, to keep them with it. */
export function packItems(items: readonly RecordItem[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(items))
  return text.length < COMPRESSED_FROM ? text : zstdCompressSync(text)
}

/** Items of a duplicate, to store them when the record they repeat is removed. */
export function unpackItems(packed: Uint8Array): RecordItem[] {
  const text =
    packed[0] === BRACKET
      ? Buffer.from(packed)
      : zstdDecompressSync(packed, { maxOutputLength: MAX_ITEMS_BYTES })
  return JSON.parse(text.toString('utf8')) as RecordItem[]
}
