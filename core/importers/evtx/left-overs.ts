/**
 * Records found outside the live part of a file: behind the free space of a chunk and in overwritten places. Windows uses
 * chunks again, so they are older records that the log no longer counts; after a log was cleared they may be the only
 * trace. Many are mere copies of records the file also holds. An examiner wants the former and not the latter: a
 * left-over is kept unless a live record has the same id and was written in the same stretch of time (ids start anew when
 * a log is cleared, times do not), or the same left-over was already found elsewhere.
 */
export class LeftOvers<T> {
  readonly #chunks: ChunkSpan[] = []
  #isSorted = true
  readonly #seen = new Set<string>()
  #held: { readonly unit: T; readonly id: number; readonly writtenUs: number }[] = []
  #heldChars = 0
  /** Left-overs that only repeat what the file holds. */
  repeated = 0

  /** Notes the live records of one chunk by the range of their ids and times. */
  noteLive(firstId: number, lastId: number, firstUs: number, lastUs: number): void {
    this.#isSorted &&= (this.#chunks.at(-1)?.firstId ?? -1) <= firstId
    this.#chunks.push({ firstId, lastId, firstUs, lastUs })
  }

  /** True when the left-over was not met before. Call it before the record is decoded. */
  isNew(id: string, writtenUs: number): boolean {
    const identity = `${id}@${writtenUs}`
    if (this.#seen.has(identity)) {
      this.repeated += 1
      return false
    }
    if (this.#seen.size < MAX_HELD) this.#seen.add(identity)
    return true
  }

  /**
   * Keeps a unit until the whole file is known: its live twin may stand in a later chunk.
   * @returns units that can be kept no longer, because the memory for them is used up
   */
  hold(unit: T, id: number, writtenUs: number, chars: number): T[] {
    this.#held.push({ unit, id, writtenUs })
    this.#heldChars += chars
    return this.#heldChars > MAX_HELD_CHARS || this.#held.length > MAX_HELD ? this.release() : []
  }

  /** The units held so far that repeat no live record. */
  release(): T[] {
    if (!this.#isSorted) this.#chunks.sort((a, b) => a.firstId - b.firstId)
    this.#isSorted = true
    const kept = this.#held.filter((one) => !this.#isLive(one.id, one.writtenUs)).map((one) => one.unit)
    this.repeated += this.#held.length - kept.length
    this.#held = []
    this.#heldChars = 0
    return kept
  }

  #isLive(id: number, writtenUs: number): boolean {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#chunks[middle]!.firstId <= id) low = middle + 1
      else high = middle
    }
    for (let index = low - 1; index >= 0 && low - index <= OVERLAPPING_CHUNKS; index--) {
      const chunk = this.#chunks[index]!
      if (id <= chunk.lastId && writtenUs >= chunk.firstUs && writtenUs <= chunk.lastUs) return true
    }
    return false
  }
}

interface ChunkSpan {
  readonly firstId: number
  readonly lastId: number
  readonly firstUs: number
  readonly lastUs: number
}

/** A forged file could be nothing but left-overs: beyond this they are judged by what was read until then. */
const MAX_HELD = 20_000
const MAX_HELD_CHARS = 16_000_000
/** Ranges of ids only overlap in files put together from parts; further back no chunk is looked at. */
const OVERLAPPING_CHUNKS = 16
