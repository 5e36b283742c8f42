import { crc32 } from 'node:zlib'
import type { RawInPlace, RawSource } from '../importer.ts'
import type { WindowsEvent } from '../windows/windows-event.ts'
import { type CarvedSpan, carveRecords, gapsBetween } from './carve.ts'
import { blocksOf } from './blocks.ts'
import { BrokenRecord, hex, u16, u32, u64Number, u64Text } from './bytes.ts'
import {
  CHUNK_BYTES,
  type ChunkHeader,
  FIRST_RECORD,
  isBlank,
  MAX_RECORDS_PER_CHUNK,
  MIN_RECORD_BYTES,
  hasRecords,
  readChunkHeader,
  type RecordSpan,
  walkRecords,
} from './chunk.ts'
import { EventReader } from './event-reader.ts'
import { LeftOvers } from './left-overs.ts'
import { locatorInPlace, renderInPlace } from './raw-in-place.ts'
import { filetimeToUs } from './values.ts'

/** What can be wrong with an EVTX file; the importer prefixes its id. */
export type EvtxProblem =
  | 'header_damaged'
  | 'not_closed'
  | 'chunk_damaged'
  | 'unused_space'
  | 'chunk_checksum'
  | 'chunk_budget'
  | 'record_unreadable'
  | 'records_missing'
  | 'truncated'
  | 'repeated'

/** Its own, one of the same id from elsewhere in the file, or none: then only values are known. */
type Template = 'own' | 'file' | 'values'

export type EvtxUnit =
  | LiveRecord
  | {
      readonly kind: 'record'
      readonly locator: string
      readonly event: WindowsEvent
      readonly raw: string
      readonly inPlace?: undefined
      /** Set for a left-over record (`left-overs.ts`): with which template it was read. */
      readonly recovered?: Template
      /** Set for a live record whose template is damaged. */
      readonly patched?: Template
    }
  | {
      readonly kind: 'problem'
      readonly locator: string
      readonly what: EvtxProblem
      readonly excerpt: string
      /** Records lost by it; 0 for a remark. */
      readonly records: number
    }

/** A record that is whole: its texts are made when they are asked for. */
export class LiveRecord {
  readonly kind = 'record'
  readonly event: WindowsEvent
  readonly inPlace: RawInPlace
  readonly recovered?: undefined
  readonly patched?: undefined
  constructor(event: WindowsEvent, source: RawSource, at: number) {
    this.event = event
    this.inPlace = { source, at }
  }
  get locator(): string {
    const { source, at } = this.inPlace
    return source.locator + locatorInPlace(source.bytes, at)
  }
  get raw(): string {
    return renderInPlace(this.inPlace.source.bytes, this.inPlace.at).raw
  }
}

const FILE_MAGIC = 'ElfFile\0'
const FILE_HEADER_BYTES = 4096
const EXCERPT_BYTES = 32

/**
 * Reads an EVTX file as a stream: one batch per chunk, in file order. Chunks are found by position up to the end of the
 * file, never by the counts in the header (they lie in files that were not closed; formats.md A1.1). Damage becomes a
 * problem and reading goes on. A stream that starts with a chunk (carved evidence) is read as well.
 */
