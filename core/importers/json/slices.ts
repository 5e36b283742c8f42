import type { Share } from '../share.ts'

/**
 * A stretch of a JSON text that should be one value. `problem` says why it cannot be one although it was not parsed:
 * too long (the bytes are only its beginning), or cut off by the end of the file.
 */
export interface JsonSlice {
  readonly locator: string
  /** Byte of the stream its line or object begins at. */
  readonly at: number
  readonly bytes: Buffer
  readonly problem?: 'too_long' | 'truncated' | 'syntax'
}

/** One line without end is the oldest trick against line readers; the largest real event seen is below 1 MiB. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024
/** How much of an overlong record is kept for the excerpt. */
const KEPT_BYTES = 4_096

const LF = 10

/** Cuts a byte stream into slices, piece by piece. */
export interface Slicer {
  feed(piece: Buffer): JsonSlice[]
  end(): JsonSlice[]
  /** Byte of the stream behind the last slice. */
  readonly position: number
}

/** Non-empty lines, `line N` counted from 1; with a share, only its own. */
export class LineSlicer implements Slicer {
  readonly #share: Share | undefined
  #held: Buffer[] = []
  #heldBytes = 0
  #line = 1
  /** Where the line begins that is read now. */
  position = 0

  constructor(share?: Share) {
    this.#share = share
  }

  feed(piece: Buffer): JsonSlice[] {
    const slices: JsonSlice[] = []
    let from = 0
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, from)) {
      this.#add(slices, piece.subarray(from, at))
      from = at + 1
    }
    const rest = piece.subarray(from)
    if (rest.length > 0 && (this.#heldBytes <= MAX_RECORD_BYTES || this.#held.length === 0)) {
      this.#held.push(Buffer.from(rest))
    }
    this.#heldBytes += rest.length
    return slices
  }
  end(): JsonSlice[] {
    const slices: JsonSlice[] = []
    this.#add(slices, Buffer.alloc(0))
    return slices
  }

  #add(slices: JsonSlice[], tail: Buffer): void {
    if (this.#share?.owns(this.position) !== false) this.#cut(slices, tail)
    this.#line += 1
    this.position += this.#heldBytes + tail.length + 1
    if (this.#heldBytes === 0) return
    this.#held = []
    this.#heldBytes = 0
  }

  #cut(slices: JsonSlice[], tail: Buffer): void {
    const at = this.position
    const locator = `line ${this.#line}`
    if (this.#heldBytes + tail.length > MAX_RECORD_BYTES) {
      const start = Buffer.concat([...this.#held, tail]).subarray(0, KEPT_BYTES)
      slices.push({ locator, at, bytes: start, problem: 'too_long' })
      return
    }
    const bytes = this.#heldBytes === 0 ? tail : Buffer.concat([...this.#held, tail])
    if (!isBlankLine(bytes)) slices.push({ locator, at, bytes })
  }
}

function isBlankLine(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false
  return true
}

type State = 'between' | 'junk' | 'object' | 'string' | 'escape' | 'lost'
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d

/**
 * Objects out of anything that is not one per line: an array, pretty-printed objects one after the other, with or
 * without the `Record N` lines of evtx_dump. Objects are found by counting braces outside strings; `record N` counts
 * from 1. A line break inside a string ends a broken object, so that it does not swallow the rest of the file.
 */
export class ObjectSlicer implements Slicer {
  #state: State = 'between'
  #depth = 0
  #held: Buffer[] = []
  #heldBytes = 0
  #count = 0
  #slices: JsonSlice[] = []
  /** Bytes before the piece that is read now, and where the object or the text between objects begins. */
  #fed = 0
  #start = 0

  get position(): number {
    return this.#state === 'between' || this.#state === 'lost' ? this.#fed : this.#start
  }

  feed(piece: Buffer): JsonSlice[] {
    this.#slices = []
    let from = this.#state === 'between' || this.#state === 'lost' ? -1 : 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!
      switch (this.#state) {
        case 'string':
          if (byte === QUOTE) this.#state = 'object'
          else if (byte === BACKSLASH) this.#state = 'escape'
          else if (byte === LF) {
            this.#emit(piece.subarray(from, at), 'syntax')
            this.#state = 'lost'
          }
          break
        case 'escape':
          this.#state = 'string'
          break
        case 'object':
          if (byte === QUOTE) this.#state = 'string'
          else if (byte === OPEN) this.#depth += 1
          else if (byte === CLOSE && --this.#depth === 0) {
            this.#emit(piece.subarray(from, at + 1))
            this.#state = 'between'
          }
          break
        case 'junk':
          if (byte !== LF && byte !== OPEN && byte !== 0x2c && byte !== 0x5d) break
          this.#emitJunk(piece.subarray(from, at))
          this.#state = 'between'
          if (byte === OPEN) from = this.#begin(at)
          break
        case 'lost':
          // Looks for the next line that begins with an object.
          if (byte === OPEN && this.#depth === 0) from = this.#begin(at)
          else if (byte === LF) this.#depth = 0
          else if (byte > 0x20) this.#depth = 1
          break
        case 'between':
          if (byte === OPEN) from = this.#begin(at)
          else if (byte > 0x20 && byte !== 0x5b && byte !== 0x5d && byte !== 0x2c) {
            this.#state = 'junk'
            this.#start = this.#fed + at
            from = at
          }
      }
    }
    if (this.#state !== 'between' && this.#state !== 'lost') this.#hold(piece.subarray(from))
    this.#fed += piece.length
    return this.#slices
  }

  end(): JsonSlice[] {
    this.#slices = []
    if (this.#state === 'junk') this.#emitJunk(Buffer.alloc(0))
    else if (this.#heldBytes > 0) this.#emit(Buffer.alloc(0), 'truncated')
    return this.#slices
  }

  #begin(at: number): number {
    this.#state = 'object'
    this.#depth = 1
    this.#start = this.#fed + at
    return at
  }
  #hold(bytes: Buffer): void {
    if (this.#heldBytes <= MAX_RECORD_BYTES || this.#held.length === 0) this.#held.push(Buffer.from(bytes))
    this.#heldBytes += bytes.length
  }
  #take(tail: Buffer): Buffer {
    const bytes = this.#heldBytes === 0 ? tail : Buffer.concat([...this.#held, tail])
    this.#held = []
    this.#heldBytes = 0
    this.#depth = 0
    return bytes
  }
  #emit(tail: Buffer, problem?: 'truncated' | 'syntax'): void {
    this.#count += 1
    const isTooLong = this.#heldBytes + tail.length > MAX_RECORD_BYTES
    const bytes = this.#take(tail)
    const locator = `record ${this.#count}`
    const at = this.#start
    if (isTooLong)
      this.#slices.push({ locator, at, bytes: bytes.subarray(0, KEPT_BYTES), problem: 'too_long' })
    else this.#slices.push(problem === undefined ? { locator, at, bytes } : { locator, at, bytes, problem })
  }
  /** Text between objects: evtx_dump's `Record N` is expected, anything else is a record that is none. */
  #emitJunk(tail: Buffer): void {
    const isTooLong = this.#heldBytes + tail.length > MAX_RECORD_BYTES
    const bytes = this.#take(tail)
    if (/^Record \d+\s*$/.test(bytes.toString('latin1', 0, 40))) return
    this.#count += 1
    this.#slices.push({
      locator: `record ${this.#count}`,
      at: this.#start,
      bytes: bytes.subarray(0, KEPT_BYTES),
      problem: isTooLong ? 'too_long' : 'syntax',
    })
  }
}
