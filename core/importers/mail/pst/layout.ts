/** Where things stand in the three generations of the format ([MS-PST] 2.2.2; the third is Outlook 2013's OST). */
export interface PstLayout {
  readonly kind: 'ansi' | 'unicode' | 'unicode-4k'
  /** Bytes of an id or offset: 4 or 8. */
  readonly wide: 4 | 8
  readonly pageBytes: number
  /** Offset of the trailer's count fields inside a tree page. */
  readonly countAt: number
  /** Offset of the page type. */
  readonly trailerAt: number
  /** Header offsets of the roots of the node tree and the block tree (their file offsets), and of the cipher. */
  readonly nodeRootAt: number
  readonly blockRootAt: number
  readonly cipherAt: number
  /** Most data bytes one block can hold. */
  readonly blockBytes: number
  /** Bits of a heap id that number the item; the block follows above. */
  readonly heapBlockShift: number
}

const unicode = { wide: 8, nodeRootAt: 0xe0, blockRootAt: 0xf0, cipherAt: 0x201 } as const

const LAYOUTS: Record<PstLayout['kind'], PstLayout> = {
  ansi: {
    kind: 'ansi',
    wide: 4,
    pageBytes: 512,
    countAt: 496,
    trailerAt: 500,
    nodeRootAt: 0xbc,
    blockRootAt: 0xc4,
    cipherAt: 0x1cd,
    blockBytes: 8_180,
    heapBlockShift: 16,
  },
  unicode: {
    kind: 'unicode',
    ...unicode,
    pageBytes: 512,
    countAt: 488,
    trailerAt: 496,
    blockBytes: 8_176,
    heapBlockShift: 16,
  },
  'unicode-4k': {
    kind: 'unicode-4k',
    ...unicode,
    pageBytes: 4_096,
    countAt: 4_056,
    trailerAt: 4_072,
    blockBytes: 65_512,
    heapBlockShift: 19,
  },
}

export const isPst = (bytes: Uint8Array): boolean =>
  bytes.length >= 24 && bytes[0] === 0x21 && bytes[1] === 0x42 && bytes[2] === 0x44 && bytes[3] === 0x4e

/** By the version number of the header: 14 and 15 ANSI, 36 and above pages of 4 KiB, between Unicode. */
export function findLayout(header: Buffer): PstLayout | undefined {
  if (!isPst(header) || header.length < 564) return undefined
  const version = header.readUInt16LE(10)
  if (version === 14 || version === 15) return LAYOUTS.ansi
  if (version >= 36) return LAYOUTS['unicode-4k']
  return version >= 20 ? LAYOUTS.unicode : undefined
}
