/**
 * Cuts large JSON into its records while it streams, without ever holding the whole text: the elements of named arrays of
 * the top-level objects (`{"value":[...]}`), or whole top-level objects when they have no such array. Several documents may
 * follow each other (pages, JSON lines) and may stand in one outer array.
 */

import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json/json-bytes.ts'
import { toUtf8 } from './text-encoding.ts'

/** One record; a crafted file can be one endless object. */
export const MAX_ELEMENT_BYTES = 64 << 20
/** Members beside the array (`meta`, links) kept of one document. */
const MAX_REST_BYTES = 1 << 20
/** JSON.parse recurses: deeper text could exhaust its stack. */
export const MAX_JSON_DEPTH = 500
const MAX_EXCERPT = 200

export type JsonUnit =
  /** An element of a wanted array, or a whole document without one (`array` empty). `end` is exclusive. */
  | {
      readonly kind: 'element'
      readonly array: string
      readonly start: number
      readonly end: number
      readonly text: string
    }
  /** End of a document that had a wanted array: its text with the arrays emptied. */
  | { readonly kind: 'rest'; readonly text: string }
  /** Bytes that are no JSON; reading goes on at the next line that begins a document. */
  | {
      readonly kind: 'broken'
      readonly what: 'syntax' | 'truncated' | 'too_large'
      readonly start: number
      readonly end: number
      readonly excerpt: string
      readonly isRecord: boolean
    }

const LF = 0x0a

const isSpace = (byte: number): boolean => byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09

/** Bytes of one record, gathered over chunks up to a limit. */
class Capture {
  #pieces: Buffer[] = []
  size = 0
  readonly limit: number
  constructor(limit: number) {
    this.limit = limit
  }
  add(bytes: Buffer): void {
    if (this.size < this.limit) this.#pieces.push(Buffer.from(bytes.subarray(0, this.limit - this.size)))
    this.size += bytes.length
  }
  get isTooLarge(): boolean {
    return this.size > this.limit
  }
  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8')
  }
}

/** @param arrays names of the top-level members whose elements are the records */
export async function* splitJson(
  chunks: AsyncIterable<Uint8Array>,
  arrays: ReadonlySet<string>,
): AsyncGenerator<JsonUnit> {
  const splitter = new JsonSplitter(arrays)
  for await (const chunk of toUtf8(chunks)) yield* splitter.feed(chunk)
  yield* splitter.finish()
}

class JsonSplitter {
  readonly #arrays: ReadonlySet<string>
  /** Open brackets, as bytes. */
  #stack: number[] = []
  /** 1 inside an outer array of documents. */
  #base = 0
  #inString = false
  #escaped = false
  #skipping = false
  #atLineStart = false
  #lastByte = LF
  /** A value has just ended: another one may not begin without a comma. */
  #afterValue = false
  /** File offset of the current chunk. */
  #offset = 0
  /** Where the capture in the current chunk begins. */
  #from = 0
  #document: Capture | undefined
  #documentStart = 0
  #element: Capture | undefined
  #elementStart = 0
  #isScalarElement = false
  #hadArray = false
  #key: Capture | undefined
  #keyFrom = 0
  #lastKey = ''
  #expectsKey = false
  #openArray = ''

  constructor(arrays: ReadonlySet<string>) {
    this.#arrays = arrays
  }

  *feed(chunk: Buffer): Generator<JsonUnit> {
    this.#from = this.#openArray !== '' && this.#element === undefined ? -1 : 0
    this.#keyFrom = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#endString(chunk, at)
        else if (byte === LF) yield* this.#break(chunk, at, 'syntax')
        continue
      }
      if (this.#skipping) {
        if (this.#atLineStart && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) this.#skipping = false
        else {
          this.#atLineStart = byte === LF
          continue
        }
      }
      if (isSpace(byte) && !this.#isScalarElement) {
        this.#lastByte = byte
        continue
      }
      yield* this.#structure(chunk, at, byte)
      // what broke the document may be the beginning of the next one
      if (this.#skipping && this.#lastByte === LF && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) {
        this.#skipping = false
        yield* this.#structure(chunk, at, byte)
      }
      this.#lastByte = byte
    }
    this.#keep(chunk, chunk.length)
    if (this.#key !== undefined) this.#key.add(chunk.subarray(this.#keyFrom))
    this.#offset += chunk.length
  }

