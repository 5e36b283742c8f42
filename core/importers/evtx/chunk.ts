import { crc32 } from 'node:zlib'
import { u32, u64Number } from './bytes.ts'

export const CHUNK_BYTES = 65_536
export const FIRST_RECORD = 512
/** Header (24) and trailing size (4) of a record without any content. */
export const MIN_RECORD_BYTES = 28
/** More records than 28-byte ones fit into a chunk cannot be missing from it, whatever ids a forged header claims. */
export const MAX_RECORDS_PER_CHUNK = Math.floor((CHUNK_BYTES - FIRST_RECORD) / MIN_RECORD_BYTES)
const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1')
const RECORD_MAGIC = Buffer.from([0x2a, 0x2a, 0, 0])

/** What a chunk header says (formats.md A1.2). */
export interface ChunkHeader {
  readonly lastRecordId: number
  readonly lastRecordAt: number
  readonly freeSpaceAt: number
  readonly isHeaderSumRight: boolean
  readonly isDataSumRight: boolean
}

/** The header of a block, undefined when it does not begin with `ElfChnk`. */
export function readChunkHeader(block: Buffer): ChunkHeader | undefined {
  if (block.length < FIRST_RECORD || block.compare(CHUNK_MAGIC, 0, 8, 0, 8) !== 0) return undefined
  const freeSpaceAt = u32(block, 48)
  const dataEnd = Math.min(Math.max(freeSpaceAt, FIRST_RECORD), block.length)
  return {
    lastRecordId: u64Number(block, 32),
    lastRecordAt: u32(block, 44),
    freeSpaceAt,
    isHeaderSumRight:
      crc32(block.subarray(128, FIRST_RECORD), crc32(block.subarray(0, 120))) === u32(block, 124),
    isDataSumRight: crc32(block.subarray(FIRST_RECORD, dataEnd)) === u32(block, 52),
  }
}

/** A record as it lies in a chunk; `end` is behind its trailing size. */
export interface RecordSpan {
  readonly at: number
  readonly end: number
  readonly idNumber: number
}

/** The record at `at` when magic, size and the size copy at its end agree and it ends before `limit`. */
export function recordAt(block: Buffer, at: number, limit: number): RecordSpan | undefined {
  if (at + MIN_RECORD_BYTES > limit || u32(block, at) !== 0x2a2a) return undefined
  const size = u32(block, at + 4)
  if (size < MIN_RECORD_BYTES || at + size > limit || u32(block, at + size - 4) !== size) return undefined
  return { at, end: at + size, idNumber: u64Number(block, at + 8) }
}

/**
 * The next whole record at or after `from`, for going on behind a damaged one. Only ids between `afterId` and `lastId`
 * count: an overwritten cluster may hold records of another chunk, whose templates are not here.
 */
function findRecord(
  block: Buffer,
  from: number,
  limit: number,
  afterId: number,
  lastId: number,
): RecordSpan | undefined {
  for (
    let at = block.indexOf(RECORD_MAGIC, from);
    at !== -1 && at < limit;
    at = block.indexOf(RECORD_MAGIC, at + 1)
  ) {
    const record = recordAt(block, at, limit)
    if (record !== undefined && record.idNumber > afterId && record.idNumber <= lastId) return record
  }
  return undefined
}

/** Whether a block without chunk header still has records in it. */
export function hasRecords(block: Buffer): boolean {
  return findRecord(block, 0, block.length, -1, Infinity) !== undefined
}

/** A stretch of a chunk that holds no readable record although it should. `lost` counts records by their ids. */
export interface DamagedSpan {
  readonly at: number
  readonly lost: number
}

/**
 * Walks the records of a chunk by their sizes. Ends at the free-space offset; without a usable header, at the first
 * place where nothing but zeros follows. In a file that was not closed (`isDirty`) the header lags behind: records
 * after the free space count as long as their ids go on without a gap, which left-overs of earlier rounds never do.
 */
export function* walkRecords(
  block: Buffer,
  header: ChunkHeader | undefined,
  isDirty: boolean,
): Generator<RecordSpan | DamagedSpan> {
  const isTrusted =
    header !== undefined && header.freeSpaceAt >= FIRST_RECORD && header.freeSpaceAt <= CHUNK_BYTES
  const limit = isTrusted ? Math.min(header.freeSpaceAt, block.length) : block.length
  let at = FIRST_RECORD
  let lastId = 0
  while (at + MIN_RECORD_BYTES <= limit) {
    const record = recordAt(block, at, limit)
    if (record !== undefined) {
      yield record
      at = record.end
      lastId = record.idNumber
      continue
    }
    if (isTrusted ? at > header.lastRecordAt && at > FIRST_RECORD : isBlank(block, at, limit)) return
    const next = findRecord(block, at + 1, limit, lastId, isTrusted ? header.lastRecordId : Infinity)
    if (next === undefined) {
      if (header !== undefined) yield { at, lost: plausibleLoss(header.lastRecordId - lastId) }
      return
    }
    yield { at, lost: plausibleLoss(lastId > 0 ? next.idNumber - lastId - 1 : 1) }
    at = next.at
  }
  if (!isDirty) return
  for (
    let record = recordAt(block, at, block.length);
    record !== undefined && record.idNumber === lastId + 1;
  ) {
    yield record
    lastId = record.idNumber
    record = recordAt(block, record.end, block.length)
  }
}

/** Ids are evidence too: a count that cannot be is taken as one record. */
function plausibleLoss(count: number): number {
  return count >= 0 && count <= MAX_RECORDS_PER_CHUNK ? count : 1
}

export function isBlank(block: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (block[at] !== 0) return false
  return true
}
