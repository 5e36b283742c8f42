import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../json/json-bytes.ts'
import { toUtf8 } from '../text-encoding.ts'
import { MAX_RECORD_BYTES } from '../json/slices.ts'

/** A piece of an answer of Log Analytics: `{"tables":[{"name","columns":[..],"rows":[[..],..]}]}`. `end` is exclusive. */
export type TablePiece =
  | { readonly kind: 'columns'; readonly text: string; readonly table: string }
  | { readonly kind: 'row'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'broken'
      readonly what: 'truncated' | 'too_long'
      readonly text: string
      readonly start: number
      readonly end: number
    }

/** Nothing of such an answer nests deeper; a file of brackets must not grow the stack without end. */
const MAX_DEPTH = 1_000
/** Names and table names; longer texts are values of no interest here. */
const MAX_NAME = 512

/** Cuts the rows of all tables out of the answer while it streams. */
export async function* splitTables(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TablePiece[]> {
  const splitter = new TableSplitter()
  for await (const chunk of toUtf8(chunks)) {
    const pieces = splitter.feed(chunk)
    if (pieces.length > 0) yield pieces
  }
  const rest = splitter.finish()
  if (rest.length > 0) yield rest
}

interface Frame {
  readonly open: number
  readonly key: string
}
interface Capture {
  readonly kind: 'columns' | 'row'
  readonly depth: number
  readonly start: number
  readonly pieces: Buffer[]
  size: number
}

class TableSplitter {
  #frames: Frame[] = []
  #inString = false
  #escaped = false
  #string = ''
  #key = ''
  #isValue = false
  #isLoose = false
  #table = ''
  #capture: Capture | undefined
  #offset = 0
  #found: TablePiece[] = []

  feed(chunk: Buffer): TablePiece[] {
    this.#found = []
    let from = this.#capture === undefined ? -1 : 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#endString()
        else if (this.#capture === undefined && this.#string.length < MAX_NAME)
          this.#string += String.fromCharCode(byte)
        continue
      }
      if (byte > 0x20 && byte !== COMMA && this.#capture === undefined && this.#isAmongRows())
        this.#loose(byte, at)
      if (byte === QUOTE) {
        this.#inString = true
        this.#string = ''
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
        if (this.#capture === undefined && this.#begin(at, byte)) from = at
        if (this.#frames.length < MAX_DEPTH) this.#frames.push({ open: byte, key: this.#key })
        this.#key = ''
        this.#isValue = false
      } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        this.#frames.pop()
        this.#key = ''
        if (this.#capture !== undefined && this.#frames.length <= this.#capture.depth) {
          this.#keep(chunk.subarray(Math.max(0, from), at + 1))
          this.#end(this.#offset + at + 1)
          from = -1
        }
      } else if (byte === COLON) {
        this.#key = this.#string.toLowerCase()
        this.#isValue = true
      } else if (byte === COMMA) {
        this.#isValue = false
        this.#isLoose = false
        if (this.#frames.at(-1)?.open === OPEN_BRACE) this.#key = ''
      }
    }
    if (this.#capture !== undefined) this.#keep(chunk.subarray(Math.max(0, from)))
    this.#offset += chunk.length
    return this.#found
  }

  finish(): TablePiece[] {
    this.#found = []
    const capture = this.#capture
    if (capture !== undefined || this.#frames.length > 0)
      this.#found.push({
        kind: 'broken',
        what: 'truncated',
        text: capture === undefined ? '' : Buffer.concat(capture.pieces).toString('utf8'),
        start: capture?.start ?? this.#offset,
        end: this.#offset,
      })
    return this.#found
  }

  #isAmongRows(): boolean {
    const parent = this.#frames.at(-1)
    return parent?.open === OPEN_BRACKET && parent.key === 'rows'
  }

  /** A number or text where a row should be: told once, up to the next comma. */
  #loose(byte: number, at: number): void {
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE || byte === CLOSE_BRACKET || byte === CLOSE_BRACE) return
    if (!this.#isLoose)
      this.#found.push({
        kind: 'row',
        text: String.fromCharCode(byte),
        start: this.#offset + at,
        end: this.#offset + at + 1,
      })
    this.#isLoose = true
  }

  #endString(): void {
    this.#inString = false
    if (this.#isValue && (this.#key === 'name' || this.#key === 'tablename') && this.#frames.length <= 3)
      this.#table = this.#string
  }

  /** An array that opens here is the columns of a table, or one of its rows. */
  #begin(at: number, byte: number): boolean {
    const isRow = this.#isAmongRows()
    const isColumns =
      byte === OPEN_BRACKET && this.#frames.at(-1)?.open === OPEN_BRACE && this.#key === 'columns'
    if (!isRow && !isColumns) return false
    this.#capture = {
      kind: isRow ? 'row' : 'columns',
      depth: this.#frames.length,
      start: this.#offset + at,
      pieces: [],
      size: 0,
    }
    return true
  }

  #keep(bytes: Buffer): void {
    const capture = this.#capture
    if (capture === undefined) return
    if (capture.size <= MAX_RECORD_BYTES) capture.pieces.push(Buffer.from(bytes))
    capture.size += bytes.length
  }

  #end(end: number): void {
    const capture = this.#capture
    this.#capture = undefined
    if (capture === undefined) return
    const text = Buffer.concat(capture.pieces).toString('utf8')
    const { start } = capture
    if (capture.size > MAX_RECORD_BYTES)
      this.#found.push({ kind: 'broken', what: 'too_long', text, start, end })
    else if (capture.kind === 'columns') this.#found.push({ kind: 'columns', text, table: this.#table })
    else this.#found.push({ kind: 'row', text, start, end })
  }
}
