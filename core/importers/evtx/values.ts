import { u16, u32, u64Text } from './bytes.ts'

/** Value types of BinXML (formats.md A1.6); `ARRAY` is or-ed onto the item type. */
export const NULL_VALUE = 0x00
export const STRING_VALUE = 0x01
export const XML_VALUE = 0x21
const ANSI_VALUE = 0x02
const SID_VALUE = 0x13
export const ARRAY = 0x80

/** Bytes per item of the fixed-size types; 0 where the size is that of the value. */
export const ITEM_BYTES: ReadonlyMap<number, number> = new Map([
  [0x03, 1],
  [0x04, 1],
  [0x05, 2],
  [0x06, 2],
  [0x07, 4],
  [0x08, 4],
  [0x09, 8],
  [0x0a, 8],
  [0x0b, 4],
  [0x0c, 8],
  [0x0d, 4],
  [0x0f, 16],
  [0x11, 8],
  [0x12, 16],
  [0x14, 4],
  [0x15, 8],
])

/** The same by kind, for the values of every record. */
const FIXED_BYTES = new Uint8Array(256)
for (const [kind, size] of ITEM_BYTES) FIXED_BYTES[kind] = size

const ansi = new TextDecoder('windows-1252')
const scratch = new DataView(new ArrayBuffer(8))
const scratchBytes = new Uint8Array(scratch.buffer)

const HEX_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase())

/**
 * One value as the text Windows itself would show (hex with `0x`, GUID in braces, times as ISO UTC with 100 ns).
 * Strings keep their control characters; only the terminating NULs go. Unknown types become upper-case hex.
 * @param at chunk-relative start of the value, `size` its bytes (bounds checked by the caller)
 */
export function valueText(bytes: Buffer, kind: number, at: number, size: number): string {
  if (kind === STRING_VALUE || kind === 0x23) return utf16(bytes, at, size)
  if (size < FIXED_BYTES[kind]!)
    return kind === 0x0d && size === 1 ? String(bytes[at] !== 0) : bytesText(bytes, at, size)
  switch (kind) {
    case NULL_VALUE:
      return ''
    case 0x02:
      return trimNul(ansi.decode(bytes.subarray(at, at + size)))
    case 0x03:
      return String((bytes[at]! << 24) >> 24)
    case 0x04:
      return String(bytes[at]!)
    case 0x05:
      return String((u16(bytes, at) << 16) >> 16)
    case 0x06:
      return String(u16(bytes, at))
    case 0x07:
      return String(u32(bytes, at) | 0)
    case 0x08:
      return String(u32(bytes, at))
    case 0x09:
      return bytes.readBigInt64LE(at).toString()
    case 0x0a:
      return u64Text(bytes, at)
    case 0x0b:
      scratch.setUint32(0, u32(bytes, at))
      return String(scratch.getFloat32(0))
    case 0x0c:
      return String(bytes.readDoubleLE(at))
    case 0x0d:
      return String(u32(bytes, at) !== 0)
    case 0x0f:
      return recall(bytes, kind, at, 16)
    case 0x11:
      return filetimeText(u32(bytes, at), u32(bytes, at + 4))
    case 0x12:
      return systemTimeText(bytes, at)
    case 0x13:
      return size > RECALLED_BYTES || size % 2 !== 0
        ? sidText(bytes, at, size)
        : recall(bytes, kind, at, size)
    case 0x14:
      return `0x${u32(bytes, at).toString(16)}`
    case 0x15:
      return hex64(bytes, at)
    case 0x10:
    case 0x20:
      if (size === 8) return hex64(bytes, at)
      if (size === 4) return `0x${u32(bytes, at).toString(16)}`
      return bytesText(bytes, at, size)
    default:
      return bytesText(bytes, at, size)
  }
}

