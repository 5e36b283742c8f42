import type { MailHeader } from '../../model/message.ts'
import { decodeEncodedWords } from '../../normalise/encoded-words.ts'
import { decodeText } from './charset.ts'

/** A header block can be the whole message; beyond this the rest is not split into fields. */
export const MAX_HEADER_BYTES = 1 << 20
/** Fields kept of one block; a mail loop makes some hundreds of Received fields at most. */
export const MAX_HEADERS = 2_000
/** Text read of one field: a To field with some thousands of addresses. */
export const MAX_HEADER_TEXT = 262_144
/** Text of one field kept for showing; ARC and DKIM fields stay far below. */
export const MAX_SHOWN_HEADER = 16_384

export interface HeaderBlock {
  /** In order, unfolded, 8-bit text decoded, encoded words still encoded. */
  readonly fields: readonly MailHeader[]
  /** The block as it stands, decoded. */
  readonly text: string
  /** Offset of the first body byte. */
  readonly bodyStart: number
  /** The block was longer than {@link MAX_HEADER_BYTES} or had more than {@link MAX_HEADERS} fields. */
  readonly isCut: boolean
}

const LF = 0x0a
const CR = 0x0d

/** Where the header block ends and the body begins; the first line that is neither field nor fold ends it as well. */
function findBodyStart(bytes: Uint8Array, from: number): { headerEnd: number; bodyStart: number } {
  let line = from
  while (line < bytes.length) {
    const lf = bytes.indexOf(LF, line)
    const end = lf === -1 ? bytes.length : lf
    const next = lf === -1 ? bytes.length : lf + 1
    const isBlank = end === line || (end === line + 1 && bytes[line] === CR)
    if (isBlank) return { headerEnd: line, bodyStart: next }
    line = next
  }
  return { headerEnd: bytes.length, bodyStart: bytes.length }
}

/**
 * Splits the header block that starts at `from` (RFC 5322, 2.2). Lines that are no field are left out of `fields`.
 * @param charset declared charset of the body, used for raw 8-bit header text that is not UTF-8
 */
export function splitHeaders(bytes: Uint8Array, from = 0, charset?: string): HeaderBlock {
  const { headerEnd, bodyStart } = findBodyStart(bytes, from)
  const isLong = headerEnd - from > MAX_HEADER_BYTES
  const text = decodeText(bytes.subarray(from, Math.min(headerEnd, from + MAX_HEADER_BYTES)), charset)
  const fields: MailHeader[] = []
  let open: { name: string; lines: string[] } | undefined
  let isFull = false
  const close = (): void => {
    if (open === undefined) return
    fields.push({ name: open.name, value: open.lines.join(' ').trim().slice(0, MAX_HEADER_TEXT) })
    open = undefined
  }
  for (const line of text.split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      open?.lines.push(line.trim())
      continue
    }
    close()
    if (fields.length >= MAX_HEADERS) {
      isFull = true
      break
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trimEnd()
    if (colon > 0 && /^[!-9;-~]{1,256}$/.test(name)) open = { name, lines: [line.slice(colon + 1).trim()] }
  }
  close()
  return { fields, text, bodyStart, isCut: isLong || isFull }
}

/** Values of all fields with this name, in order. */
export function listHeader(fields: readonly MailHeader[], name: string): string[] {
  const wanted = name.toLowerCase()
  return fields.filter((field) => field.name.toLowerCase() === wanted).map((field) => field.value)
}

/** Value of the first field with this name. */
export function findHeader(fields: readonly MailHeader[], name: string): string | undefined {
  return listHeader(fields, name)[0]
}

/** Unstructured header text for reading: encoded words decoded (RFC 2047), control characters and outer space dropped. */
export function toReadable(value: string | undefined): string {
  const text = decodeEncodedWords(value ?? '').trim()
  return /\p{Cc}/u.test(text) ? text.replace(/\p{Cc}/gu, '').trim() : text
}
