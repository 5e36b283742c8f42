import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Short texts are kept as they are: a compressor costs more than they take. */
const WORTH_BYTES = 700
/** A part of a case from somebody else may be a bomb; ours are some megabytes at most before compression. */
const MOST_BYTES = 256 * 1024 * 1024
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const PLAIN = 0
const ZSTD = 1

export function pack(text: string): Buffer {
  const bytes = Buffer.from(text)
  const isSmall = bytes.length < WORTH_BYTES
  return Buffer.concat([
    Buffer.of(isSmall ? PLAIN : ZSTD),
    isSmall ? bytes : zstdCompressSync(bytes, options),
  ])
}

/** @throws RangeError or a zlib error for what `pack` never made */
export function unpack(packed: Buffer): string {
  const rest = packed.subarray(1)
  if (packed[0] === PLAIN) return rest.toString()
  if (packed[0] !== ZSTD) throw new RangeError('not a packed text')
  return zstdDecompressSync(rest, { maxOutputLength: MOST_BYTES }).toString()
}
