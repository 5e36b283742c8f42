import { brotliDecompressSync } from 'node:zlib'

/** Tags by their index in a WOFF2 table directory (WOFF2 section 4.1); only those that matter here. */
const CMAP = 0
const GLYF = 10
const LOCA = 11
const ARBITRARY_TAG = 63
/** Null transform of `glyf` and `loca`; of every other table it is 0 (WOFF2 section 4.1). */
const NULL_TRANSFORM = 3

/**
 * Code points a WOFF2 file has glyphs for, read from its `cmap` (WOFF2 sections 4 and 5; OpenType `cmap` formats 4, 12).
 * The unicode-range a package states is what a subset was cut for, which is more than what the face holds.
 */
export function readCoverage(file: Uint8Array): ReadonlySet<number> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.toString('latin1', 0, 4) !== 'wOF2') throw new Error('not a WOFF2 file')
  const tableCount = bytes.readUInt16BE(12)
  const compressedSize = bytes.readUInt32BE(20)
  let at = 48
  const base128 = (): number => {
    let value = 0
    for (let index = 0; index < 5; index += 1) {
      const byte = bytes.readUInt8(at)
      at += 1
      value = value * 128 + (byte & 0x7f)
      if ((byte & 0x80) === 0) break
    }
    return value
  }
  let offset = 0
  let cmap: { offset: number; length: number } | undefined
  for (let index = 0; index < tableCount; index += 1) {
    const flags = bytes.readUInt8(at)
    at += 1
    const tag = flags & 0x3f
    if (tag === ARBITRARY_TAG) at += 4
    const version = flags >> 6
    const original = base128()
    const isTransformed = tag === GLYF || tag === LOCA ? version !== NULL_TRANSFORM : version !== 0
    const length = isTransformed ? base128() : original
    if (tag === CMAP) cmap = { offset, length }
    offset += length
  }
  if (cmap === undefined) return new Set()
  const tables = brotliDecompressSync(bytes.subarray(at, at + compressedSize))
  return readCmap(tables.subarray(cmap.offset, cmap.offset + cmap.length))
}

function readCmap(cmap: Buffer): ReadonlySet<number> {
  const found = new Set<number>()
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4))
    const format = table.readUInt16BE(0)
    if (format === 4) addSegments(table, found)
    if (format === 12) addGroups(table, found)
  }
  return found
}

/** Format 4: segments of the basic plane. A segment with glyph ids of its own is read glyph by glyph. */
function addSegments(table: Buffer, found: Set<number>): void {
  const size = table.readUInt16BE(6)
  for (let segment = 0; segment < size; segment += 2) {
    const end = table.readUInt16BE(14 + segment)
    const start = table.readUInt16BE(16 + size + segment)
    const delta = table.readUInt16BE(16 + 2 * size + segment)
    const rangeAt = 16 + 3 * size + segment
    const range = table.readUInt16BE(rangeAt)
    for (let code = start; code <= end && code !== 0xffff; code += 1) {
      const glyph =
        range === 0 ? (code + delta) & 0xffff : table.readUInt16BE(rangeAt + range + 2 * (code - start))
      if (glyph !== 0) found.add(code)
    }
  }
}

/** Format 12: groups over all planes. */
function addGroups(table: Buffer, found: Set<number>): void {
  const count = table.readUInt32BE(12)
  for (let index = 0; index < count; index += 1) {
    const start = table.readUInt32BE(16 + index * 12)
    const end = table.readUInt32BE(20 + index * 12)
    for (let code = start; code <= end; code += 1) found.add(code)
  }
}
