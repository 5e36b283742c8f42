import { crc32 } from 'node:zlib'
import { u32, u64Number } from './bytes.ts'

export const CHUNK_BYTES = 65_536
export const FIRST_RECORD = 512
/** Header (24) and trailing size (4) of a record without any content. */
export const MIN_RECORD_BYTES = 28
/** More records than 28-byte ones fit into a chunk cannot be missing from it, whatever ids a forged header claims. */
export const MAX_RECORDS_PER_CHUNK = Math.floor((CHUNK_BYTES - FIRST_RECORD) / MIN_RECORD_BYTES)
/** What every chunk says of the size of its header; the names' and templates' tables come behind it. */
const HEADER_SIZE = 128
const CHUNK_MAGIC = Buffer.from('ElfChnk\0', 'latin1')
const RECORD_MAGIC = Buffer.from([0x2a, 0x2a, 0, 0])

/** What a chunk header says (formats.md A1.2). */
export interface ChunkHeader {
  readonly firstRecordId: number
  readonly lastRecordId: number
  /** It counts as many records as ids: none is left out, as in a filtered copy of a log. */
  readonly isGapless: boolean
  readonly lastRecordAt: number
  readonly freeSpaceAt: number
  readonly isHeaderSumRight: boolean
  readonly isDataSumRight: boolean
}

/** The header of a block, undefined when it does not begin with `ElfChnk`. */
export function readChunkHeader(block: Buffer): ChunkHeader | undefined {
  if (block.length < FIRST_RECORD || !hasChunkMagic(block, 0)) return undefined
  const freeSpaceAt = u32(block, 48)
  const dataEnd = Math.min(Math.max(freeSpaceAt, FIRST_RECORD), block.length)
  return {
    firstRecordId: u64Number(block, 24),
    lastRecordId: u64Number(block, 32),
    isGapless: u64Number(block, 32) - u64Number(block, 24) === u64Number(block, 16) - u64Number(block, 8),
    lastRecordAt: u32(block, 44),
    freeSpaceAt,
    isHeaderSumRight: isHeaderSumRight(block, 0),
    isDataSumRight: crc32(block.subarray(FIRST_RECORD, dataEnd)) === u32(block, 52),
  }
}

export function hasChunkMagic(bytes: Buffer, at: number): boolean {
  return bytes.length >= at + 8 && bytes.compare(CHUNK_MAGIC, 0, 8, at, at + 8) === 0
}

/**
 * Whether a chunk begins at `at`, where nobody expects one: the magic alone is not enough. The header's checksum lags
 * behind in a log that was not closed; then a first record has to stand in its place.
 */
export function isChunkStart(bytes: Buffer, at: number): boolean {
  if (at + FIRST_RECORD > bytes.length || !hasChunkMagic(bytes, at)) return false
  if (u32(bytes, at + 40) !== HEADER_SIZE) return false
  return isHeaderSumRight(bytes, at) || u32(bytes, at + FIRST_RECORD) === 0x2a2a
}

function isHeaderSumRight(bytes: Buffer, at: number): boolean {
  const begin = crc32(bytes.subarray(at, at + 120))
  return crc32(bytes.subarray(at + HEADER_SIZE, at + FIRST_RECORD), begin) === u32(bytes, at + 124)
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

/** The first whole record of a block without chunk header. */
export function firstRecord(block: Buffer): RecordSpan | undefined {
  return findRecord(block, 0, block.length, -1, Infinity)
}

/** A stretch of a chunk that holds no readable record although it should. `lost` counts records by their ids. */
export interface DamagedSpan {
  readonly at: number
  readonly lost: number
}

/**
 * Walks the records of a chunk by their sizes, from where the first one belongs; without a header, from a record before
 * that place if there is one: then it is not known where the chunk began. Ends at the free-space offset; without a usable
 * header, at the first place where nothing but zeros follows. In a file that was not closed (`isDirty`) the header lags
 * behind, and in a damaged chunk records may have moved: those after the free space count as long as their ids go on
 * without a gap, which left-overs of earlier rounds never do. What a damaged chunk then lacks of its last id is lost.
 */
export function* walkRecords(
  block: Buffer,
  header: ChunkHeader | undefined,
  isDirty: boolean,
): Generator<RecordSpan | DamagedSpan> {
  const isTrusted =
    header !== undefined && header.freeSpaceAt >= FIRST_RECORD && header.freeSpaceAt <= CHUNK_BYTES
  const limit = isTrusted ? Math.min(header.freeSpaceAt, block.length) : block.length
  let at =
    header === undefined ? Math.min(FIRST_RECORD, firstRecord(block)?.at ?? FIRST_RECORD) : FIRST_RECORD
  let lastId = 0
  const isDamaged = header?.isDataSumRight === false
  const isGapless = isDamaged && header.isGapless
  while (at + MIN_RECORD_BYTES <= limit) {
    const record = recordAt(block, at, limit)
    if (record !== undefined) {
      // Whole records may be cut out, so that the next one follows without a seam.
      if (isGapless && lastId > 0 && record.idNumber > lastId + 1)
        yield { at, lost: plausibleLoss(record.idNumber - lastId - 1) }
      yield record
      at = record.end
      lastId = record.idNumber
      continue
    }
    if (isTrusted ? at > header.lastRecordAt && at > FIRST_RECORD : isBlank(block, at, limit)) break
    const next = findRecord(block, at + 1, limit, lastId, isTrusted ? header.lastRecordId : Infinity)
    if (next === undefined) {
      if (header !== undefined) yield { at, lost: plausibleLoss(header.lastRecordId - lastId) }
      return
    }
    const expectedId = lastId > 0 ? lastId + 1 : header?.firstRecordId
    yield { at, lost: plausibleLoss(expectedId === undefined ? 1 : next.idNumber - expectedId) }
    at = next.at
    lastId = next.idNumber - 1
  }
  if (!isDirty && !isDamaged) return
  for (
    let record = recordAt(block, at, block.length);
    record !== undefined && record.idNumber === lastId + 1;
    record = recordAt(block, at, block.length)
  ) {
    yield record
    at = record.end
    lastId = record.idNumber
  }
  if (isDamaged && isTrusted && lastId > 0 && lastId < header.lastRecordId)
    yield { at, lost: plausibleLoss(header.lastRecordId - lastId) }
}

/** Ids are evidence too: a count that cannot be is taken as one record. */
function plausibleLoss(count: number): number {
  return count >= 0 && count <= MAX_RECORDS_PER_CHUNK ? count : 1
}

export function isBlank(block: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (block[at] !== 0) return false
  return true
}
