import { decodeCodePage } from '../normalise/code-page.ts'

/** Share of NUL bytes at odd or even offsets above which text without a byte-order mark is taken as UTF-16. */
const UTF16_NUL_SHARE = 0.3

/** Decodes the head of a file for detection: byte-order mark, UTF-16 by NUL pattern, UTF-8, else a code page. */
export function decodeHead(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head)
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head)
  let odd = 0
  let even = 0
  for (let at = 0; at + 1 < head.length; at += 2) {
    if (head[at] === 0) even += 1
    if (head[at + 1] === 0) odd += 1
  }
  const pairs = head.length / 2
  if (pairs > 8 && odd / pairs > UTF16_NUL_SHARE && even / pairs < 0.05)
    return new TextDecoder('utf-16le').decode(head)
  if (pairs > 8 && even / pairs > UTF16_NUL_SHARE && odd / pairs < 0.05)
    return new TextDecoder('utf-16be').decode(head)
  try {
    // `stream` keeps a character cut at the end of the head from failing the whole text.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return decodeCodePage(head).text
  }
}
