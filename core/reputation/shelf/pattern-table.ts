import { addByte, asInner, finish, HASH_START, powerOfTwo } from './hash.ts'

const SPACE = 0x20
const NEWLINE = 0x0a
const COLON = 0x3a
const SLASH = 0x2f
const DOT = 0x2e
const QUESTION = 0x3f
const OPEN = 0x5b
const CLOSE = 0x5d
const LETTER_F = 0x66
const EXACT = 0x65
const PATH = 0x70
const HOST = 0x68
const DOMAIN = 0x64

/** DNS names have at most 127 labels; a crafted host with thousands is cut there, as {@link suffixesOf} does. */
const MAX_LABELS = 127
/** Bits per pattern of the filter that most names do not pass. */
const FILTER_BITS = 16

/** Patterns of a range of rows: lines `host normal` (see packNormal), and the first letter of the scope of each. */
export interface PatternChunk {
  readonly lines: Uint8Array
  readonly scopes: Uint8Array
}

/**
 * A million patterns in a few typed arrays: a hash table of entries and a filter of their hosts. It finds every pattern whose address
 * covers a URL, whatever pack, level or port; the {@link Shelf} then chooses. A hit of the hash is always compared with the text of
 * the pattern.
 */
export class PatternTable {
  /** All lines, one behind the other. */
  readonly #bytes: Uint8Array
  readonly #scopes: Uint8Array
  /** Beginning of each line, length of its host, and where what follows the port begins and ends. */
  readonly #starts: Uint32Array
  readonly #hostEnds: Uint32Array
  readonly #restStarts: Uint32Array
  readonly #ends: Uint32Array
  /** Open addressing: entry + 1, 0 is free. Entries of one hash (versions of a pack) follow each other in `next`. */
  readonly #slots: Uint32Array
  readonly #next: Uint32Array
  readonly #hashes: Uint32Array
  readonly #mask: number
  readonly #hostFilter: Uint32Array
  readonly #innerFilter: Uint32Array
  readonly #filterMask: number
  readonly count: number

  constructor(chunks: readonly PatternChunk[]) {
    this.count = chunks.reduce((sum, chunk) => sum + chunk.scopes.length, 0)
    this.#bytes = join(chunks.map((chunk) => chunk.lines))
    this.#scopes = join(
      chunks.map((chunk) => chunk.scopes),
      0,
    )
    this.#starts = new Uint32Array(this.count)
    this.#hostEnds = new Uint32Array(this.count)
    this.#restStarts = new Uint32Array(this.count)
    this.#ends = new Uint32Array(this.count)
    const slots = powerOfTwo(this.count * 2)
    this.#slots = new Uint32Array(slots)
    this.#hashes = new Uint32Array(slots)
    this.#next = new Uint32Array(this.count)
    this.#mask = slots - 1
    const bits = powerOfTwo(Math.max(this.count * FILTER_BITS, 1024))
    this.#hostFilter = new Uint32Array(bits / 32)
    this.#innerFilter = new Uint32Array(bits / 32)
    this.#filterMask = bits - 1
    this.#build()
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    const arrays = [this.#bytes, this.#scopes, this.#starts, this.#hostEnds, this.#restStarts, this.#ends, this.#slots, this.#next, this.#hashes, this.#hostFilter, this.#innerFilter] // prettier-ignore
    return arrays.reduce((sum, array) => sum + array.byteLength, 0)
  }

