/** Bytes of text exports as UTF-8 and as lines, whatever the tool wrote. */

import { LineDecoder } from './json/utf8.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const latin = new TextDecoder('windows-1252')

/** Bytes as UTF-8, undefined when they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** UTF-8 when the bytes are, else windows-1252: of values that may be no text at all. */
export function decodeLoose(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? latin.decode(bytes)
}

/** Takes off a byte order mark and turns UTF-16 (PowerShell redirection) into UTF-8. */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let first: Buffer | undefined = Buffer.alloc(0)
  let decoder: InstanceType<typeof TextDecoder> | undefined
  for await (const chunk of chunks) {
    let bytes: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (first !== undefined) {
      bytes = Buffer.concat([first, bytes])
      if (bytes.length < 4) {
        first = bytes
        continue
      }
      first = undefined
      const encoding = sniffUtf16(bytes)
      if (encoding !== undefined) decoder = new TextDecoder(encoding)
      else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8')
  }
  if (first !== undefined && first.length > 0) yield first
  if (decoder !== undefined) yield Buffer.from(decoder.decode(), 'utf8')
}

/** By byte order mark, or by the zero bytes of its first two characters. */
export function sniffUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = bytes
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0 && c !== 0 && d === 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && c === 0 && d !== 0)) return 'utf-16be'
  return undefined
}

/** One line of a file may be the whole file; beyond this it is cut. */
export const MAX_LINE_BYTES = 32 << 20

export interface TextLine {
  /** Without its line break. */
  readonly text: string
  /** Counted from 1. */
  readonly number: number
  /** The last line of a file that does not end with a line break. */
  readonly isUnfinished: boolean
}

const LF = 0x0a

/** Lines of a text export, in batches of one chunk; the last one also without a line break. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly TextLine[]> {
  const decoder = new LineDecoder()
  let pieces: Buffer[] = []
  let kept = 0
  let number = 0
  const keep = (piece: Buffer): void => {
    const part = piece.subarray(0, Math.max(0, MAX_LINE_BYTES - kept))
    if (part.length === 0) return
    pieces.push(part)
    kept += part.length
  }
  const finish = (isUnfinished: boolean): TextLine => {
    const bytes = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)
    pieces = []
    kept = 0
    const { text } = decoder.decode(bytes)
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, number: ++number, isUnfinished }
  }
  for await (const chunk of toUtf8(chunks)) {
    const lines: TextLine[] = []
    let from = 0
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      keep(chunk.subarray(from, at))
      lines.push(finish(false))
      from = at + 1
    }
    // copied: the stream may use its buffer again
    if (from < chunk.length) keep(Buffer.from(chunk.subarray(from)))
    if (lines.length > 0) yield lines
  }
  if (kept > 0) yield [finish(true)]
}
