import { HEAD_BYTES } from './container.ts'

/** Reads a stream in pieces of wanted sizes; knows where it stands. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)
  #position: number
  #failure: Error | undefined
  constructor(stream: AsyncIterable<Uint8Array>, position = 0) {
    this.#chunks = stream[Symbol.asyncIterator]()
    this.#position = position
  }
  get position(): number {
    return this.#position
  }
  /** Up to `limit` bytes as they come; undefined at the end. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    if (this.#failure) throw this.#failure
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done === true) return undefined
      this.#rest = next.value
    }
    const piece = this.#rest.subarray(0, limit)
    this.#rest = this.#rest.subarray(piece.length)
    this.#position += piece.length
    return piece
  }
  /** Exactly `count` bytes, fewer only at the end or before an error, which the next read then throws. */
  async take(count: number): Promise<Buffer> {
    const pieces: Uint8Array[] = []
    let missing = count
    try {
      while (missing > 0) {
        const piece = await this.some(missing)
        if (!piece) break
        pieces.push(piece)
        missing -= piece.length
      }
    } catch (thrown) {
      if (pieces.length === 0 || !(thrown instanceof Error)) throw thrown
      this.#failure = thrown
    }
    return Buffer.concat(pieces)
  }
  /** Puts bytes back: they come next. */
  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest])
    this.#position -= bytes.length
  }
  /** Reads what is left; the number of its bytes, zeros at its beginning left out (tapes are filled up with them). */
  async countRest(): Promise<number> {
    let bytes = 0
    for (let piece = await this.some(Infinity); piece; piece = await this.some(Infinity))
      if (bytes > 0 || piece.some((byte) => byte !== 0)) bytes += piece.length
    return bytes
  }
  /** Goes on to `position`; false when the stream ends before it. */
  async skipTo(position: number): Promise<boolean> {
    while (this.#position < position) if (!(await this.some(position - this.#position))) return false
    return true
  }
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

/** First {@link HEAD_BYTES} of a stream; what came before an error is enough. */
export async function takeHead(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let have = 0
  try {
    for await (const chunk of stream) {
      pieces.push(chunk)
      have += chunk.length
      if (have >= HEAD_BYTES) break
    }
  } catch (thrown) {
    if (have === 0) throw thrown
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES)
}

/** A stream without its first bytes. */
export async function* dropFirst(
  stream: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const chunk of stream) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

/** All bytes of a stream, undefined when there are more than `limit`. */
export async function collectBytes(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let have = 0
  for await (const chunk of stream) {
    have += chunk.length
    if (have > limit) return undefined
    pieces.push(chunk)
  }
  return Buffer.concat(pieces, have)
}
