import { inflateSync } from 'node:zlib'

/** Largest picture decoded: a bomb of some KB can claim billions of pixels. Screens and phones stay below. */
const MAX_PIXELS = 9_000_000
/** Smaller ones are spacers and icons: no code with an address fits in. */
const MIN_SIDE = 40
/** Segments of a JPEG looked through for its size. */
const MAX_SEGMENTS = 500

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

/** Whether these bytes are a PNG, JPEG, GIF or BMP whose decoding costs no more than its size suggests. */
export function isSafePicture(given: Uint8Array): boolean {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const size = readSize(bytes)
  if (size === undefined || size.width < MIN_SIDE || size.height < MIN_SIDE) return false
  return size.width * size.height <= MAX_PIXELS && (!isPng(bytes) || isHonestPng(bytes, size))
}

interface Size {
  readonly width: number
  readonly height: number
}

const isPng = (bytes: Buffer): boolean => PNG.equals(bytes.subarray(0, 8))

function readSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 32) return undefined
  if (isPng(bytes)) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (bytes.toString('latin1', 0, 4) === 'GIF8')
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  if (bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.readUInt32LE(14) === 40)
    return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? readJpegSize(bytes) : undefined
}

/** The frame header (SOF) names the size; the segments before it are skipped. */
function readJpegSize(bytes: Buffer): Size | undefined {
  let at = 2
  for (let count = 0; count < MAX_SEGMENTS && at + 9 < bytes.length && bytes[at] === 0xff; count++) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/** The packed pixels of a PNG may unpack to far more than the picture holds; the decoder would follow. */
function isHonestPng(bytes: Buffer, { width, height }: Size): boolean {
  const pieces: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      pieces.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)))
  // eight bytes per pixel at most, a filter byte per row, and the passes of interlacing
  const most = width * height * 8 + height * 8 + 65_536
  try {
    inflateSync(Buffer.concat(pieces), { maxOutputLength: most })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
