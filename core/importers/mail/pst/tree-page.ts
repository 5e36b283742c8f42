import type { PstLayout } from './layout.ts'
import type { RandomAccess } from './random-access.ts'

/** Trees of a real store are five pages high; the level must fall with every step, so nothing loops. */
export const MAX_LEVEL = 12
export const NODE_PAGE = 0x81
export const BLOCK_PAGE = 0x80
/** Read at once while the file is searched; a multiple of every page size. */
const SEARCH_BYTES = 1 << 20

/** A page of the node tree or the block tree ([MS-PST] 2.2.2.7.7). */
export interface TreePage {
  /** 0 for leaves. */
  readonly level: number
  /** Bytes of the entries. */
  readonly entries: Buffer
  readonly entryBytes: number
  readonly count: number
}

/** @returns undefined when the bytes are no page of this type */
export function parsePage(bytes: Buffer | undefined, type: number, layout: PstLayout): TreePage | undefined {
  const { countAt, trailerAt, kind } = layout
  if (bytes === undefined || bytes[trailerAt] !== type || bytes[trailerAt + 1] !== type) return undefined
  const isLarge = kind === 'unicode-4k'
  const count = isLarge ? bytes.readUInt16LE(countAt) : (bytes[countAt] ?? 0)
  const entryBytes = bytes[countAt + (isLarge ? 4 : 2)] ?? 0
  const level = bytes[countAt + (isLarge ? 5 : 3)] ?? 0
  if (level > MAX_LEVEL || entryBytes < layout.wide * 2 || count * entryBytes > countAt) return undefined
  // of its own: a slice of Node's pool would keep the whole pool while the page is remembered
  const entries = Buffer.alloc(count * entryBytes)
  bytes.copy(entries)
  return { level, entries, entryBytes, count }
}

export interface FoundLeaf extends TreePage {
  readonly type: typeof NODE_PAGE | typeof BLOCK_PAGE
  /** Later pages have higher ids: of two versions of a page the higher is the newer. */
  readonly id: bigint
}

/**
 * Leaf pages anywhere in the file, for stores whose trees have lost their roots. A page proves itself by its signature, which is
 * made of its id and its place ([MS-PST] 5.5).
 */
export function* findLeaves(file: RandomAccess, layout: PstLayout): Generator<FoundLeaf> {
  for (let at = 0; at < file.size; at += SEARCH_BYTES) {
    const chunk = file.read(at, SEARCH_BYTES)
    for (let from = 0; from + layout.pageBytes <= chunk.length; from += layout.pageBytes) {
      const type = chunk[from + layout.trailerAt]
      if (type !== NODE_PAGE && type !== BLOCK_PAGE) continue
      const bytes = chunk.subarray(from, from + layout.pageBytes)
      const id = readId(bytes, layout)
      if (bytes.readUInt16LE(layout.trailerAt + 2) !== toSignature(at + from, id)) continue
      const page = parsePage(bytes, type, layout)
      if (page?.level === 0) yield { ...page, type, id }
    }
  }
}

const readId = (bytes: Buffer, { wide, trailerAt }: PstLayout): bigint =>
  wide === 4 ? BigInt(bytes.readUInt32LE(trailerAt + 4)) : bytes.readBigUInt64LE(trailerAt + 8)

function toSignature(place: number, id: bigint): number {
  const mixed = Number((BigInt(place) ^ id) & 0xffffffffn)
  return (mixed >>> 16) ^ (mixed & 0xffff)
}