export async function* readEvtx(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EvtxUnit[]> {
  const file = new EvtxFile()
  for await (const block of blocksOf(
    stream,
    128,
    (head) => (isFileHeader(head) ? headerBytes(head) : 0),
    CHUNK_BYTES,
  )) {
    const units = file.add(block)
    if (units.length > 0) yield units
  }
  const rest = file.end()
  if (rest.length > 0) yield rest
}

function isFileHeader(head: Buffer): boolean {
  return head.toString('latin1', 0, 8) === FILE_MAGIC
}
/** Offset of the first chunk: 4096 in every known file; another value is only believed when it can be. */
function headerBytes(head: Buffer): number {
  const stated = u16(head, 40)
  return stated >= 128 && stated % 512 === 0 ? stated : FILE_HEADER_BYTES
}

class EvtxFile {
  readonly #reader = new EventReader()
  #isStarted = false
  #isDirty = false
  #statedChunks = 0
  #nextRecordId = 0
  #chunks = 0
  #lastId = 0
  #unused = 0
  readonly #leftOvers = new LeftOvers<EvtxUnit>()

  add(block: Buffer): EvtxUnit[] {
    if (!this.#isStarted) {
      this.#isStarted = true
      if (isFileHeader(block)) return this.#readHeader(block)
    }
    this.#chunks += 1
    // A copy: the block is only lent, and records are rendered out of it later.
    return this.#readChunk(Buffer.from(block))
  }

  /**
   * What only shows at the end: blocks that hold no records (space reserved for the log and never used), and chunks the
   * header promises but the file does not have. A dirty header promises nothing.
   */
  end(): EvtxUnit[] {
    const units: EvtxUnit[] = this.#leftOvers.release()
    if (this.#leftOvers.repeated > 0)
      units.push(problem('file', 'repeated', `${this.#leftOvers.repeated} x`, 0))
    if (this.#unused > 0) units.push(problem('file', 'unused_space', `${this.#unused} x ${CHUNK_BYTES} B`, 0))
    const missing = this.#statedChunks - this.#chunks
    if (this.#isDirty || missing <= 0) return units
    const lost = this.#nextRecordId - 1 - this.#lastId
    const records = lost > 0 && lost <= missing * MAX_RECORDS_PER_CHUNK ? lost : 0
    units.push(problem(`chunk ${this.#chunks + 1}`, 'truncated', `${missing} x ${CHUNK_BYTES} B`, records))
    return units
  }

  #readHeader(block: Buffer): EvtxUnit[] {
    const units: EvtxUnit[] = []
    this.#isDirty = (u32(block, 120) & 1) !== 0
    if (u32(block, 124) !== crc32(block.subarray(0, 120))) {
      this.#isDirty = true
      units.push(problem('header', 'header_damaged', hex(block.subarray(0, EXCERPT_BYTES)), 0))
    } else if (this.#isDirty) units.push(problem('header', 'not_closed', hex(block.subarray(120, 124)), 0))
    this.#statedChunks = u16(block, 42)
    this.#nextRecordId = u64Number(block, 24)
    return units
  }

  #readChunk(block: Buffer): EvtxUnit[] {
    const place = `chunk ${this.#chunks}`
    const header = readChunkHeader(block)
    const units: EvtxUnit[] = []
    if (header === undefined) {
      if (!hasRecords(block)) {
        if (!isBlank(block, 0, block.length)) this.#unused += 1
        return units
      }
      units.push(problem(place, 'chunk_damaged', hex(block.subarray(0, EXCERPT_BYTES)), 0))
    } else if (block.length === CHUNK_BYTES && !(header.isHeaderSumRight && header.isDataSumRight)) {
      units.push(problem(place, 'chunk_checksum', header.isHeaderSumRight ? 'records' : 'header', 0))
    }
    this.#readRecords(block, header, place, units)
    if (block.length < CHUNK_BYTES) units.push(this.#cutChunk(block, header, place))
    return units
  }

  #readRecords(block: Buffer, header: ChunkHeader | undefined, place: string, units: EvtxUnit[]): void {
    this.#reader.openChunk(block)
    const source: RawSource = { locator: place, bytes: block }
    let overBudget = 0
    const live: RecordSpan[] = []
    for (const span of walkRecords(block, header, this.#isDirty)) {
      if ('lost' in span) {
        // What a cut-off chunk lacks is told once, by the truncation.
        if (block.length < CHUNK_BYTES) break
        const excerpt = hex(block.subarray(span.at, span.at + EXCERPT_BYTES))
        units.push(problem(`${place}, offset ${span.at}`, 'records_missing', excerpt, span.lost))
        this.#lastId += span.lost
        continue
      }
      this.#lastId = span.idNumber
      live.push(span)
      if (overBudget > 0) overBudget += 1
      else if (!this.#readRecord(source, block, span, units)) overBudget = 1
    }
    if (overBudget > 0) units.push(problem(place, 'chunk_budget', '', overBudget))
    this.#noteLive(block, live)
    for (const span of carveRecords(block, gapsBetween(live, FIRST_RECORD, block.length)))
      if (this.#leftOvers.isNew(idText(block, span), span.writtenUs))
        units.push(...this.#recover(block, span, place))
  }

  #noteLive(block: Buffer, live: readonly RecordSpan[]): void {
    let [firstId, lastId, firstUs, lastUs] = [Infinity, -Infinity, Infinity, -Infinity]
    for (const { at, idNumber } of live) {
      const us = filetimeToUs(u32(block, at + 16), u32(block, at + 20)) ?? 0
      firstId = Math.min(firstId, idNumber)
      lastId = Math.max(lastId, idNumber)
      firstUs = Math.min(firstUs, us)
      lastUs = Math.max(lastUs, us)
    }
    if (live.length > 0) this.#leftOvers.noteLive(firstId, lastId, firstUs, lastUs)
  }

  /** A left-over that cannot be read is no loss: nobody counts it. */
  #recover(block: Buffer, span: CarvedSpan, place: string): EvtxUnit[] {
    const id = idText(block, span)
    try {
      const { event, raw, by } = this.#reader.recover(span.at + 24, span.end - 4, id)
      if (event.recordId === '') event.recordId = id
      event.timeUs ??= span.writtenUs
      const locator = `${place}, offset ${span.at}, left-over record ${id}`
      const unit: EvtxUnit = { kind: 'record', locator, event, raw, recovered: by }
      return this.#leftOvers.hold(unit, span.idNumber, span.writtenUs, raw.length)
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      return []
    }
  }

  /** False when the chunk's text budget is used up; every other failure is a problem of that record alone. */
  #readRecord(source: RawSource, block: Buffer, span: RecordSpan, units: EvtxUnit[]): boolean {
    try {
      const event = this.#reader.read(span.at + 24, span.end - 4)
      if (event.recordId === '') event.recordId = idText(block, span)
      event.timeUs ??= filetimeToUs(u32(block, span.at + 16), u32(block, span.at + 20)) ?? null
      units.push(new LiveRecord(event, source, span.at))
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      if (error.reason === 'budget') return false
      const locator = source.locator + locatorInPlace(block, span.at)
      const patched = this.#patch(block, span, locator)
      if (patched !== undefined) {
        units.push(patched)
        return true
      }
      const excerpt = `${error.reason} @ ${error.at}: ${hex(block.subarray(span.at, span.at + EXCERPT_BYTES))}`
      units.push(problem(locator, 'record_unreadable', excerpt, 1))
    }
    return true
  }

  /** A live record whose template or names are damaged still has its values. */
  #patch(block: Buffer, span: RecordSpan, locator: string): EvtxUnit | undefined {
    try {
      const { event, raw, by } = this.#reader.recover(span.at + 24, span.end - 4, idText(block, span))
      if (event.recordId === '') event.recordId = idText(block, span)
      event.timeUs ??= filetimeToUs(u32(block, span.at + 16), u32(block, span.at + 20)) ?? null
      return { kind: 'record', locator, event, raw, patched: by }
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error
      return undefined
    }
  }

  #cutChunk(block: Buffer, header: ChunkHeader | undefined, place: string): EvtxUnit {
    const isComplete = header !== undefined && block.length >= header.freeSpaceAt
    const lost = header === undefined || isComplete ? 0 : header.lastRecordId - this.#lastId
    const records = lost > 0 && lost <= MAX_RECORDS_PER_CHUNK ? lost : 0
    this.#lastId += records
    const missing = CHUNK_BYTES - block.length
    return problem(
      place,
      'truncated',
      `${missing} B < ${FIRST_RECORD + MIN_RECORD_BYTES}..${CHUNK_BYTES}`,
      records,
    )
  }
}

/** The id of a record as text, which most are never asked for. */
const idText = (block: Buffer, span: RecordSpan): string => u64Text(block, span.at + 8)

function problem(locator: string, what: EvtxProblem, excerpt: string, records: number): EvtxUnit {
  return { kind: 'problem', locator, what, excerpt, records }
}