/** Items of an array value: strings are separated by NUL, the others have a fixed size. An odd tail is kept as hex. */
export function arrayTexts(bytes: Buffer, kind: number, at: number, size: number): string[] {
  const item = kind & 0x7f
  if (item === STRING_VALUE) {
    const parts = bytes.toString('utf16le', at, at + size).split('\0')
    if (parts.at(-1) === '') parts.pop()
    return parts
  }
  if (item === ANSI_VALUE) {
    const parts = ansi.decode(bytes.subarray(at, at + size)).split('\0')
    if (parts.at(-1) === '') parts.pop()
    return parts
  }
  if (item === SID_VALUE) return sidTexts(bytes, at, size)
  const step = ITEM_BYTES.get(item)
  if (step === undefined) return [bytesText(bytes, at, size)]
  const texts: string[] = []
  for (let p = at; p < at + size; p += step)
    texts.push(valueText(bytes, item, p, Math.min(step, at + size - p)))
  return texts
}

/** Kinds whose text is also a JSON number (at most 32 bits) or a JSON boolean. */
export function isPlainJson(kind: number): boolean {
  return (kind >= 0x03 && kind <= 0x08) || kind === 0x0d
}

/** Kinds whose text is made of digits, letters and signs that JSON takes as they are: numbers, GUIDs, SIDs, times, hex. */
export function needsNoEscape(kind: number): boolean {
  return kind >= 0x03 && kind <= 0x15
}

