/** Bits of the filter: 8 MB, one wrong "perhaps" in 1,600 at two million strings, in 75 at six. */
const BITS = 2 ** 26
const MASK = BITS - 1

/**
 * A Bloom filter over 52-bit hashes: tells which strings are certainly not in the case, so that a new one (in a large log
 * most are) is stored without looking for it first. Its memory does not grow.
 */
export class HashFilter {
  readonly #bits = new Uint8Array(BITS / 8)

  add(hash: number): void {
    const low = hash & MASK
    const high = Math.floor(hash / BITS) & MASK
    this.#set(low)
    this.#set(high)
    this.#set((low + 2 * high) & MASK)
  }
  /** False: never added. True: probably. */
  mayHave(hash: number): boolean {
    const low = hash & MASK
    const high = Math.floor(hash / BITS) & MASK
    return this.#has(low) && this.#has(high) && this.#has((low + 2 * high) & MASK)
  }

  #set(bit: number): void {
    this.#bits[bit >> 3]! |= 1 << (bit & 7)
  }
  #has(bit: number): boolean {
    return (this.#bits[bit >> 3]! & (1 << (bit & 7))) !== 0
  }
}
