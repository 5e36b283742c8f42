import { ByteReader } from './byte-stream.ts'
import { HEAD_BYTES, type Member } from './container.ts'

/** Members up to this size are held in memory, so that looking through one before it is read needs no second pass. */
const HELD_BYTES = 1024 * 1024
const PIECE = 256 * 1024

/**
 * A member of a container that is read forward in one pass (tar, 7z). Opened first it is read off that pass; opened again
 * it is looked up once more, which costs a second pass up to it.
 */
export class PassMember implements Member {
  readonly kind = 'member'
  readonly name: string
  readonly size: number | null
  readonly #reader: ByteReader
  readonly #again: (from: number) => AsyncIterable<Uint8Array>
  readonly #start: number
  #first: Buffer | undefined
  #isTaken = false

  /**
   * @param size null when only reading tells
   * @param reader the pass, standing at the first byte of the member
   * @param again the content of the member once more, from one of its bytes on; may run past its end
   */
  constructor(
    name: string,
    size: number | null,
    reader: ByteReader,
    again: (from: number) => AsyncIterable<Uint8Array>,
  ) {
    this.name = name
    this.size = size
    this.#reader = reader
    this.#start = reader.position
    this.#again = again
  }

  async head(): Promise<Uint8Array> {
    return (await this.#begin()).subarray(0, HEAD_BYTES)
  }

  async *open(from = 0): AsyncGenerator<Uint8Array> {
    const first = await this.#begin()
    if (from < first.length) yield first.subarray(from)
    const at = Math.max(from, first.length)
    let left = this.size === null ? Infinity : this.size - at
    if (left <= 0 || (this.size === null && first.length < HELD_BYTES)) return
    const isNext = !this.#isTaken && this.#reader.position === this.#start + at
    this.#isTaken = true
    const reader = isNext ? this.#reader : new ByteReader(this.#again(at))
    try {
      while (left > 0) {
        const piece = await reader.some(Math.min(left, PIECE))
        if (!piece && this.size === null) return
        if (!piece) throw new Error(`${left} bytes are missing`)
        left -= piece.length
        yield piece
      }
    } finally {
      if (!isNext) await reader.close()
    }
  }

  /** The first bytes, read once; all of a small member. */
  async #begin(): Promise<Buffer> {
    const count = this.size === null ? HELD_BYTES : this.size <= HELD_BYTES ? this.size : HEAD_BYTES
    return (this.#first ??= await this.#reader.take(count))
  }
}