  #build(): void {
    const bytes = this.#bytes
    let at = 0
    for (let entry = 0; entry < this.count; entry++) {
      this.#starts[entry] = at
      let space = at
      while (bytes[space] !== SPACE) space++
      this.#hostEnds[entry] = space
      let rest = space + 1
      if (bytes[rest] === LETTER_F) rest += 3
      if (bytes[rest] === COLON) while (bytes[rest] !== SLASH && bytes[rest] !== NEWLINE) rest++
      this.#restStarts[entry] = rest
      let end = rest
      while (bytes[end] !== NEWLINE) end++
      this.#ends[entry] = end
      this.#put(entry, at, space, rest, end)
      at = end + 1
    }
  }

  #put(entry: number, start: number, hostEnd: number, rest: number, end: number): void {
    const bytes = this.#bytes
    const scope = this.#scopes[entry]
    let hash = HASH_START
    for (let at = hostEnd - 1; at >= start; at--) hash = addByte(hash, bytes[at] ?? 0)
    const isInner = scope === EXACT || scope === PATH
    const bit = finish(hash) & this.#filterMask
    const filter = isInner ? this.#innerFilter : this.#hostFilter
    filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
    if (isInner) {
      hash = asInner(hash)
      for (let at = rest; at < end; at++) hash = addByte(hash, bytes[at] ?? 0)
    }
    const whole = finish(hash)
    let slot = whole & this.#mask
    while (this.#slots[slot] !== 0 && this.#hashes[slot] !== whole) slot = (slot + 1) & this.#mask
    this.#next[entry] = this.#slots[slot] ?? 0
    this.#slots[slot] = entry + 1
    this.#hashes[slot] = whole
  }

  /**
   * Finds the patterns that cover each of many URLs.
   * @param text normal forms (NormalUrl.text), each ended by a line feed
   * @param onHit called for every pair: number of the line and of the entry
   * @returns number of lines
   */
  scan(text: Uint8Array, onHit: (line: number, entry: number) => void): number {
    let at = 0
    let line = 0
    for (; at < text.length; line++) {
      // `scheme://`
      let start = at
      while (text[start] !== COLON && text[start] !== NEWLINE) start++
      if (text[start] === NEWLINE) {
        at = start + 1
        continue
      }
      start += 3
      let hostEnd = start
      if (text[start] === OPEN) while (text[hostEnd - 1] !== CLOSE && text[hostEnd] !== NEWLINE) hostEnd++
      else while (!isHostEnd(text[hostEnd] ?? NEWLINE)) hostEnd++
      at = this.#scanOne(text, start, hostEnd, line, onHit)
    }
    return line
  }

  /** @returns where the next line begins */
  #scanOne(
    text: Uint8Array,
    start: number,
    hostEnd: number,
    line: number,
    onHit: (line: number, entry: number) => void,
  ): number {
    let hash = HASH_START
    let labels = 1
    for (let at = hostEnd - 1; at >= start; at--) {
      const byte = text[at] ?? 0
      if (byte === DOT && labels++ <= MAX_LABELS)
        this.#probeHost(hash, text, at + 1, hostEnd, false, line, onHit)
      hash = addByte(hash, byte)
    }
    this.#probeHost(hash, text, start, hostEnd, true, line, onHit)
    let rest = hostEnd
    while (text[rest] !== SLASH && text[rest] !== NEWLINE) rest++
    const bit = finish(hash) & this.#filterMask
    if (((this.#innerFilter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) {
      // indexOf is faster than a loop, and most URLs end here
      const end = text.indexOf(NEWLINE, rest)
      return (end < 0 ? text.length : end) + 1
    }
    let inner = asInner(hash)
    let isPath = true
    let at = rest
    for (; ; at++) {
      const byte = text[at] ?? NEWLINE
      if (byte === NEWLINE) break
      if (isPath && (byte === SLASH || byte === QUESTION)) {
        this.#probeInner(inner, text, start, hostEnd, rest, at, PATH, line, onHit)
        isPath = byte !== QUESTION
      }
      inner = addByte(inner, byte)
    }
    if (isPath) this.#probeInner(inner, text, start, hostEnd, rest, at, PATH, line, onHit)
    this.#probeInner(inner, text, start, hostEnd, rest, at, EXACT, line, onHit)
    return at + 1
  }

  #probeHost(
    hash: number,
    text: Uint8Array,
    start: number,
    end: number,
    isWhole: boolean,
    line: number,
    onHit: (line: number, entry: number) => void,
  ): void {
    const whole = finish(hash)
    const bit = whole & this.#filterMask
    if (((this.#hostFilter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return
    for (let next = this.#find(whole); next !== 0; next = this.#next[next - 1] ?? 0) {
      const entry = next - 1
      const scope = this.#scopes[entry]
      if (scope !== DOMAIN && !(isWhole && scope === HOST)) continue
      if (this.#isSame(this.#starts[entry] ?? 0, this.#hostEnds[entry] ?? 0, text, start, end))
        onHit(line, entry)
    }
  }

  #probeInner(
    hash: number,
    text: Uint8Array,
    start: number,
    hostEnd: number,
    rest: number,
    end: number,
    scope: number,
    line: number,
    onHit: (line: number, entry: number) => void,
  ): void {
    const whole = finish(hash)
    for (let next = this.#find(whole); next !== 0; next = this.#next[next - 1] ?? 0) {
      const entry = next - 1
      if (
        this.#scopes[entry] === scope &&
        this.#isSame(this.#starts[entry] ?? 0, this.#hostEnds[entry] ?? 0, text, start, hostEnd) &&
        this.#isSame(this.#restStarts[entry] ?? 0, this.#ends[entry] ?? 0, text, rest, end)
      )
        onHit(line, entry)
    }
  }

  /** First entry with this hash + 1; 0 when there is none. */
  #find(whole: number): number {
    let slot = whole & this.#mask
    while (this.#slots[slot] !== 0 && this.#hashes[slot] !== whole) slot = (slot + 1) & this.#mask
    return this.#slots[slot] ?? 0
  }

  #isSame(from: number, to: number, text: Uint8Array, start: number, end: number): boolean {
    if (to - from !== end - start) return false
    const bytes = this.#bytes
    for (let at = from, other = start; at < to; at++, other++) if (bytes[at] !== text[other]) return false
    return true
  }
}

const isHostEnd = (byte: number): boolean => byte === SLASH || byte === COLON || byte === NEWLINE

/** One array of all; `end` ends each of the parts, none when it is 0. */
function join(parts: readonly Uint8Array[], end = NEWLINE): Uint8Array {
  const extra = end === 0 ? 0 : 1
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length + extra, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
    if (extra === 1) whole[at++] = end
  }
  return whole
}
