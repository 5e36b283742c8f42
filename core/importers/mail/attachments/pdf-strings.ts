/** Longest string taken: scripts; an unclosed one must not swallow the file. */
const MAX_STRING = 65_536

export interface PdfString {
  readonly value: string
  /** Only numbers or nothing stand between it and the string before, as in a `TJ` array. */
  readonly isJoined: boolean
  /** It is the value of a `/URI` key. */
  readonly isUri: boolean
}

/** Literal `(...)` and hexadecimal `<...>` strings of PDF syntax (ISO 32000-1, 7.3.4), in order; every character once. */
export function* readPdfStrings(text: string): Generator<PdfString> {
  const start = /[(<]/g
  let previous = 0
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const at = match.index
    if (match[0] === '<' && text.charAt(at + 1) === '<') {
      start.lastIndex = at + 2
      continue
    }
    const string = match[0] === '(' ? readLiteral(text, at + 1) : readHex(text, at + 1)
    if (string === undefined) continue
    start.lastIndex = string.end
    const between = text.slice(Math.max(previous, at - 200), at)
    yield {
      value: toText(string.value),
      isJoined: at - previous < 200 && /^[\s\d.+-]*$/.test(between),
      isUri: /\/URI\s*$/.test(between),
    }
    previous = string.end
  }
}

interface Found {
  readonly value: string
  readonly end: number
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
])

function readLiteral(text: string, from: number): Found {
  const limit = Math.min(text.length, from + MAX_STRING)
  const out: string[] = []
  let depth = 1
  let at = from
  for (; at < limit; at++) {
    const character = text.charAt(at)
    if (character === '\\') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
      if (octal !== undefined) {
        out.push(String.fromCharCode(Number.parseInt(octal, 8) & 0xff))
        at += octal.length
        continue
      }
      const next = text.charAt(++at)
      // a line break after the backslash is not there
      if (next !== '\n' && next !== '\r') out.push(ESCAPES.get(next) ?? next)
      else if (next === '\r' && text.charAt(at + 1) === '\n') at++
      continue
    }
    if (character === '(') depth++
    else if (character === ')' && --depth === 0) return { value: out.join(''), end: at + 1 }
    out.push(character)
  }
  return { value: out.join(''), end: Math.max(at, from) }
}

/** @returns undefined when the `<` begins no hexadecimal string */
function readHex(text: string, from: number): Found | undefined {
  const pattern = /[0-9a-fA-F\s]{0,65536}>/y
  pattern.lastIndex = from
  const match = pattern.exec(text)
  if (match === null) return undefined
  const digits = match[0].replace(/[^0-9a-fA-F]/g, '')
  const value = Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1')
  return { value, end: from + match[0].length }
}

/** UTF-16 with a byte order mark, else one byte per character. */
function toText(value: string): string {
  if (!value.startsWith('\xfe\xff')) return value
  const bytes = Buffer.from(value.slice(2), 'latin1')
  return bytes
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le')
}
