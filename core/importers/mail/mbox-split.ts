/**
 * Splits an mbox into messages while it streams. A separator is a line `From SENDER DATE` at the very start or after a blank
 * line, followed by something that looks like a header; so an unquoted "From " in a body rarely splits (formats.md, B6).
 */
import { MAX_MESSAGE_BYTES } from './message.ts'

export interface MboxMessage {
  /** First byte of the separator line. */
  readonly start: number
  /** First byte after the message. */
  readonly end: number
  readonly envelope: string
  /** Message without the separator line, `>From ` quoting taken off; cut at MAX_MESSAGE_BYTES. */
  readonly bytes: Uint8Array
  readonly isCut: boolean
}

/** Separator and the header line after it; longer ones are no separators. */
const MAX_SEPARATOR = 4_096

const MARK = Buffer.from('From ')
const LF = 0x0a
const CR = 0x0d

/** True for the rest of a `From ` line that ends in a date, e.g. `a@example.org Thu Aug 22 12:36:23 2002`. */
export function isSeparator(line: string): boolean {
  return (
    /^From \S.*\b\d{1,2}:\d{2}(?::\d{2})?\b.*\b(?:19|20)\d{2}\b/.test(line) && line.length < MAX_SEPARATOR
  )
}
const looksLikeHeader = (line: string): boolean => /^(?:[!-9;-~]{1,100}[ \t]*:|>From )/.test(line)

type Position = 'yes' | 'no' | 'unknown'

/** Is the `From ` at `at` a separator? `unknown` while the bytes that decide have not been read. */
function judge(buffer: Buffer, at: number, isFileStart: boolean, isEnd: boolean): Position {
  const isFirst = isFileStart && buffer.toString('latin1', 0, Math.min(at, 16)).trim() === '' && at < 16
  if (!isFirst && !isAfterBlankLine(buffer, at)) return 'no'
  const first = buffer.indexOf(LF, at)
  const second = first === -1 ? -1 : buffer.indexOf(LF, first + 1)
  if (second === -1 && !isEnd && buffer.length - at < MAX_SEPARATOR * 2) return 'unknown'
  const line = (from: number, to: number): string =>
    buffer
      .toString('latin1', from, Math.min(to === -1 ? buffer.length : to, from + MAX_SEPARATOR))
      .replace(/\r$/, '')
  if (!isSeparator(line(at, first))) return 'no'
  // a file cut right after a separator still holds that message's beginning
  if (first === -1 || first + 1 >= buffer.length) return 'yes'
  return looksLikeHeader(line(first + 1, second)) ? 'yes' : 'no'
}

function isAfterBlankLine(buffer: Buffer, at: number): boolean {
  if (buffer[at - 1] !== LF) return false
  return buffer[at - 2] === LF || (buffer[at - 2] === CR && buffer[at - 3] === LF)
}

/** @yields every message; bytes before the first separator come as a message with an empty envelope */
export async function* splitMbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<MboxMessage> {
  let buffer: Buffer = Buffer.alloc(0)
  /** Offset of buffer[0] in the file. */
  let offset = 0
  let open = newMessage(0)
  const flushTo = (position: number): void => {
    collect(open, buffer.subarray(0, position))
    buffer = buffer.subarray(position)
    offset += position
  }
  const scan = function* (isEnd: boolean): Generator<MboxMessage> {
    let from = 0
    for (;;) {
      const at = buffer.indexOf(MARK, from)
      if (at === -1) break
      const position = judge(buffer, at, offset === 0, isEnd)
      if (position === 'unknown') {
        // the bytes before stay as well: the blank line belongs to the decision
        flushTo(Math.max(0, at - 3))
        return
      }
      if (position === 'no') {
        from = at + MARK.length
        continue
      }
      flushTo(at)
      if (open.size > 0) yield close(open, offset)
      open = newMessage(offset)
      from = MARK.length
    }
    // keep enough for a mark or a blank line that the next chunk completes
    if (!isEnd && buffer.length > MARK.length + 3) flushTo(buffer.length - MARK.length - 3)
  }
  for await (const chunk of chunks) {
    buffer = buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffer, chunk])
    yield* scan(false)
  }
  yield* scan(true)
  flushTo(buffer.length)
  if (open.size > 0) yield close(open, offset)
}

interface Open {
  start: number
  size: number
  kept: number
  pieces: Buffer[]
}
const newMessage = (start: number): Open => ({ start, size: 0, kept: 0, pieces: [] })

function collect(open: Open, piece: Buffer): void {
  open.size += piece.length
  const room = MAX_MESSAGE_BYTES - open.kept
  const part = piece.length > room ? piece.subarray(0, room) : piece
  if (part.length === 0) return
  open.pieces.push(part)
  open.kept += part.length
}

function close(open: Open, end: number): MboxMessage {
  const whole = Buffer.concat(open.pieces)
  const hasEnvelope = whole.subarray(0, MARK.length).equals(MARK) && isSeparator(firstLine(whole))
  const lineEnd = whole.indexOf(LF)
  const start = !hasEnvelope ? 0 : lineEnd === -1 ? whole.length : lineEnd + 1
  return {
    start: open.start,
    end,
    envelope: hasEnvelope ? firstLine(whole) : '',
    bytes: unquote(whole.subarray(start, bodyEnd(whole))),
    isCut: open.size > open.kept,
  }
}

const firstLine = (bytes: Buffer): string => {
  const end = bytes.indexOf(LF)
  return bytes
    .toString('latin1', 0, Math.min(end === -1 ? bytes.length : end, MAX_SEPARATOR))
    .replace(/\r$/, '')
}

/** The blank line before the next separator belongs to the format, not to the message. */
function bodyEnd(bytes: Buffer): number {
  let end = bytes.length
  if (bytes[end - 1] === LF) end -= bytes[end - 2] === CR ? 2 : 1
  return bytes[end - 1] === LF ? end : bytes.length
}

const GREATER = 0x3e
const QUOTED = Buffer.from('>From ')

/** mboxrd: one `>` goes from every line that is `>`, any number of them, and `From `. */
function unquote(bytes: Buffer): Uint8Array {
  const pieces: Buffer[] = []
  let kept = 0
  for (let at = bytes.indexOf(QUOTED); at !== -1; at = bytes.indexOf(QUOTED, at + QUOTED.length)) {
    let lineStart = at
    while (lineStart > 0 && bytes[lineStart - 1] === GREATER) lineStart--
    if (lineStart !== 0 && bytes[lineStart - 1] !== LF) continue
    pieces.push(bytes.subarray(kept, lineStart))
    kept = lineStart + 1
  }
  if (pieces.length === 0) return bytes
  pieces.push(bytes.subarray(kept))
  return Buffer.concat(pieces)
}
