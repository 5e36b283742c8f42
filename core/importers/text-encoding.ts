import { TextDecoder } from 'node:util'
import { type CodePage, decodeCodePage } from '../normalise/code-page.ts'

/** What a text file turns out to be written in, from its first bytes (formats.md section 0). */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** Byte order mark, else NUL bytes at odd (LE) or even (BE) places of the sample, else UTF-8. */
export function sniffEncoding(sample: Uint8Array): Encoding {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  const count = Math.min(sample.length, 4096)
  const zeros = [0, 0]
  for (let i = 0; i < count; i++) if (sample[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1
  const few = (count / 2) * 0.3
  if ((zeros[1] ?? 0) > few) return 'utf-16le'
  return (zeros[0] ?? 0) > few ? 'utf-16be' : 'utf-8'
}

/** Fewer bytes do not tell an encoding. */
const TELLING_BYTES = 4

/** The stream as UTF-8 without byte order mark, so that everything after it can split at line feed bytes. */
export async function* toUtf8(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined
  /** What came so far, until it tells the encoding. */
  let first: Buffer | undefined = Buffer.alloc(0)
  const begin = (bytes: Buffer): Buffer => {
    const encoding = sniffEncoding(bytes)
    if (encoding !== 'utf-8') decoder = new TextDecoder(encoding)
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  }
  const read = (bytes: Buffer): Buffer =>
    decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8')
  for await (const bytes of stream) {
    let piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (first !== undefined) {
      // Copied only where a first chunk is too short: the stream may use its buffer again.
      if (first.length > 0 || piece.length < TELLING_BYTES) piece = Buffer.concat([first, piece])
      first = piece
      if (piece.length < TELLING_BYTES) continue
      first = undefined
      piece = begin(piece)
    }
    const text = read(piece)
    if (text.length > 0) yield text
  }
  if (first !== undefined && first.length > 0) {
    const text = read(begin(first))
    if (text.length > 0) yield text
  }
  const rest = decoder?.decode() ?? ''
  if (rest !== '') yield Buffer.from(rest, 'utf8')
}

const latin = new TextDecoder('windows-1252')

/** Bytes as UTF-8 without byte order mark, undefined when they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** UTF-8 when the bytes are, else windows-1252: of values that may be no text at all. */
export const decodeLoose = (bytes: Uint8Array): string => decodeUtf8(bytes) ?? latin.decode(bytes)

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What bytes that are no UTF-8 become; in a text without any character above U+00FF the search costs nothing. */
const REPLACEMENT = '\ufffd'

/** Text of the lines of one file: UTF-8, or a code page with `isGuessed` where a line is not valid UTF-8. */
export class LineDecoder {
  /** Proven by an earlier line: what a line alone does not prove is read like it. */
  #page: CodePage | undefined

  decode(bytes: Buffer): { readonly text: string; readonly isGuessed: boolean } {
    const text = bytes.toString('utf8')
    if (!text.includes(REPLACEMENT)) return { text, isGuessed: false }
    try {
      return { text: strict.decode(bytes), isGuessed: false }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const guessed = decodeCodePage(bytes, this.#page)
      if (guessed.page !== 'windows-1252') this.#page = guessed.page
      return { text: guessed.text, isGuessed: true }
    }
  }
}
