/** Bits of the filter: 4 MB, one wrong "perhaps" in seventy at two million strings. */
const BITS = 2 ** 25

/**
 * A Bloom filter over 52-bit hashes: tells which strings are certainly not in the case, so that a new one (in a large log
 * most are) is stored without looking for it first. Its memory does not grow.
 */
export class HashFilter {
  readonly #bits = new Uint8Array(BITS / 8)

  add(hash: number): void {
    this.#set(hash % BITS)
    this.#set(Math.floor(hash / BITS) % BITS)
  }
  /** False: never added. True: probably. */
  mayHave(hash: number): boolean {
    return this.#has(hash % BITS) && this.#has(Math.floor(hash / BITS) % BITS)
  }

  #set(bit: number): void {
    this.#bits[bit >> 3]! |= 1 << (bit & 7)
  }
  #has(bit: number): boolean {
    return (this.#bits[bit >> 3]! & (1 << (bit & 7))) !== 0
  }
}
