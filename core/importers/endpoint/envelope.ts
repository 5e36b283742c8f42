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
import type { ParsedUnit } from '../importer.ts'
import type { Share } from '../share.ts'
import { firstObjects, type JsonMeaning, readJsonRecords } from '../json/json-records.ts'
import type { JsonObject } from '../json/parse-object.ts'
import { peek } from '../json/peek.ts'
import { toUtf8 } from '../text-encoding.ts'

/** An object kept back until it shows an array of records; a wrapper's own members (counts, links) are far smaller. */
const MAX_WRAPPER_BYTES = 4 * 1024 * 1024

/**
 * Where the records of a response stand: dotted names of arrays inside the top-level objects, e.g. `items`, `data.logs`.
 * @property isRecord whether an object is a record of the format by itself; such a file is no response
 */
export interface Envelope {
  readonly arrays: ReadonlySet<string>
  isRecord(object: JsonObject): boolean
}

/**
 * Reads JSON records one per line, in an array, printed over several lines, or inside the arrays of API responses, also
 * several responses one after the other. Locators inside responses are `record N` over all of them.
 */
export async function* readEnvelopedRecords(
  stream: AsyncIterable<Uint8Array>,
  prefix: string,
  envelope: Envelope,
  mean: (object: JsonObject) => JsonMeaning,
  share?: Share,
): AsyncGenerator<ParsedUnit[]> {
  const { sample, rest } = await peek(toUtf8(stream))
  const content = isWrapped(sample.toString('utf8'), envelope) ? unwrap(rest, envelope.arrays) : rest
  yield* readJsonRecords(content, prefix, mean, share)
}

/** The first records of a sample for detection, taken out of their response. At most `count`, complete ones only. */
export function firstRecords(sample: string, envelope: Envelope, count: number): JsonObject[] {
  if (!/^\s*[[{]/.test(sample)) return []
  if (!isWrapped(sample, envelope)) return firstObjects(sample, count)
  return firstObjects(
    new ResponseUnwrapper(envelope.arrays).feed(Buffer.from(sample)).toString('utf8'),
    count,
  )
}

function isWrapped(sample: string, envelope: Envelope): boolean {
  if (!/^\s*[[{]/.test(sample)) return false
  const [first] = firstObjects(sample, 1)
  if (first !== undefined && envelope.isRecord(first)) return false
  const unwrapper = new ResponseUnwrapper(envelope.arrays)
  unwrapper.feed(Buffer.from(sample))
  return unwrapper.hasFoundRecords
}

async function* unwrap(stream: AsyncIterable<Buffer>, arrays: ReadonlySet<string>): AsyncGenerator<Buffer> {
  const unwrapper = new ResponseUnwrapper(arrays)
  // An opening bracket says that what follows is not one record per line, whatever it looks like.
  yield Buffer.from('[')
  for await (const piece of stream) {
    const records = unwrapper.feed(piece)
    if (records.length > 0) yield records
  }
  const rest = unwrapper.end()
  if (rest.length > 0) yield rest
}

const LF = 0x0a
const NEWLINE = Buffer.from('\n')

/** An open bracket outside the records. `path` is null in members that hold no records. */
interface Level {
  readonly isObject: boolean
  readonly path: string | null
}

/**
 * Lets through the bytes between the brackets of the wanted arrays, and every top-level object that has none of them.
 * What is wrong inside a record is left to whoever reads the records.
 */
class ResponseUnwrapper {
  readonly #arrays: ReadonlySet<string>
  readonly #prefixes: ReadonlySet<string>
  readonly #levels: Level[] = []
  hasFoundRecords = false
  #inString = false
  #escaped = false
  /** Brackets open inside the wanted array; -1 outside of one. */
  #depth = -1
  #expectsKey = false
  #key: number[] = []
  #lastKey = ''
  /** Top-level object without records so far; null when its records were found or it grew beyond the limit. */
  #held: Buffer[] | null = null
  #heldBytes = 0
  #passesOn = false

  constructor(arrays: ReadonlySet<string>) {
    this.#arrays = arrays
    this.#prefixes = new Set(
      [...arrays].flatMap((path) => path.split('.').map((_, index, all) => all.slice(0, index).join('.'))),
    )
  }

  feed(piece: Buffer): Buffer {
    const out: Buffer[] = []
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE || byte === LF) this.#endString()
        else if (this.#expectsKey && this.#key.length < 64) this.#key.push(byte)
        continue
      }
      if (this.#depth >= 0) {
        if (byte === QUOTE) this.#inString = true
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1
        else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --this.#depth < 0) {
          out.push(Buffer.from(piece.subarray(from, at)), NEWLINE)
          from = at + 1
          this.#levels.pop()
        }
        continue
      }
      if (byte <= 0x20) continue
      const top = this.#levels.at(-1)
      if (byte === QUOTE) {
        this.#inString = true
        this.#key = []
      } else if (byte === COLON) this.#expectsKey = false
      else if (byte === COMMA) this.#expectsKey = top?.isObject === true && top.path !== null
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        const isTop = byte === OPEN_BRACE && !this.#levels.some((level) => level.isObject)
        if (isTop) {
          this.#held = []
          this.#heldBytes = 0
          this.#passesOn = false
          from = at
        }
        this.#open(byte === OPEN_BRACE, top, isTop)
        if (this.#depth >= 0) from = at + 1
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#levels.pop()
        this.#expectsKey = false
        if (byte !== CLOSE_BRACE || this.#levels.some((level) => level.isObject)) continue
        if (this.#held !== null) out.push(...this.#held, Buffer.from(piece.subarray(from, at + 1)), NEWLINE)
        else if (this.#passesOn) out.push(Buffer.from(piece.subarray(from, at + 1)), NEWLINE)
        this.#held = null
        this.#passesOn = false
        from = at + 1
      } else if (top === undefined) {
        // No JSON: whoever reads the records says so.
        out.push(Buffer.from(piece.subarray(at, at + 1)))
        from = at + 1
      }
    }
    if (this.#depth >= 0 || this.#passesOn) out.push(Buffer.from(piece.subarray(from)))
    else if (this.#held !== null) this.#hold(out, Buffer.from(piece.subarray(from)))
    return Buffer.concat(out)
  }

  /** What was kept back when the file ended: an object that was cut. */
  end(): Buffer {
    return this.#held === null ? Buffer.alloc(0) : Buffer.concat(this.#held)
  }

  #endString(): void {
    this.#inString = false
    if (this.#depth < 0 && this.#expectsKey) this.#lastKey = Buffer.from(this.#key).toString('utf8')
  }

  #open(isObject: boolean, top: Level | undefined, isTop: boolean): void {
    if (isTop || top === undefined || !this.#levels.some((level) => level.isObject)) {
      this.#levels.push({ isObject, path: isObject ? '' : null })
      this.#expectsKey = isObject
      return
    }
    const path =
      top.isObject && top.path !== null ? `${top.path === '' ? '' : `${top.path}.`}${this.#lastKey}` : null
    if (!isObject && path !== null && this.#arrays.has(path)) {
      this.hasFoundRecords = true
      this.#held = null
      this.#passesOn = false
      this.#depth = 0
    }
    const inner = isObject && path !== null && this.#prefixes.has(path) ? path : null
    this.#levels.push({ isObject, path: inner })
    this.#expectsKey = inner !== null
  }

  #hold(out: Buffer[], bytes: Buffer): void {
    if (this.#held === null) return
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    if (this.#heldBytes <= MAX_WRAPPER_BYTES) return
    out.push(...this.#held)
    this.#held = null
    this.#passesOn = true
  }
}
