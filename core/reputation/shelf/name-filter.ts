import { addByte, finish, HASH_START, powerOfTwo } from './hash.ts'

const NEWLINE = 0x0a
const DOT = 0x2e
/** DNS names have at most 127 labels; a crafted host with thousands is cut there, as `suffixesOf` does. */
const MAX_LABELS = 127
/** Two bits of one word per name: one strange name in forty passes, and asking costs one look into memory. */
const BITS_PER_NAME = 16

/**
 * The hosts of a million patterns in two megabytes: says of a name that it is in no pattern, or that it may be. What may be is looked
 * up afterwards, by its text.
 */
export class NameFilter {
  readonly #bits: Uint32Array
  readonly #mask: number

  /** @param expected number of names; more make the filter coarser, never wrong. Or the bits of a filter made before. */
  constructor(expected: number | Uint32Array) {
    this.#bits =
      typeof expected === 'number'
        ? new Uint32Array(powerOfTwo(Math.max(expected * BITS_PER_NAME, 1024)) / 32)
        : expected
    this.#mask = this.#bits.length - 1
  }

  /** A filter out of its {@link bits}. */
  static of(bits: Uint32Array): NameFilter {
    return new NameFilter(bits)
  }

  /** What a filter is, to be kept. */
  get bits(): Uint32Array {
    return this.#bits
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
      const mixed = finish(hash)
      bits[mixed & mask] = (bits[mixed & mask] ?? 0) | pairOf(mixed)
    }
  }

  /** Whether a name of this hash may be among the names. */
  has(hash: number): boolean {
    return has(this.#bits, this.#mask, hash)
  }

  /**
   * Asks for hosts and their parent domains. A host that stands there several times in a row is asked for once.
   * @param lines hosts, a line feed between them
   * @param onName called with the bounds of the host, the beginning of the part of it that may be the host of a pattern, and its hash
   */
  scan(
    lines: Uint8Array,
    onName: (hostStart: number, nameStart: number, end: number, hash: number) => void,
  ): void {
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
          onName(start, at + 1, end, hash)
        }
        hash = addByte(hash, byte)
      }
      if (has(bits, mask, hash)) onName(at + 1, at + 1, end, hash)
      const length = end - at
      end = at
      while (end >= length && isSame(lines, end, length)) end -= length
    }
  }
}

function has(bits: Uint32Array, mask: number, hash: number): boolean {
  const mixed = finish(hash)
  const pair = pairOf(mixed)
  return ((bits[mixed & mask] ?? 0) & pair) === pair
}

/** Whether the line that ends at `end` is the one behind it again; `length` counts its line feed. */
function isSame(lines: Uint8Array, end: number, length: number): boolean {
  for (let at = end - 1; at > end - length; at--) if (lines[at] !== lines[at + length]) return false
  return lines[end - length] === NEWLINE
}

/** The two bits of a name, out of the upper part of its hash: the lower one says in which word. */
export const pairOf = (mixed: number): number => (1 << (mixed >>> 27)) | (1 << ((mixed >>> 22) & 31))

function startOf(lines: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && lines[start - 1] !== NEWLINE) start--
  return start
}
