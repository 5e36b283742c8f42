import { LineDecoder, toUtf8 } from './text-encoding.ts'

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
