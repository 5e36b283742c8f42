import { crc32 } from 'node:zlib'
import { u16, u32, u64Number } from './bytes.ts'

const FILE_MAGIC = Buffer.from('ElfFile\0', 'latin1')
/** Bytes of the header that say something. */
const HEADER_BYTES = 128
/** Offset of the first chunk in every known file. */
export const HEADER_BLOCK_BYTES = 4096

/** What a file header says (formats.md A1.1). Where its checksum is wrong, nothing of it is to be believed. */
export interface FileHeader {
  readonly isSumRight: boolean
  /** The log was not closed: its counts lag behind. */
  readonly isDirty: boolean
  readonly chunks: number
  readonly nextRecordId: number
}

export function readFileHeader(block: Buffer): FileHeader {
  return {
    isSumRight: isSumRight(block, 0),
    isDirty: (u32(block, 120) & 1) !== 0,
    chunks: u16(block, 42),
    nextRecordId: u64Number(block, 24),
  }
}

export function hasFileMagic(bytes: Buffer, at: number): boolean {
  return bytes.length >= at + 8 && bytes.compare(FILE_MAGIC, 0, 8, at, at + 8) === 0
}

/** Whether a log begins at `at`, where nobody expects one: the magic alone is not enough. */
export function isFileHeader(bytes: Buffer, at: number): boolean {
  if (at + HEADER_BYTES > bytes.length || !hasFileMagic(bytes, at)) return false
  if (u32(bytes, at + 32) !== HEADER_BYTES) return false
  return isSumRight(bytes, at) || (u16(bytes, at + 38) === 3 && u16(bytes, at + 40) === HEADER_BLOCK_BYTES)
}

/** How long the header is with its padding; another length than the usual one is only believed when it can be. */
export function headerBytes(block: Buffer): number {
  const stated = u16(block, 40)
  const canBe = stated >= HEADER_BYTES && stated % 512 === 0 && isSumRight(block, 0)
  return canBe ? stated : HEADER_BLOCK_BYTES
}

function isSumRight(bytes: Buffer, at: number): boolean {
  return u32(bytes, at + 124) === crc32(bytes.subarray(at, at + 120))
}
