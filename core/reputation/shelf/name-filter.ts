import { addByte, finish, HASH_START, powerOfTwo } from './hash.ts'

const NEWLINE = 0x0a
const DOT = 0x2e
/** DNS names have at most 127 labels; a crafted host with thousands is cut there, as `suffixesOf` does. */
const MAX_LABELS = 127
/** With two bits set per name, fewer than one strange name in two hundred passes. */
const BITS_PER_NAME = 32

/**
 * The hosts of a million patterns in four megabytes: says of a name that it is in no pattern, or that it may be. What may be is looked
 * up afterwards, by its text.
 */
export class NameFilter {
  readonly #bits: Uint32Array
  readonly #mask: number

  /** @param expected number of names; more make the filter coarser, never wrong */
  constructor(expected: number) {
    const bits = powerOfTwo(Math.max(expected * BITS_PER_NAME, 1024))
    this.#bits = new Uint32Array(bits / 32)
    this.#mask = bits - 1
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#bits.byteLength
  }

  /** @param lines names, a line feed between them; names that follow each other are best in order */
  add(lines: Uint8Array): void {
    const bits = this.#bits
    const mask = this.#mask
    let before = 0
    for (let end = lines.length; end >= 0;) {
      let hash = HASH_START
      let at = end - 1
      for (let byte = lines[at]; byte !== undefined && byte !== NEWLINE; byte = lines[--at])
        hash = addByte(hash, byte)
      end = at
      if (hash === before) continue
      before = hash
      const first = finish(hash) & mask
      const second = secondOf(hash) & mask
      bits[first >>> 5] = (bits[first >>> 5] ?? 0) | (1 << (first & 31))
      bits[second >>> 5] = (bits[second >>> 5] ?? 0) | (1 << (second & 31))
    }
  }

  /**
   * Asks for hosts and their parent domains. A host that stands there several times in a row is asked for once.
   * @param lines hosts, a line feed between them
   * @param onName called with the bounds of the host and the beginning of the part of it that may be the host of a pattern
   */
  scan(lines: Uint8Array, onName: (hostStart: number, nameStart: number, end: number) => void): void {
    const bits = this.#bits
    const mask = this.#mask
    for (let end = lines.length; end >= 0;) {
      let hash = HASH_START
      let at = end - 1
      let labels = 0
      let start = -1
      for (let byte = lines[at]; byte !== undefined && byte !== NEWLINE; byte = lines[--at]) {
        // most names are in no pattern: the bounds of the host are looked for only when one may be
        if (byte === DOT && labels++ < MAX_LABELS && has(bits, mask, hash)) {
          if (start < 0) start = startOf(lines, at)
          onName(start, at + 1, end)
        }
        hash = addByte(hash, byte)
      }
      if (has(bits, mask, hash)) onName(at + 1, at + 1, end)
      const length = end - at
      end = at
      while (end >= length && isSame(lines, end, length)) end -= length
    }
  }
}

function has(bits: Uint32Array, mask: number, hash: number): boolean {
  const first = finish(hash) & mask
  if (((bits[first >>> 5] ?? 0) & (1 << (first & 31))) === 0) return false
  const second = secondOf(hash) & mask
  return ((bits[second >>> 5] ?? 0) & (1 << (second & 31))) !== 0
}

/** Whether the line that ends at `end` is the one behind it again; `length` counts its line feed. */
function isSame(lines: Uint8Array, end: number, length: number): boolean {
  for (let at = end - 1; at > end - length; at--) if (lines[at] !== lines[at + length]) return false
  return lines[end - length] === NEWLINE
}

/** Another spread of the same hash, for the second bit. */
const secondOf = (hash: number): number => finish(Math.imul(hash, 0x9e3779b1) ^ 0x7f4a7c15)

function startOf(lines: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && lines[start - 1] !== NEWLINE) start--
  return start
}
