import { ByteWindow } from './byte-window.ts'
import { insideRecords } from './carve.ts'
import { CHUNK_BYTES, FIRST_RECORD, hasChunkMagic, isChunkStart, readChunkHeader } from './chunk.ts'
import { HEADER_BLOCK_BYTES, hasFileMagic, headerBytes, isFileHeader } from './file-header.ts'

/**
 * What lies at one place of a file. Together the spans are all of its bytes, in order and none twice.
 * @property at offset of `bytes` in the file
 * @property bytes lent: valid until the next span is asked for
 */
export type Span =
  /** A file header with its padding; `lost` when the file begins with something else. */
  | { readonly kind: 'header'; readonly at: number; readonly bytes: Buffer; readonly isLost: boolean }
  /** A chunk that has its magic. It is shorter than 64 KiB where the file ends, or (`isCut`) the next chunk begins, too early. */
  | { readonly kind: 'chunk'; readonly at: number; readonly bytes: Buffer; readonly isCut: boolean }
  /** Anything else, at most 64 KiB; `isSlot` when it takes exactly the place of a chunk. */
  | { readonly kind: 'other'; readonly at: number; readonly bytes: Buffer; readonly isSlot: boolean }

/** So much is looked at to find the next start: one chunk, and the header of whatever begins in it or right behind it. */
const LOOK_BYTES = CHUNK_BYTES + FIRST_RECORD + 8
/** What both magics begin with. */
const COMMON_MAGIC = Buffer.from('Elf', 'latin1')

/**
 * Cuts an EVTX file into what lies in it. A chunk is expected behind the one before it; where none is, the next chunk or
 * file header is looked for at any offset (bytes were put in or are missing, logs were joined, a header is lost). Each
 * byte is looked at a bounded number of times: a step looks at 64 KiB, and goes on by 128 bytes at least, or by what it
 * found nothing in.
 */
export async function* spansOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Span> {
  const window = new ByteWindow(stream)
  try {
    for (const span of lostHeader(await window.ahead(CHUNK_BYTES + LOOK_BYTES))) {
      yield span
      window.skip(span.bytes.length)
    }
    for (;;) {
      const bytes = await window.ahead(LOOK_BYTES)
      if (bytes.length === 0) return
      const span = spanAt(bytes, window.at)
      yield span
      window.skip(span.bytes.length)
    }
  } finally {
    await window.close()
  }
}

/**
 * What stands before the first chunk of a file that begins with no magic: the place of the lost header, and what was put
 * in there. Chunks lie one behind the other, so that the first one found says where the others, perhaps damaged, begin.
 */
function lostHeader(head: Buffer): Span[] {
  if (head.length === 0 || hasFileMagic(head, 0) || hasChunkMagic(head, 0)) return []
  const start = nextStart(head, 1, head.length)
  if (start !== undefined && isFileHeader(head, start)) return []
  const before = start === undefined ? Math.min(HEADER_BLOCK_BYTES, head.length) : start % CHUNK_BYTES
  const header = Math.min(before, HEADER_BLOCK_BYTES)
  const spans: Span[] = []
  if (header > 0) spans.push({ kind: 'header', at: 0, bytes: head.subarray(0, header), isLost: true })
  if (before > header)
    spans.push({ kind: 'other', at: header, bytes: head.subarray(header, before), isSlot: false })
  return spans
}

function spanAt(bytes: Buffer, at: number): Span {
  if (isFileHeader(bytes, 0) || (at === 0 && hasFileMagic(bytes, 0))) {
    const size = Math.min(headerBytes(bytes), bytes.length)
    const end = hasChunkMagic(bytes, size) ? size : (nextStart(bytes, 128, size) ?? size)
    return { kind: 'header', at, bytes: bytes.subarray(0, end), isLost: false }
  }
  if (hasChunkMagic(bytes, 0)) {
    const end = chunkEnd(bytes)
    return {
      kind: 'chunk',
      at,
      bytes: bytes.subarray(0, end),
      isCut: end < Math.min(CHUNK_BYTES, bytes.length),
    }
  }
  const end = nextStart(bytes, 1, CHUNK_BYTES) ?? Math.min(CHUNK_BYTES, bytes.length)
  return { kind: 'other', at, bytes: bytes.subarray(0, end), isSlot: end === CHUNK_BYTES }
}

/**
 * Where the chunk at the beginning of `bytes` ends. Only where nothing begins behind it, a start inside it counts, and of an
 * intact one only behind its records: an event may quote whole chunks.
 */
function chunkEnd(bytes: Buffer): number {
  if (hasChunkMagic(bytes, CHUNK_BYTES) || hasFileMagic(bytes, CHUNK_BYTES)) return CHUNK_BYTES
  const end = Math.min(CHUNK_BYTES, bytes.length)
  const header = readChunkHeader(bytes.subarray(0, end))
  if (header === undefined) return end
  const isIntact = header.isHeaderSumRight && header.isDataSumRight && header.freeSpaceAt <= end
  return nextStart(bytes, isIntact ? Math.max(header.freeSpaceAt, FIRST_RECORD) : FIRST_RECORD, end) ?? end
}

/**
 * The first place at or after `from` and before `to` where a chunk or a file header begins. What stands inside a whole
 * record is that record's text.
 */
export function nextStart(bytes: Buffer, from: number, to: number): number | undefined {
  let isText: ((at: number) => boolean) | undefined
  for (
    let at = bytes.indexOf(COMMON_MAGIC, from);
    at !== -1 && at < to;
    at = bytes.indexOf(COMMON_MAGIC, at + 1)
  ) {
    if (!isChunkStart(bytes, at) && !isFileHeader(bytes, at)) continue
    isText ??= insideRecords(bytes)
    if (!isText(at)) return at
  }
  return undefined
}
