/** Record keys are kept as the first 16 bytes of their SHA-256. */
export const KEY_BYTES = 16

/** Slots at first; a power of two. */
const FIRST_SLOTS = 2 ** 16

/**
 * The first 52 bits of each of many random keys: tells at once that a key is new. Two keys with the same beginning are one in
 * a few thousand billions, unless somebody made them so; whoever is told "known" has to look at the keys themselves.
 */
export class PrefixSet {
  #slots = new Float64Array(FIRST_SLOTS)
  size = 0

  /** Adds the key at `at`; false when a key with this beginning may be there. All zeros is no key and always new. */
  add(keys: Uint8Array, at: number): boolean {
    const low = keys[at]! | (keys[at + 1]! << 8) | (keys[at + 2]! << 16)
    const high = (keys[at + 3]! | (keys[at + 4]! << 8) | (keys[at + 5]! << 16) | (keys[at + 6]! << 24)) >>> 0
    // One more than the number itself: zero is a free slot.
    const prefix = (low & 0xfffff) * 2 ** 32 + high + 1
    if (prefix === 1) return isBlank(keys, at)
    if ((this.size + 1) * 4 > this.#slots.length * 3) this.#grow()
    return this.#put(prefix)
  }

  #put(prefix: number): boolean {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = prefix & mask
    for (let known = slots[slot]!; known !== 0; known = slots[slot]!) {
      if (known === prefix) return false
      slot = (slot + 1) & mask
    }
    slots[slot] = prefix
    this.size += 1
    return true
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Float64Array(old.length * 2)
    this.size = 0
    for (const prefix of old) if (prefix !== 0) this.#put(prefix)
  }
}

function isBlank(keys: Uint8Array, at: number): boolean {
  for (let byte = at; byte < at + KEY_BYTES; byte++) if (keys[byte] !== 0) return false
  return true
}
