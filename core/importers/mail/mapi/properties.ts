import iconv from 'iconv-lite'
import { decodeText } from '../charset.ts'

/** Outlook keeps messages as numbered properties (MS-OXPROPS); `.msg`, PST and winmail.dat only store them differently. */
export interface MapiValue {
  /** Property type (MS-OXCDATA 2.11.1): 0x001F text, 0x0102 binary, ... */
  readonly type: number
  /** The value's bytes, read when asked for: attachments are megabytes. */
  read(): Buffer
}

const TYPE = {
  int16: 0x02,
  int32: 0x03,
  boolean: 0x0b,
  int64: 0x14,
  string8: 0x1e,
  unicode: 0x1f,
  time: 0x40,
}

/** FILETIME counts 100 ns from 1601-01-01 UTC (MS-DTYP 2.3.3). */
const EPOCH_TICKS = 116_444_736_000_000_000n
/** 9999-12-31: values beyond are "never" or damage. */
const LAST_TICKS = 2_650_467_743_999_999_999n

/** Longest text taken of one property: a body of this size is padding. */
const MAX_TEXT_BYTES = 32 << 20

/** The properties of one message, recipient or attachment. */
export class MapiProperties {
  readonly #values: ReadonlyMap<number, MapiValue>
  readonly #charset: string

  /** @param codePage of 8-bit texts when the properties do not name one themselves */
  constructor(values: ReadonlyMap<number, MapiValue>, codePage?: number) {
    this.#values = values
    this.#charset = toCharset(this.number(0x3ffd) ?? this.number(0x3fde) ?? codePage)
  }

  has(id: number): boolean {
    return this.#values.has(id)
  }

  /** Text of the first of these properties that has some; NUL characters cut it. */
  text(...ids: readonly number[]): string | undefined {
    for (const id of ids) {
      const value = this.#values.get(id)
      if (value === undefined || (value.type !== TYPE.unicode && value.type !== TYPE.string8)) continue
      const bytes = value.read().subarray(0, MAX_TEXT_BYTES)
      const text =
        value.type === TYPE.unicode
          ? bytes.subarray(0, bytes.length & ~1).toString('utf16le')
          : decodeText(bytes, this.#charset)
      const end = text.indexOf('\0')
      const plain = end === -1 ? text : text.slice(0, end)
      if (plain !== '') return plain
    }
    return undefined
  }

  bytes(id: number): Buffer | undefined {
    const value = this.#values.get(id)
    if (value === undefined || value.type === TYPE.int32 || value.type === TYPE.boolean) return undefined
    return value.read()
  }

  number(id: number): number | undefined {
    const value = this.#values.get(id)
    if (value === undefined) return undefined
    const bytes = value.read()
    if (value.type === TYPE.int32 && bytes.length >= 4) return bytes.readInt32LE(0)
    return value.type === TYPE.int16 && bytes.length >= 2 ? bytes.readInt16LE(0) : undefined
  }

  /** Microseconds UTC; undefined for unset and for times outside 1601-9999. */
  time(...ids: readonly number[]): number | undefined {
    for (const id of ids) {
      const value = this.#values.get(id)
      const bytes = value?.type === TYPE.time ? value.read() : undefined
      if (bytes === undefined || bytes.length < 8) continue
      const ticks = bytes.readBigUInt64LE(0)
      if (ticks > 0n && ticks <= LAST_TICKS) return Number((ticks - EPOCH_TICKS) / 10n)
    }
    return undefined
  }

  /** HTML bodies are bytes in the message's own code page, or text. */
  html(): string | undefined {
    const value = this.#values.get(0x1013)
    if (value === undefined) return undefined
    if (value.type === TYPE.unicode || value.type === TYPE.string8) return this.text(0x1013)
    return decodeText(value.read().subarray(0, MAX_TEXT_BYTES), toCharset(this.number(0x3fde)))
  }
}

/** Charset label of a Windows code page. */
function toCharset(codePage: number | undefined): string {
  if (codePage === undefined || codePage === 0 || codePage === 1200) return 'windows-1252'
  const known = CODE_PAGES.get(codePage)
  if (known !== undefined) return known
  return iconv.encodingExists(`cp${codePage}`) ? `cp${codePage}` : 'windows-1252'
}
const CODE_PAGES = new Map([
  [932, 'shift_jis'],
  [936, 'gb18030'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [20127, 'utf-8'],
  [20866, 'koi8-r'],
  [28591, 'windows-1252'],
  [50220, 'iso-2022-jp'],
  [50221, 'iso-2022-jp'],
  [50222, 'iso-2022-jp'],
  [51932, 'euc-jp'],
  [51949, 'euc-kr'],
  [52936, 'gb18030'],
  [54936, 'gb18030'],
  [65001, 'utf-8'],
  ...[2, 3, 4, 5, 6, 7, 8, 9, 13, 15].map((part): [number, string] => [28590 + part, `iso-8859-${part}`]),
])
