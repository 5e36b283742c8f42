/** Names written one behind the other, a line feed after each; grows by doubling, so that a million names are one long text. */
export class Lines {
  #bytes = Buffer.allocUnsafe(1 << 16)
  #length = 0

  /** Bytes written so far: where the next name begins. */
  get length(): number {
    return this.#length
  }

  /** @param name ASCII, as hosts are */
  add(name: string): void {
    const needed = this.#length + name.length + 1
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    this.#bytes.write(name, this.#length, 'latin1')
    this.#bytes[needed - 1] = 0x0a
    this.#length = needed
  }

  /** All names, the last line feed included. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}