  /** What is left open at the end of the file is a record that was cut. */
  *finish(): Generator<JsonUnit> {
    if (this.#isScalarElement) yield* this.#endElement(Buffer.alloc(0), 0)
    if (this.#document === undefined) return
    const capture = this.#element ?? this.#document
    const isRecord = this.#element !== undefined || !this.#hadArray
    const start = this.#element === undefined ? this.#documentStart : this.#elementStart
    yield {
      kind: 'broken',
      what: 'truncated',
      start,
      end: this.#offset,
      excerpt: capture.text().slice(0, MAX_EXCERPT),
      isRecord,
    }
  }

  *#structure(chunk: Buffer, at: number, byte: number): Generator<JsonUnit> {
    const depth = this.#stack.length
    const isInArray = this.#openArray !== '' && depth === this.#base + 2
    if (this.#document === undefined) {
      if (byte === OPEN_BRACE) this.#startDocument(at)
      else if (byte === OPEN_BRACKET && depth === 0) {
        this.#stack.push(byte)
        this.#base = 1
      } else if (byte === CLOSE_BRACKET && depth === 1) {
        this.#stack.pop()
        this.#base = 0
      } else if (byte !== COMMA) yield* this.#break(chunk, at, 'syntax')
      return
    }
    if (
      this.#isScalarElement &&
      (byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || isSpace(byte))
    ) {
      yield* this.#endElement(chunk, at)
      if (isSpace(byte)) return
    }
    if (isInArray && this.#element === undefined && byte !== COMMA && byte !== CLOSE_BRACKET)
      this.#startElement(chunk, at, byte)
    if (this.#afterValue && (byte === QUOTE || byte === OPEN_BRACE || byte === OPEN_BRACKET)) {
      yield* this.#break(chunk, at, 'syntax')
      return
    }
    this.#afterValue = byte !== COMMA && byte !== COLON && byte !== OPEN_BRACE && byte !== OPEN_BRACKET
    if (byte === QUOTE) {
      this.#inString = true
      if (this.#expectsKey && depth === this.#base + 1) {
        this.#key = new Capture(256)
        this.#keyFrom = at
      }
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#stack.push(byte)
      if (depth >= MAX_JSON_DEPTH) yield* this.#break(chunk, at, 'syntax')
      else if (byte === OPEN_BRACKET && depth === this.#base + 1 && this.#arrays.has(this.#lastKey)) {
        this.#openArray = this.#lastKey
        this.#hadArray = true
        this.#keep(chunk, at + 1)
        this.#from = -1
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (this.#stack.pop() !== (byte === CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET))
        yield* this.#break(chunk, at, 'syntax')
      else if (this.#element !== undefined && depth === this.#base + 3) yield* this.#endElement(chunk, at + 1)
      else if (isInArray) {
        this.#openArray = ''
        this.#from = at
      } else if (depth === this.#base + 1) yield* this.#endDocument(chunk, at + 1)
    } else if (depth === this.#base + 1) {
      if (byte === COMMA) this.#expectsKey = true
      else if (byte === COLON) this.#expectsKey = false
    }
  }

  #startDocument(at: number): void {
    this.#afterValue = false
    this.#document = new Capture(MAX_ELEMENT_BYTES)
    this.#documentStart = this.#offset + at
    this.#hadArray = false
    this.#expectsKey = true
    this.#lastKey = ''
    this.#from = at
    this.#stack.push(OPEN_BRACE)
  }

  #startElement(chunk: Buffer, at: number, byte: number): void {
    this.#keep(chunk, at)
    this.#element = new Capture(MAX_ELEMENT_BYTES)
    this.#elementStart = this.#offset + at
    this.#from = at
    this.#isScalarElement = byte !== OPEN_BRACE && byte !== OPEN_BRACKET
  }

  #endString(chunk: Buffer, at: number): void {
    this.#inString = false
    if (this.#key === undefined) return
    this.#key.add(chunk.subarray(this.#keyFrom, at))
    this.#lastKey = this.#key.text().slice(1)
    this.#key = undefined
    this.#expectsKey = false
  }

  /** Moves the bytes up to `to` into what is being captured. `#from` -1 means: nothing is. */
  #keep(chunk: Buffer, to: number): void {
    if (this.#document === undefined || this.#from === -1) return
    const capture = this.#element ?? this.#document
    const isRest = this.#element === undefined && this.#hadArray
    if (!isRest || capture.size < MAX_REST_BYTES) capture.add(chunk.subarray(this.#from, to))
    this.#from = to
  }

  *#endElement(chunk: Buffer, to: number): Generator<JsonUnit> {
    this.#keep(chunk, to)
    const element = this.#element
    this.#element = undefined
    this.#isScalarElement = false
    this.#from = -1
    if (element !== undefined)
      yield this.#unit(element, this.#openArray, this.#elementStart, this.#offset + to)
  }

  *#endDocument(chunk: Buffer, to: number): Generator<JsonUnit> {
    this.#keep(chunk, to)
    const document = this.#document
    this.#document = undefined
    if (document === undefined) return
    if (this.#hadArray) yield { kind: 'rest', text: document.text() }
    else yield this.#unit(document, '', this.#documentStart, this.#offset + to)
  }

  #unit(capture: Capture, array: string, start: number, end: number): JsonUnit {
    const text = capture.text()
    if (!capture.isTooLarge) return { kind: 'element', array, start, end, text }
    return {
      kind: 'broken',
      what: 'too_large',
      start,
      end,
      excerpt: text.slice(0, MAX_EXCERPT),
      isRecord: true,
    }
  }

  *#break(chunk: Buffer, at: number, what: 'syntax'): Generator<JsonUnit> {
    this.#keep(chunk, at)
    const capture = this.#element ?? this.#document
    const start =
      this.#element !== undefined
        ? this.#elementStart
        : capture !== undefined
          ? this.#documentStart
          : this.#offset + at
    const excerpt = capture?.text() ?? chunk.toString('utf8', at, at + MAX_EXCERPT)
    const isRecord = this.#element !== undefined || (capture !== undefined && !this.#hadArray)
    this.#stack = this.#base === 1 && capture !== undefined ? [OPEN_BRACKET] : []
    this.#base = this.#stack.length
    this.#document = this.#element = this.#key = undefined
    this.#isScalarElement = this.#inString = this.#escaped = false
    this.#openArray = ''
    this.#skipping = true
    this.#atLineStart = chunk[at] === LF
    yield {
      kind: 'broken',
      what,
      start,
      end: this.#offset + at,
      excerpt: excerpt.slice(0, MAX_EXCERPT),
      isRecord,
    }
  }
}

/** A value, or undefined for text that is no JSON (`undefined` is never a JSON value). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
