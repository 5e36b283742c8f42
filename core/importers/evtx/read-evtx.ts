import { hex } from './bytes.ts'
import { carveRecords, gapsBetween } from './carve.ts'
import {
  CHUNK_BYTES,
  type ChunkHeader,
  type DamagedSpan,
  FIRST_RECORD,
  firstRecord,
  MIN_RECORD_BYTES,
  readChunkHeader,
  type RecordSpan,
  walkRecords,
} from './chunk.ts'
import { HEADER_BLOCK_BYTES, headerBytes, readFileHeader } from './file-header.ts'
import { Log } from './log.ts'
import { idText, RecordReader } from './record-reader.ts'
import { type Span, spansOf } from './spans.ts'
import { EXCERPT_BYTES, type EvtxUnit, problem } from './units.ts'

export type { EvtxProblem, EvtxUnit } from './units.ts'

/**
 * Reads an EVTX file as a stream: one batch per chunk, in file order. Chunks are found where they lie up to the end of the
 * file (`spans.ts`), never by the counts in the header (they lie in files that were not closed; formats.md A1.1). Damage
 * becomes a problem and reading goes on. A stream that starts with a chunk (carved evidence) is read as well, and so are
 * several logs one behind the other.
 */
export async function* readEvtx(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EvtxUnit[]> {
  const file = new EvtxFile()
  for await (const span of spansOf(stream)) {
    const units = file.add(span)
    if (units.length > 0) yield units
  }
  const rest = file.end()
  if (rest.length > 0) yield rest
}

class EvtxFile {
  readonly #reader = new RecordReader()
  #log = new Log(undefined)
  /** Places of chunks so far, in all logs of the file. */
  #slots = 0
  /** Where the first chunk belongs. */
  #chunksAt = 0

  add(span: Span): EvtxUnit[] {
    if (span.kind === 'header') return this.#openLog(span)
    return span.kind === 'chunk' ? this.#readChunk(span) : this.#readOther(span)
  }

  end(): EvtxUnit[] {
    return this.#log.end(`chunk ${this.#slots + 1}`)
  }

  #openLog({ at, bytes, isLost }: Span & { kind: 'header' }): EvtxUnit[] {
    const units = at === 0 ? [] : this.end()
    if (at === 0) this.#chunksAt = isLost ? HEADER_BLOCK_BYTES : headerBytes(bytes)
    const header = isLost ? undefined : readFileHeader(bytes)
    this.#log = new Log(header ?? 'lost')
    const place = at === 0 ? 'header' : `header at byte ${at}`
    if (header?.isSumRight !== true)
      units.push(problem(place, 'header_damaged', hex(bytes.subarray(0, EXCERPT_BYTES)), 0))
    else if (header.isDirty) units.push(problem(place, 'not_closed', hex(bytes.subarray(120, 124)), 0))
    return units
  }

  /** The place of the next chunk; it says where that is when it is not where it belongs. */
  #nextPlace(at: number): string {
    this.#slots += 1
    this.#log.addSlot()
    const isInPlace = at === this.#chunksAt + (this.#slots - 1) * CHUNK_BYTES
    return `chunk ${this.#slots}${isInPlace ? '' : ` at byte ${at}`}`
  }

  #readChunk({ at, bytes, isCut }: Span & { kind: 'chunk' }): EvtxUnit[] {
    const header = readChunkHeader(bytes)
    if (header === undefined) return [this.#cutHeader(at, bytes)]
    const place = this.#nextPlace(at)
    const units: EvtxUnit[] = this.#log.settle(header.firstRecordId)
    const isWhole = bytes.length === CHUNK_BYTES
    if ((isWhole || isCut) && !(header.isHeaderSumRight && header.isDataSumRight))
      units.push(problem(place, 'chunk_checksum', header.isHeaderSumRight ? 'records' : 'header', 0))
    this.#readRecords({ place, bytes, header, isAstray: false, isEnd: !isWhole && !isCut }, units)
    if (!isWhole) units.push(this.#cutChunk(place, bytes, header, isCut))
    return units
  }

  #readOther({ at, bytes, isSlot }: Span & { kind: 'other' }): EvtxUnit[] {
    const first = firstRecord(bytes)
    if (first === undefined) {
      this.#log.addEmpty(at, bytes)
      if (isSlot) this.#nextPlace(at)
      return []
    }
    const place = isSlot ? this.#nextPlace(at) : `bytes ${at}-${at + bytes.length - 1}`
    // A first record further behind is told by the walk: others were before it.
    const units: EvtxUnit[] = this.#log.settle(first.at <= FIRST_RECORD ? first.idNumber : undefined)
    units.push(problem(place, 'chunk_damaged', hex(bytes.subarray(0, EXCERPT_BYTES)), 0))
    this.#readRecords({ place, bytes, header: undefined, isAstray: !isSlot, isEnd: false }, units)
    this.#log.addHeadless(at, bytes)
    return units
  }

  #readRecords({ place, bytes, header, isAstray, isEnd }: Block, units: EvtxUnit[]): void {
    // A copy: the bytes are only lent, and records are rendered out of them later.
    const block = Buffer.from(bytes)
    this.#reader.open(place, block)
    let overBudget = 0
    const live: RecordSpan[] = []
    let damaged: DamagedSpan | undefined
    for (const span of walkRecords(block, header, this.#log.isDirty)) {
      if ('lost' in span) {
        damaged = span
        continue
      }
      if (damaged !== undefined) units.push(this.#missing(place, block, damaged))
      damaged = undefined
      live.push(span)
      if (overBudget > 0) overBudget += 1
      else {
        const unit = isAstray ? this.#reader.readAstray(span) : this.#reader.read(span)
        if (unit === undefined) overBudget = 1
        else units.push(unit)
      }
    }
    this.#log.noteLive(block, live)
    // What the end of a cut-off chunk lacks is told once, by the truncation.
    if (damaged !== undefined && !isEnd) units.push(this.#missing(place, block, damaged))
    if (overBudget > 0) units.push(problem(place, 'chunk_budget', '', overBudget))
    this.#recover(block, header === undefined ? 0 : FIRST_RECORD, live, units)
  }

  #missing(place: string, block: Buffer, { at, lost }: DamagedSpan): EvtxUnit {
    this.#log.noteLost(lost)
    const excerpt = hex(block.subarray(at, at + EXCERPT_BYTES))
    return problem(`${place}, offset ${at}`, 'records_missing', excerpt, lost)
  }

  /** Left-over records between and behind the live ones. */
  #recover(block: Buffer, from: number, live: readonly RecordSpan[], units: EvtxUnit[]): void {
    const { leftOvers } = this.#log
    for (const span of carveRecords(block, gapsBetween(live, from, block.length))) {
      if (!leftOvers.isNew(idText(block, span), span.writtenUs)) continue
      const unit = this.#reader.recover(span)
      if (unit !== undefined)
        units.push(...leftOvers.hold(unit, span.idNumber, span.writtenUs, unit.raw.length))
    }
  }

  /** A chunk whose header is not all there holds one record at least; a closed log says itself how many are missing. */
  #cutHeader(at: number, bytes: Buffer): EvtxUnit {
    const excerpt = `${bytes.length} B < ${CHUNK_BYTES}`
    return problem(`bytes ${at}-${at + bytes.length - 1}`, 'truncated', excerpt, this.#log.isClosed ? 0 : 1)
  }

  #cutChunk(place: string, bytes: Buffer, header: ChunkHeader, isCut: boolean): EvtxUnit {
    const isComplete = bytes.length >= header.freeSpaceAt && header.isDataSumRight
    const records = isComplete ? 0 : this.#log.missingUpTo(header.lastRecordId)
    this.#log.noteLost(records)
    const excerpt = `${CHUNK_BYTES - bytes.length} B < ${FIRST_RECORD + MIN_RECORD_BYTES}..${CHUNK_BYTES}`
    return problem(place, isCut ? 'chunk_cut' : 'truncated', excerpt, records)
  }
}

interface Block {
  readonly place: string
  readonly bytes: Buffer
  readonly header: ChunkHeader | undefined
  /** It may not begin where its chunk began: offsets in it mean nothing. */
  readonly isAstray: boolean
  /** The file ends in it. */
  readonly isEnd: boolean
}
