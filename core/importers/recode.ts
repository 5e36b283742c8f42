import { TextDecoder } from 'node:util'
import iconv from 'iconv-lite'
import type { PartSource } from './importer.ts'

/** The file is looked at in pieces of this size until one tells what it is written in. */
const WINDOW = 64 * 1024
const ESCAPE = 0x1b
/** Bytes of the longest character in UTF-8: fewer at the end of a window prove nothing about it. */
const LONGEST = 4

interface Decoder {
  /** Text of the next bytes; a character cut at their end waits for the following ones. */
  readonly write: (bytes: Uint8Array) => string
  readonly end: () => string
}

function decoderOf(label: string): Decoder | undefined {
  try {
    const decoder = new TextDecoder(label)
    return {
      write: (bytes) => decoder.decode(bytes, { stream: true }),
      end: () => decoder.decode(),
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  if (!iconv.encodingExists(label)) return undefined
  const decoder = iconv.getDecoder(label)
  return {
    write: (bytes) => decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    end: () => decoder.end() ?? '',
  }
}

const isWide = (label: string): boolean => /^(?:utf-?16|unicode|ucs-?2)/i.test(label)

/**
 * Whether a piece of a file is to be read in the encoding the analyst named. A byte order mark and text that is valid UTF-8
 * prove something else; plain ASCII proves nothing (undefined), and zero bytes are no text of a code page.
 */
function judge(window: Uint8Array, label: string, isFirst: boolean): boolean | undefined {
  const [a, b, c] = window
  if (isFirst) {
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return false
    if (a === 0xef && b === 0xbb && c === 0xbf) return false
    if (isWide(label)) return true
  }
  let isAscii = true
  for (const byte of window) {
    if (byte === 0) return false
    if (byte >= 0x80 || byte === ESCAPE) isAscii = false
  }
  if (isAscii) return undefined
  if (window.includes(ESCAPE) && /^(?:csiso|iso-?)2022/i.test(label)) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(window, { stream: true })
    return false
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return true
  }
}

/** Where a window ends: before a first character that is no ASCII and may be cut at the window's end. */
function endOfAscii(window: Uint8Array): number {
  const tail = window.length - LONGEST
  const first = window.findIndex((byte) => byte >= 0x80 || byte === ESCAPE || byte === 0)
  return first >= tail ? first : window.length
}

/** The head of a file as UTF-8, if it is written in this encoding; else as it is. */
export function recodeHead(head: Uint8Array, label: string | null | undefined): Uint8Array {
  if (label == null || judge(head, label, true) !== true) return head
  return Buffer.from(decoderOf(label)?.write(head) ?? '', 'utf8')
}

/** A part whose text, if it is neither UTF-8 nor UTF-16, is read in the encoding the analyst named. */
export function recodePart(part: PartSource, label: string | null | undefined): PartSource {
  if (label == null) return part
  return { name: part.name, size: part.size, open: () => recode(part.open(), label), beside: part.beside }
}

async function* recode(stream: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<Uint8Array> {
  const decoder = decoderOf(label)
  let verdict: boolean | undefined
  let isFirst = true
  let waiting: Uint8Array[] = []
  let size = 0
  const pass = (bytes: Uint8Array): Uint8Array =>
    verdict === true && decoder ? Buffer.from(decoder.write(bytes), 'utf8') : bytes
  for await (const chunk of stream) {
    let rest = chunk
    // Windows begin at fixed places, however the bytes arrive: the same file is always judged alike.
    while (verdict === undefined && rest.length > 0) {
      const taken = rest.subarray(0, WINDOW - size)
      waiting.push(Uint8Array.from(taken))
      size += taken.length
      rest = rest.subarray(taken.length)
      if (size < WINDOW) continue
      const whole = Buffer.concat(waiting)
      const window = whole.subarray(0, endOfAscii(whole))
      verdict = judge(window, label, isFirst)
      isFirst = false
      const held = whole.subarray(window.length)
      yield pass(window)
      if (verdict !== undefined) {
        if (held.length > 0) yield pass(held)
        break
      }
      waiting = [held]
      size = held.length
    }
    if (rest.length > 0) yield pass(rest)
  }
  if (size > 0) {
    const window = Buffer.concat(waiting)
    verdict = judge(window, label, isFirst)
    yield pass(window)
  }
  const last = verdict === true ? (decoder?.end() ?? '') : ''
  if (last !== '') yield Buffer.from(last, 'utf8')
}
