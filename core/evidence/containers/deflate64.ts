import type { ByteReader } from './byte-stream.ts'

/** Matches reach back so far: twice as far as in Deflate. */
const WINDOW = 65_536
const OUTPUT = 64 * 1024
/** Bytes of the longest code with a distance (15 + 16 + 15 + 14 bits), and of the longest description of a block's codes. */
const SYMBOL_BYTES = 8
const HEADER_BYTES = 640
const LONGEST_CODE = 15

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 3,
]
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 16]
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** Distance codes grow by pairs: base and extra bits of each of the 32. */
const DISTANCE_EXTRA = Array.from({ length: 32 }, (_, code) => (code < 4 ? 0 : (code >> 1) - 1))
const DISTANCE_BASE: readonly number[] = DISTANCE_EXTRA.reduce<number[]>(
  (bases, extra, code) => (code === 31 ? bases : [...bases, (bases[code] ?? 1) + 2 ** extra]),
  [1],
)

/** Symbol and length of every code, under all bits that may follow it: `symbol << 4 | length`, 0 for no code. */
type Codes = Uint16Array

/** @throws Error when the lengths are those of no code */
function codesOf(lengths: readonly number[]): Codes {
  const counts = new Array<number>(LONGEST_CODE + 1).fill(0)
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1
  const next: number[] = [0, 0]
  let room = 2
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    room = (room - (counts[length] ?? 0)) * 2
    if (room < 0) throw new Error('codes of a block contradict each other')
    next[length + 1] = ((next[length] ?? 0) + (counts[length] ?? 0)) << 1
  }
  const table = new Uint16Array(1 << LONGEST_CODE)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    const code = next[length] ?? 0
    next[length] = code + 1
    let reversed = 0
    for (let bit = 0; bit < length; bit += 1) if ((code >> bit) & 1) reversed |= 1 << (length - 1 - bit)
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length
  }
  return table
}

const FIXED_LENGTHS = Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
)
let fixed: { readonly literals: Codes; readonly distances: Codes } | undefined

/**
 * Deflate64 ("enhanced deflate", ZIP method 9), which Windows Explorer writes for files beyond 2 GB: Deflate with a window of
 * 64 KiB, lengths of 16 bits and two more distances (APPNOTE 5.5, RFC 1951). Neither zlib nor libarchive reads it.
 * @throws Error after the last good byte when the bits are damaged or end too early
 */
export async function* inflate64(packed: ByteReader): AsyncGenerator<Uint8Array> {
  const bits = new Bits(packed)
  const window = new Uint8Array(WINDOW)
  let made = 0
  let output = new Uint8Array(OUTPUT)
  let filled = 0
  const put = (byte: number): void => {
    window[made & (WINDOW - 1)] = byte
    made += 1
    output[filled] = byte
    filled += 1
  }
  const take = (): Uint8Array => {
    const done = output.subarray(0, filled)
    output = new Uint8Array(OUTPUT)
    filled = 0
    return done
  }
  try {
    for (let isLast = false; !isLast;) {
      await bits.fill(HEADER_BYTES)
      isLast = bits.read(1) === 1
      const kind = bits.read(2)
      if (kind === 3) throw new Error('a block of no known kind')
      if (kind === 0) {
        bits.align()
        const length = bits.read(16)
        if (bits.read(16) !== (length ^ 0xffff)) throw new Error('a stored block contradicts its length')
        for (let left = length; left > 0; left -= 1) {
          if (bits.isLow(SYMBOL_BYTES)) await bits.fill(HEADER_BYTES)
          put(bits.read(8))
          if (filled === OUTPUT) yield take()
        }
        continue
      }
      fixed ??= { literals: codesOf(FIXED_LENGTHS), distances: codesOf(new Array<number>(32).fill(5)) }
      const { literals, distances } = kind === 1 ? fixed : readCodes(bits)
      for (;;) {
        if (bits.isLow(SYMBOL_BYTES)) await bits.fill(HEADER_BYTES)
        const symbol = bits.symbol(literals)
        if (symbol === 256) break
        if (symbol < 256) {
          put(symbol)
          if (filled === OUTPUT) yield take()
          continue
        }
        const base = LENGTH_BASE[symbol - 257]
        if (base === undefined) throw new Error('a length of no known code')
        let length = base + bits.read(LENGTH_EXTRA[symbol - 257] ?? 0)
        const code = bits.symbol(distances)
        const distance = (DISTANCE_BASE[code] ?? 0) + bits.read(DISTANCE_EXTRA[code] ?? 0)
        if (distance > made) throw new Error('a match before the beginning')
        for (; length > 0; length -= 1) {
          put(window[(made - distance) & (WINDOW - 1)] ?? 0)
          if (filled === OUTPUT) yield take()
        }
      }
    }
    if (filled > 0) yield take()
  } catch (thrown) {
    if (filled > 0) yield take()
    throw thrown
  } finally {
    await packed.close()
  }
}

