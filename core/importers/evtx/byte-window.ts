/** Bytes are joined in here where what is looked at lies in more than one piece of the stream. */
const CAPACITY = 4 * 65_536

/**
 * A look ahead into a byte stream, in bounded memory. Bytes inside one piece of the stream are not copied, and no piece is
 * used any more when the next one is asked for.
 */
export class ByteWindow {
  /** Offset in the stream of the first byte not yet stepped over. */
  at = 0
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #joined = Buffer.allocUnsafeSlow(CAPACITY)
  /** The piece that came last, and how much of it is in `#joined`. */
  #piece: Buffer = Buffer.alloc(0)
  #taken = 0
  /** The bytes ahead as far as they are at hand: `#from` to `#to` of the piece or of `#joined`. */
  #bytes: Buffer = this.#piece
  #from = 0
  #to = 0

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  /**
   * The next `count` bytes, fewer where the stream ends. They are not stepped over, and lent until the next call.
   * @param count at most three quarters of the capacity
   */
  async ahead(count: number): Promise<Buffer> {
    while (this.#to - this.#from < count && (await this.#more(count)));
    return this.#bytes.subarray(this.#from, Math.min(this.#to, this.#from + count))
  }

  /** Steps over bytes that `ahead` has shown. */
  skip(count: number): void {
    this.at += count
    this.#from += count
    const inPiece = this.#from - (this.#to - this.#taken)
    if (this.#bytes !== this.#joined || inPiece < 0) return
    // Everything ahead is in the piece itself again.
    this.#bytes = this.#piece
    this.#from = inPiece
    this.#to = this.#piece.length
  }

  /** Lets go of the stream before its end. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  /** Brings more bytes into `#joined`, as many as are wanted and the piece has; false at the end of the stream. */
  async #more(count: number): Promise<boolean> {
    if (this.#bytes !== this.#joined || this.#from + count > CAPACITY) this.#toFront()
    if (this.#taken === this.#piece.length) {
      const { value, done } = await this.#pieces.next()
      if (done === true) return false
      this.#piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      this.#taken = 0
    }
    const end = Math.min(this.#piece.length, this.#taken + this.#from + count - this.#to)
    this.#piece.copy(this.#joined, this.#to, this.#taken, end)
    this.#to += end - this.#taken
    this.#taken = end
    return true
  }

  /** Moves what is at hand to the front of `#joined`. */
  #toFront(): void {
    this.#bytes.copy(this.#joined, 0, this.#from, this.#to)
    // Of the piece, all that was ahead is now joined.
    if (this.#bytes !== this.#joined) this.#taken = this.#piece.length
    this.#bytes = this.#joined
    this.#to -= this.#from
    this.#from = 0
  }
}