function utf16(bytes: Buffer, at: number, size: number): string {
  let end = at + (size & ~1)
  while (end > at && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2
  if (end === at) return ''
  if (end - at > RECALLED_BYTES) return bytes.toString('utf16le', at, end)
  return recall(bytes, STRING_VALUE, at, end - at)
}

/**
 * Computer, channel, account and image names, SIDs and GUIDs return in record after record: what short values were made
 * to is kept with their bytes, which are compared four at a time.
 */
const RECALLED_BYTES = 128
const RECALLED_WORDS = RECALLED_BYTES / 4
const RECALLED_SLOTS = 4_096
const recalledTexts: string[] = Array.from({ length: RECALLED_SLOTS }, () => '')
const recalledWords = new Int32Array(RECALLED_SLOTS * RECALLED_WORDS)
/** Size and kind of the value in a slot; 0 for none. */
const recalledKinds = new Int32Array(RECALLED_SLOTS)

/** The bytes being read, by words at any place. */
let viewed: Uint8Array = scratchBytes
let words: DataView = new DataView(scratchBytes.buffer)
function wordsOf(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes
    words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return words
}

/** Text of a value of 2 to {@link RECALLED_BYTES} bytes, an even number of them. */
function recall(bytes: Buffer, kind: number, at: number, size: number): string {
  const view = wordsOf(bytes)
  const whole = at + (size & ~3)
  let hash = size
  for (let p = at; p < whole; p += 4) hash = Math.imul(hash ^ view.getInt32(p, true), 0x9e3779b1)
  if ((size & 2) !== 0) hash = Math.imul(hash ^ view.getUint16(whole, true), 0x9e3779b1)
  const slot = (hash ^ (hash >>> 15)) & (RECALLED_SLOTS - 1)
  const sort = (size << 8) | kind
  if (recalledKinds[slot] === sort && isSame(view, at, size, slot)) return recalledTexts[slot]!
  const text =
    kind === STRING_VALUE ? bytes.toString('utf16le', at, at + size) : newText(bytes, kind, at, size)
  keep(view, at, size, slot)
  recalledKinds[slot] = sort
  recalledTexts[slot] = text
  return text
}
function isSame(view: DataView, at: number, size: number, slot: number): boolean {
  const whole = at + (size & ~3)
  let word = slot * RECALLED_WORDS
  for (let p = at; p < whole; p += 4) if (view.getInt32(p, true) !== recalledWords[word++]) return false
  return (size & 2) === 0 || view.getUint16(whole, true) === recalledWords[word]
}
function keep(view: DataView, at: number, size: number, slot: number): void {
  const whole = at + (size & ~3)
  let word = slot * RECALLED_WORDS
  for (let p = at; p < whole; p += 4) recalledWords[word++] = view.getInt32(p, true)
  if ((size & 2) !== 0) recalledWords[word] = view.getUint16(whole, true)
}
const newText = (bytes: Buffer, kind: number, at: number, size: number): string =>
  kind === SID_VALUE ? sidText(bytes, at, size) : guidText(bytes, at)

function trimNul(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1
  return text.slice(0, end)
}
function bytesText(bytes: Buffer, at: number, size: number): string {
  return bytes.toString('hex', at, at + size).toUpperCase()
}
function hex64(bytes: Buffer, at: number): string {
  const high = u32(bytes, at + 4)
  const low = u32(bytes, at)
  return high === 0 ? `0x${low.toString(16)}` : `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`
}
function guidText(b: Buffer, at: number): string {
  const h = (i: number): string => HEX_BYTE[b[at + i]!]!
  return (
    `{${h(3)}${h(2)}${h(1)}${h(0)}-${h(5)}${h(4)}-${h(7)}${h(6)}-${h(8)}${h(9)}` +
    `-${h(10)}${h(11)}${h(12)}${h(13)}${h(14)}${h(15)}}`
  )
}
function sidText(bytes: Buffer, at: number, size: number): string {
  const count = bytes[at + 1]!
  if (size < 8 || count > 15 || 8 + count * 4 > size) return bytesText(bytes, at, size)
  let text = `S-${bytes[at]!}-${bytes.readUIntBE(at + 2, 6)}`
  for (let i = 0; i < count; i++) text += `-${u32(bytes, at + 8 + i * 4)}`
  return text
}
/** SIDs behind one another; each says how many parts it has. */
function sidTexts(bytes: Buffer, at: number, size: number): string[] {
  const texts: string[] = []
  for (let p = at; p < at + size;) {
    const rest = at + size - p
    const length = rest < 8 ? rest : Math.min(rest, 8 + bytes[p + 1]! * 4)
    texts.push(sidText(bytes, p, length))
    p += length
  }
  return texts
}

const EPOCH_HIGH = 27_111_902
const EPOCH_LOW = 3_577_643_008

/**
 * FILETIME halves to microseconds since 1970 (floor), exact in doubles: 2^32 ticks are 429,496,729.6 microseconds.
 * Undefined for 0 and 0x7FFFFFFFFFFFFFFF, which mean "never", and outside 1900..2200 [MS-DTYP 2.3.3, formats.md 0].
 */
export function filetimeToUs(low: number, high: number): number | undefined {
  if (high === 0 && low === 0) return undefined
  const dh = high - EPOCH_HIGH
  const us = dh * 429_496_729 + Math.floor((dh * 6 + (low - EPOCH_LOW)) / 10)
  return us > -2_208_988_800_000_000 && us < 7_258_118_400_000_000 ? us : undefined
}
function filetimeText(low: number, high: number): string {
  const us = filetimeToUs(low, high)
  if (us === undefined) return ((BigInt(high) << 32n) | BigInt(low)).toString()
  const seconds = Math.floor(us / 1_000_000)
  const rest = us - seconds * 1_000_000
  const tick = (low + (high % 10) * 6) % 10
  return `${secondText(seconds)}.${String(rest).padStart(6, '0')}${tick}Z`
}
let cachedSecond = NaN
let cachedText = ''
function secondText(seconds: number): string {
  if (seconds !== cachedSecond) {
    cachedSecond = seconds
    cachedText = new Date(seconds * 1000).toISOString().slice(0, 19)
  }
  return cachedText
}
function systemTimeText(bytes: Buffer, at: number): string {
  const part = (index: number, width = 2): string => String(u16(bytes, at + index * 2)).padStart(width, '0')
  return `${part(0, 4)}-${part(1)}-${part(3)}T${part(4)}:${part(5)}:${part(6)}.${part(7, 3)}Z`
}