function readCodes(bits: Bits): { readonly literals: Codes; readonly distances: Codes } {
  const literalCount = bits.read(5) + 257
  const distanceCount = bits.read(5) + 1
  const count = bits.read(4) + 4
  const order = new Array<number>(19).fill(0)
  for (const place of CODE_ORDER.slice(0, count)) order[place] = bits.read(3)
  const codes = codesOf(order)
  const lengths: number[] = []
  while (lengths.length < literalCount + distanceCount) {
    const symbol = bits.symbol(codes)
    if (symbol < 16) {
      lengths.push(symbol)
      continue
    }
    const last = lengths.at(-1)
    if (symbol === 16 && last === undefined) throw new Error('nothing to repeat')
    const times = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7)
    for (let left = times; left > 0; left -= 1) lengths.push(symbol === 16 ? (last ?? 0) : 0)
  }
  if (lengths.length > literalCount + distanceCount) throw new Error('more codes than were said')
  return {
    literals: codesOf(lengths.slice(0, literalCount)),
    distances: codesOf(lengths.slice(literalCount)),
  }
}

/** The bits of a stream, lowest first. */
class Bits {
  readonly #reader: ByteReader
  #buffer = new Uint8Array(0)
  #at = 0
  #isOver = false
  #hold = 0
  #count = 0
  constructor(reader: ByteReader) {
    this.#reader = reader
  }
  /** True when fewer bytes are at hand and more may come. */
  isLow(bytes: number): boolean {
    return !this.#isOver && this.#buffer.length - this.#at < bytes
  }
  /** Brings so many bytes to hand, fewer at the end of the stream. */
  async fill(bytes: number): Promise<void> {
    while (this.isLow(bytes)) {
      const piece = await this.#reader.some(WINDOW)
      if (piece === undefined) this.#isOver = true
      else {
        this.#buffer = Buffer.concat([this.#buffer.subarray(this.#at), piece])
        this.#at = 0
      }
    }
  }
  /** @param count at most 16 */
  read(count: number): number {
    while (this.#count < count) this.#add()
    const value = this.#hold & ((1 << count) - 1)
    this.#drop(count)
    return value
  }
  symbol(codes: Codes): number {
    while (this.#count < LONGEST_CODE && this.#at < this.#buffer.length) this.#add()
    const entry = codes[this.#hold & ((1 << LONGEST_CODE) - 1)] ?? 0
    const length = entry & 15
    if (length === 0) throw new Error('bits that are no code')
    if (length > this.#count) throw new Error(TOO_EARLY)
    this.#drop(length)
    return entry >> 4
  }
  /** Goes on to the next whole byte. */
  align(): void {
    this.#drop(this.#count % 8)
  }
  #add(): void {
    const byte = this.#buffer[this.#at]
    if (byte === undefined) throw new Error(TOO_EARLY)
    this.#at += 1
    this.#hold |= byte << this.#count
    this.#count += 8
  }
  #drop(count: number): void {
    this.#hold >>>= count
    this.#count -= count
  }
}
const TOO_EARLY = 'unexpected end of file'
