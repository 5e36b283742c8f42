import { crc32, createInflateRaw } from 'node:zlib'
import { ByteReader } from './byte-stream.ts'
import { DECODED_CHUNK, decompress } from './decompress.ts'

const FIXED_HEADER = 10
const TRAILER = 8
const HAS_HEADER_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
/** Name and comment have no length of their own; one that never ends is no gzip. */
const MAX_TEXT = 64 * 1024

export const isGzip = (head: Uint8Array): boolean =>
  head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08 && ((head[3] ?? 0xff) & 0xe0) === 0

/**
 * gzip (RFC 1952): its members one after the other, each checked by its CRC. Zlib's own reader drops what it has read
 * when anything stands behind the last member.
 * @param onRest told how many bytes that are no gzip stand behind it
 * @throws Error after the last good byte
 */
export async function* gunzip(
  stream: AsyncIterable<Uint8Array>,
  onRest?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(stream)
  try {
    for (let isFirst = true; ; isFirst = false) {
      const head = await reader.take(FIXED_HEADER)
      if (head.length < FIXED_HEADER || !isGzip(head)) {
        reader.unread(head)
        const rest = isFirst ? 0 : await reader.countRest()
        if (rest > 0) onRest?.(rest)
        if (isFirst) throw new Error('no gzip header')
        return
      }
      await skipHeader(reader, head[3] ?? 0)
      let sum = 0
      for await (const chunk of decompress(createInflateRaw({ chunkSize: DECODED_CHUNK }), reader)) {
        sum = crc32(chunk, sum)
        yield chunk
      }
      const trailer = await reader.take(TRAILER)
      if (trailer.length < TRAILER) throw new Error('unexpected end of file')
      if (trailer.readUInt32LE(0) !== sum) throw new Error('CRC-32 does not fit')
    }
  } finally {
    await reader.close()
  }
}

async function skipHeader(reader: ByteReader, flags: number): Promise<void> {
  if ((flags & HAS_EXTRA) !== 0) {
    const length = await reader.take(2)
    if (length.length === 2) await reader.take(length.readUInt16LE(0))
  }
  if ((flags & HAS_NAME) !== 0) await skipText(reader)
  if ((flags & HAS_COMMENT) !== 0) await skipText(reader)
  if ((flags & HAS_HEADER_CRC) !== 0) await reader.take(2)
}

async function skipText(reader: ByteReader): Promise<void> {
  for (let left = MAX_TEXT; left > 0;) {
    const piece = await reader.some(left)
    if (!piece) return
    const end = piece.indexOf(0)
    if (end !== -1) {
      reader.unread(piece.subarray(end + 1))
      return
    }
    left -= piece.length
  }
  throw new Error('a name in the gzip header has no end')
}
