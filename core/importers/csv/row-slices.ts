import { splitStrictly } from './split-line.ts'

/** One row as it stands in the file. */
export interface RowSlice {
  readonly bytes: Buffer
  /** Byte of the stream it begins at. */
  readonly at: number
  /** Line of the file it begins at, counted from 1. */
  readonly line: number
  /** `quote`: a quotation mark that nothing closes; the line is taken by itself. */
  readonly problem?: 'quote' | 'too_long'
}

const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BACKSLASH_QUOTE = '\\"'

const NO_END = -1
const OPEN_QUOTE = -2
/** No quotation mark in what is there. */
const NONE = Number.MAX_SAFE_INTEGER

/**
 * A row may be the whole file: an open quotation mark swallows everything behind it. Beyond this the row is taken line by
 * line, so that one broken cell costs one row.
 */
const MAX_ROW_BYTES = 8 << 20

/**
 * Cuts a stream of UTF-8 into rows: at line breaks that are not inside quotation marks. Only whether a quotation mark
 * opens matters here; the cells are split later. `delimiter` tells what may stand before one that opens.
 */
export class RowSlicer {
  readonly #delimiter: number
  #rest: Buffer = Buffer.alloc(0)
  #line = 1
  /** Byte of the stream at which the rest begins: behind the last row. */
  position = 0
  /** A quotation mark without an end was met: where rows end depends on how much of the file was in sight. */
  isOdd = false
  /** Next quotation mark at or behind the last place asked for. */
  #quote = -1
  /** Up to here rows are single lines: an open quotation mark was found to have no end. */
  #plain = 0
  /** Up to here `\"` is an escaped quotation mark: by the letter of RFC 4180 the rows made no sense. */
  #loose = 0

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  feed(piece: Buffer): RowSlice[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#rest, piece])
    return this.#cut(false)
  }

  end(): RowSlice[] {
    return this.#cut(true)
  }

  #cut(isEnd: boolean): RowSlice[] {
    const slices: RowSlice[] = []
    const bytes = this.#rest
    let start = 0
    this.#quote = -1
    while (start < bytes.length) {
      const isPlain = start < this.#plain
      const end = isPlain ? bytes.indexOf(LF, start) : this.#rowEnd(bytes, start)
      const isOpen = end < 0
      if (isOpen && !isEnd && bytes.length - start < MAX_ROW_BYTES) break
      if (isOpen && (end === OPEN_QUOTE || !isEnd)) this.isOdd = true
      if (end === OPEN_QUOTE && start >= this.#loose) {
        this.#loose = bytes.length
        this.#quote = -1
        continue
      }
      if (end === OPEN_QUOTE) {
        // Nothing closes it: this stretch is read line by line, each byte at most twice.
        this.#plain = bytes.length
        const line = bytes.indexOf(LF, start)
        const stop = line === -1 ? bytes.length : line
        slices.push(this.#slice(bytes, start, stop, 'quote'))
        start = Math.min(bytes.length, stop + 1)
        this.#line += 1
        continue
      }
      const stop = isOpen ? bytes.length : end
      slices.push(this.#slice(bytes, start, stop, isOpen && !isEnd ? 'too_long' : undefined))
      this.#line += isPlain ? 1 : countLines(bytes, start, stop) + 1
      start = Math.min(bytes.length, stop + 1)
    }
    this.#rest = bytes.subarray(start)
    this.position += start
    this.#plain = Math.max(0, this.#plain - start)
    this.#loose = Math.max(0, this.#loose - start)
    return slices
  }

  #slice(bytes: Buffer, start: number, stop: number, problem?: 'quote' | 'too_long'): RowSlice {
    const end = stop > start && bytes[stop - 1] === CR ? stop - 1 : stop
    const row = { bytes: bytes.subarray(start, end), at: this.position + start, line: this.#line }
    return problem === undefined ? row : { ...row, problem }
  }

  /**
   * Place of the line feed that ends the row which begins at `start`; NO_END or OPEN_QUOTE when it is not there yet. By the
   * letter of RFC 4180 first; only a row over several lines that makes no sense so is read as of a tool that writes `\"`.
   */
  #rowEnd(bytes: Buffer, start: number): number {
    if (start < this.#loose) return this.#endFrom(bytes, start, true)
    const end = this.#endFrom(bytes, start, false)
    const lineEnd = bytes.indexOf(LF, start)
    if (end === lineEnd || end < 0) return end
    const escaped = bytes.indexOf(BACKSLASH_QUOTE, start)
    if (escaped === -1 || escaped > lineEnd) return end
    const text = bytes.toString('utf8', start, end).replace(/\r$/, '')
    if (splitStrictly(text, String.fromCharCode(this.#delimiter)) !== undefined) return end
    return this.#looseEnd(bytes, start, end)
  }

  /** Where the row ends when `\"` is an escaped quotation mark; what was scanned in vain is not scanned strictly again. */
  #looseEnd(bytes: Buffer, start: number, scanned: number): number {
    this.#loose = scanned
    this.#quote = -1
    return this.#endFrom(bytes, start, true)
  }

  #endFrom(bytes: Buffer, start: number, isLoose: boolean): number {
    let at = start
    for (;;) {
      const feed = bytes.indexOf(LF, at)
      const quote = this.#nextQuote(bytes, at)
      if (quote === NONE || (feed !== -1 && feed < quote)) return feed === -1 ? NO_END : feed
      if (quote > start && bytes[quote - 1] !== this.#delimiter) {
        at = quote + 1
        continue
      }
      const closed = this.#closing(bytes, quote + 1, isLoose)
      if (closed === -1) return OPEN_QUOTE
      at = closed + 1
    }
  }

  /** Next quotation mark; looked for once per stretch without any, not once per row. */
  #nextQuote(bytes: Buffer, from: number): number {
    if (this.#quote < from) {
      const found = bytes.indexOf(QUOTE, from)
      this.#quote = found === -1 ? NONE : found
    }
    return this.#quote
  }

  /** Where a quoted cell ends; loosely as `closingQuote` of split-line.ts has it. */
  #closing(bytes: Buffer, from: number, isLoose: boolean): number {
    for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at)) {
      let after = at + 1
      while (bytes[after] === QUOTE) after += 1
      const next = bytes[after]
      const mayClose = (after - at) % 2 === 1 || (isLoose && bytes[at - 1] === BACKSLASH)
      if (mayClose && (next === undefined || next === this.#delimiter || next === LF || next === CR))
        return after - 1
      at = after
    }
    return -1
  }
}

function countLines(bytes: Buffer, start: number, stop: number): number {
  let count = 0
  for (let at = bytes.indexOf(LF, start); at !== -1 && at < stop; at = bytes.indexOf(LF, at + 1)) count += 1
  return count
}
