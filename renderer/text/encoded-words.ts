/** `=?charset?B?...?=`, `=?charset?Q?...?=`, with a language tag behind the charset (RFC 2047, 2; RFC 2231, 5). */
const WORD = /=\?([\w-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=/giu
/** White space between two encoded words is not shown (RFC 2047, 6.2). */
const BETWEEN = /(\?=)\s+(?==\?[\w-]{1,40}(?:\*[\w-]{1,20})?\?[bq]\?)/giu

function bytesOf(encoding: string, text: string): Uint8Array | undefined {
  if (encoding.toLowerCase() === 'b') {
    if (!/^[\w+/=-]*$/u.test(text)) return undefined
    const padded = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/u, '')
    if (padded.length % 4 === 1) return undefined
    return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0))
  }
  const plain = text
    .replaceAll('_', ' ')
    .replaceAll(/=([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0) & 0xff)
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset)
  } catch (thrown) {
    // A charset nobody knows stays as it was written.
    if (!(thrown instanceof RangeError)) throw thrown
    return undefined
  }
}

/**
 * The encoded words of a header as they read. What cannot be decoded stays as it stood; control and bidirectional characters
 * are kept for the place that shows the text to name.
 */
export function decodeWords(value: string): string {
  return value
    .replaceAll(BETWEEN, '$1')
    .replaceAll(WORD, (whole, charset: string, encoding: string, text: string) => {
      const bytes = bytesOf(encoding, text)
      const decoder = decoderOf(charset)
      return bytes === undefined || decoder === undefined ? whole : decoder.decode(bytes)
    })
}
