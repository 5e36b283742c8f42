import { decodeCodePage } from '../../normalise/code-page.ts'

/** Everything in a tar is counted in blocks of this. */
export const BLOCK = 512

/** One header block as it stands. `type` is the type flag, `` for a file of the oldest tars. */
export interface TarHeader {
  readonly name: string
  readonly size: number
  readonly type: string
  readonly link: string
}

const CHECKSUM_AT = 148
const SIZE_AT = 124
const PREFIX_AT = 345

/** True for a block whose checksum fits: the one thing every tar has in common (POSIX.1-1988 ustar). */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false
  let sum = 0
  for (let at = 0; at < BLOCK; at += 1)
    sum += at >= CHECKSUM_AT && at < CHECKSUM_AT + 8 ? 0x20 : (block[at] ?? 0)
  return octal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + 8)) === sum
}

export function readTarHeader(block: Uint8Array): TarHeader {
  const name = text(block.subarray(0, 100))
  const isUstar = text(block.subarray(257, 262)) === 'ustar'
  // GNU puts times where ustar has the prefix; its magic ends in a space.
  const prefix = isUstar && block[262] === 0 ? text(block.subarray(PREFIX_AT, PREFIX_AT + 155)) : ''
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(block.subarray(SIZE_AT, SIZE_AT + 12)),
    type: block[156] === 0 ? '' : String.fromCharCode(block[156] ?? 0),
    link: text(block.subarray(157, 257)),
  }
}

/** Up to the first NUL; UTF-8 where it is such, else the code page it proves. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  const own = end === -1 ? bytes : bytes.subarray(0, end)
  const utf8 = new TextDecoder().decode(own)
  return utf8.includes('\ufffd') ? decodeCodePage(own).text : utf8
}

function octal(bytes: Uint8Array): number {
  const digits = text(bytes).trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN
}

/** Octal digits, or base 256 behind a set top bit (GNU, for sizes above 8 GiB). NaN for anything else. */
function number(bytes: Uint8Array): number {
  const first = bytes[0] ?? 0
  if ((first & 0x80) === 0) return octal(bytes)
  if (first !== 0x80) return Number.NaN
  let value = 0
  for (const byte of bytes.subarray(1)) value = value * 256 + byte
  return Number.isSafeInteger(value) ? value : Number.NaN
}

/** The records `LENGTH KEY=VALUE\n` of a pax header (POSIX.1-2001); what does not fit ends the list. */
export function readPax(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const length = space === -1 ? Number.NaN : Number(bytes.toString('latin1', at, space))
    if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length) break
    const record = bytes.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) found.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return found
}
