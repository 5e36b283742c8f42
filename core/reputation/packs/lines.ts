/** A file without line breaks would otherwise be held whole; no URL, and no line of a known list, comes near this. */
export const MAX_LINE = 256 * 1024

export interface Line {
  /** Counted from 1. */
  readonly number: number
  readonly text: string
  /** The line was longer than {@link MAX_LINE}; only its beginning is here. */
  readonly isCut: boolean
}

/** UTF-8 bytes (byte-order mark dropped, bad sequences replaced) -> lines without their ends (LF, CRLF, lone CR). */
export function* readLines(chunks: Iterable<Uint8Array>): Iterable<Line> {
  const decoder = new TextDecoder('utf-8')
  let number = 0
  let rest = ''
  let isCut = false
  const take = (text: string): Line => ({
    number: ++number,
    text: text.slice(0, MAX_LINE),
    isCut: text.length > MAX_LINE,
  })
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      yield isCut ? { ...take(line), isCut: true } : take(line)
      isCut = false
    }
    if (rest.length > MAX_LINE) {
      // Keep the beginning only, but remember that the line went on.
      rest = rest.slice(0, MAX_LINE)
      isCut = true
    }
  }
  rest = (rest + decoder.decode()).replace(/\r$/, '')
  if (rest !== '') yield isCut ? { ...take(rest), isCut: true } : take(rest)
}
