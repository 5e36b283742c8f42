/**
 * Hash of the bytes of a name, read from its end: the hash of every parent domain falls off on the way (performance.md section 5).
 */
export const HASH_START = 0x811c9dc5 | 0
const PRIME = 0x01000193

export const addByte = (hash: number, byte: number): number => Math.imul(hash ^ byte, PRIME)

/** Spreads the bits: the low ones of the plain hash depend on the last bytes alone. */
export function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The smallest power of two that is not below `value`. */
export const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(Math.max(value, 2)))
