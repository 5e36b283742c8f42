import { hex } from './bytes.ts'
import { CHUNK_BYTES, MAX_RECORDS_PER_CHUNK } from './chunk.ts'
import { EXCERPT_BYTES, problem, type ProblemUnit } from './units.ts'

/** Windows makes a log longer by 1 MiB at a time: so many blocks at its end can wait for their first record. */
const MAX_RESERVED_BYTES = 16 * CHUNK_BYTES

/** What became of a hole. */
export interface Settled {
  readonly problems: readonly ProblemUnit[]
  /** Bytes that turned out to be room never used. */
  readonly unusedBytes: number
}

/**
 * A stretch of a log without chunks. What it means only shows when something follows it: the record ids before and behind
 * it tell how many records lay there, and room at the end of a log may never have been used.
 */
export class Hole {
  #from = 0
  #to = 0
  #damaged = 0
  #perhapsUnused = 0
  #excerpt = ''

  /** Zeros, or a chunk without header whose records were read: no damage by itself, but records may be missing. */
  addQuiet(at: number, bytes: Buffer): void {
    this.#extend(at, bytes)
  }
  /** Bytes that are neither zeros nor have records in them. */
  addDamaged(at: number, bytes: Buffer, isPerhapsUnused: boolean): void {
    this.#extend(at, bytes)
    if (isPerhapsUnused) this.#perhapsUnused += bytes.length
    else this.#damaged += bytes.length
    this.#excerpt ||= hex(bytes.subarray(0, EXCERPT_BYTES))
  }
  #extend(at: number, bytes: Buffer): void {
    if (this.#to === 0) this.#from = at
    this.#to = at + bytes.length
  }

  /**
   * Ends the hole. Damage loses at least one record, and one for every 64 KiB, for a chunk never is without; more where the
   * ids say so.
   * @param lastId id of the record before the hole, 0 when there is none
   * @param nextId id of the record behind it, where it is known
   * @param isEnd the log ends with the hole
   */
  settle(lastId: number, nextId: number | undefined, isEnd: boolean): Settled {
    const isReserve = isEnd && this.#perhapsUnused <= MAX_RESERVED_BYTES
    const unusedBytes = isReserve ? this.#perhapsUnused : 0
    const damaged = this.#damaged + this.#perhapsUnused - unusedBytes
    const missing = this.#missing(lastId, nextId)
    const problems: ProblemUnit[] = []
    const place = `bytes ${this.#from}-${this.#to - 1}`
    if (damaged > 0) {
      const lost = Math.max(missing, 1, Math.floor(damaged / CHUNK_BYTES))
      problems.push(problem(place, 'bytes_damaged', `${damaged} B: ${this.#excerpt}`, lost))
    } else if (missing > 0) problems.push(problem(place, 'records_missing', '', missing))
    this.#from = this.#to = this.#damaged = this.#perhapsUnused = 0
    this.#excerpt = ''
    return { problems, unusedBytes }
  }

  /** How many records the ids say lay here; 0 where they say nothing, or more than there is room for (a log that wrapped). */
  #missing(lastId: number, nextId: number | undefined): number {
    if (this.#to === 0 || lastId === 0 || nextId === undefined) return 0
    const missing = nextId - lastId - 1
    const room = Math.ceil((this.#to - this.#from) / CHUNK_BYTES) * MAX_RECORDS_PER_CHUNK
    return missing > 0 && missing <= room ? missing : 0
  }
}
