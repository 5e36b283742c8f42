import { u32 } from './bytes.ts'
import { CHUNK_BYTES, isBlank, MAX_RECORDS_PER_CHUNK, type RecordSpan } from './chunk.ts'
import type { FileHeader } from './file-header.ts'
import { Hole } from './hole.ts'
import { LeftOvers } from './left-overs.ts'
import { type EvtxUnit, problem, type ProblemUnit } from './units.ts'
import { filetimeToUs } from './values.ts'

/** What is known of one log while its chunks are read: what its header says, and which records there were so far. */
export class Log {
  readonly leftOvers = new LeftOvers<EvtxUnit>()
  /** The log was not closed, or nobody can say: chunk headers may lag behind their records. */
  readonly isDirty: boolean
  /** Its counts can be relied on: the header is whole and the log was closed. */
  readonly isClosed: boolean
  readonly #isHeaderWhole: boolean
  readonly #statedChunks: number
  readonly #nextRecordId: number
  readonly #hole = new Hole()
  /** Places of chunks so far, with and without one in it. */
  #slots = 0
  #lastId = 0
  #highestId = 0
  #unusedBytes = 0

  /** @param header undefined when the log begins with a chunk; `'lost'` when it had one */
  constructor(header: FileHeader | 'lost' | undefined) {
    const known = header === 'lost' ? undefined : header
    this.#isHeaderWhole = known?.isSumRight === true
    this.isClosed = this.#isHeaderWhole && known?.isDirty === false
    this.isDirty = header !== undefined && !this.isClosed
    this.#statedChunks = known?.chunks ?? 0
    this.#nextRecordId = known?.nextRecordId ?? 0
  }

  addSlot(): void {
    this.#slots += 1
  }
  /** Notes the live records of one block: their ids, and when they were written. */
  noteLive(block: Buffer, live: readonly RecordSpan[]): void {
    let [firstId, lastId, firstUs, lastUs] = [Infinity, -Infinity, Infinity, -Infinity]
    for (const { at, idNumber } of live) {
      const us = filetimeToUs(u32(block, at + 16), u32(block, at + 20)) ?? 0
      firstId = Math.min(firstId, idNumber)
      lastId = Math.max(lastId, idNumber)
      firstUs = Math.min(firstUs, us)
      lastUs = Math.max(lastUs, us)
    }
    const last = live.at(-1)
    if (last === undefined) return
    this.leftOvers.noteLive(firstId, lastId, firstUs, lastUs)
    this.#lastId = last.idNumber
    this.#highestId = Math.max(this.#highestId, lastId)
  }
  noteLost(records: number): void {
    this.#lastId += records
  }
  /** How many records up to `id` were not met; 0 when that cannot be. */
  missingUpTo(id: number, room = MAX_RECORDS_PER_CHUNK): number {
    const missing = id - this.#lastId
    return missing > 0 && missing <= room ? missing : 0
  }

  /**
   * A block without any record. Zeros say nothing. Behind the chunks that the header of a closed log counts there is only
   * room never used, with whatever the disk held before; in a log not closed the header may lag behind, so that this is
   * for the end to say. Everything else is damage.
   */
  addEmpty(at: number, bytes: Buffer): void {
    const isBeyond = this.#isHeaderWhole && this.#slots >= this.#statedChunks
    if (isBlank(bytes, 0, bytes.length)) this.#hole.addQuiet(at, bytes)
    else if (isBeyond && this.isClosed) this.#unusedBytes += bytes.length
    else this.#hole.addDamaged(at, bytes, isBeyond)
  }
  /** A block without chunk header whose records were read: others of it may be lost. */
  addHeadless(at: number, bytes: Buffer): void {
    if (!this.isClosed || this.#slots <= this.#statedChunks) this.#hole.addQuiet(at, bytes)
  }

  /** What was lost before the block that now begins. @param firstId id of its first record, where that is known */
  settle(firstId: number | undefined): ProblemUnit[] {
    return this.#settle(firstId, false)
  }

  /**
   * What only shows at the end: left-overs without a live twin, room never used, and chunks the header promises but the
   * file does not have. The header of a log that was not closed promises nothing.
   * @param nextPlace where the next chunk would stand
   */
  end(nextPlace: string): EvtxUnit[] {
    const missing = this.isClosed ? this.#statedChunks - this.#slots : 0
    // In a log that wrapped, the newest record is not the last one of the file.
    const isNewest = this.isClosed && missing <= 0 && this.#lastId === this.#highestId
    const units: EvtxUnit[] = this.#settle(isNewest ? this.#nextRecordId : undefined, true)
    units.push(...this.leftOvers.release())
    const { repeated } = this.leftOvers
    if (repeated > 0) units.push(problem('file', 'repeated', `${repeated} x`, 0))
    if (this.#unusedBytes > 0) {
      const blocks = Math.ceil(this.#unusedBytes / CHUNK_BYTES)
      units.push(problem('file', 'unused_space', `${blocks} x ${CHUNK_BYTES} B`, 0))
    }
    if (missing <= 0) return units
    const records = this.missingUpTo(this.#nextRecordId - 1, missing * MAX_RECORDS_PER_CHUNK)
    units.push(problem(nextPlace, 'truncated', `${missing} x ${CHUNK_BYTES} B`, records))
    return units
  }

  #settle(nextId: number | undefined, isEnd: boolean): ProblemUnit[] {
    const { problems, unusedBytes } = this.#hole.settle(this.#lastId, nextId, isEnd)
    this.#unusedBytes += unusedBytes
    for (const { records } of problems) this.noteLost(records)
    return [...problems]
  }
}
