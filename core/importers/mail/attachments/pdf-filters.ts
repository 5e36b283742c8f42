import { constants, inflateSync } from 'node:zlib'

/** Filters one after the other; droppers chain some to hide from scanners. */
const MAX_FILTERS = 8

export interface Filtered {
  readonly bytes: Buffer | undefined
  /** Why there are no bytes: a filter that is not read (pictures, LZW), too large, or damaged. */
  readonly why?: 'unread' | 'expansion' | 'damaged'
}

/** Names of the filters in a stream's dictionary (ISO 32000-1, 7.4), in the order they are to be undone. */
export function listFilters(dictionary: string): string[] {
  const match = /\/Filter\s*(\[[^\]]{0,500}\]|\/[^\s/<>[\]()]+)/.exec(dictionary)
  return match?.[1]?.match(/[^\s/[\]]+/g)?.slice(0, MAX_FILTERS) ?? []
}

/** Undoes the filters of a stream. @param limit most bytes that any step may make */
export function undoFilters(content: Buffer, filters: readonly string[], limit: number): Filtered {
  let bytes = content.subarray(0, limit)
  for (const filter of filters) {
    if (filter === 'FlateDecode' || filter === 'Fl') {
      const result = inflate(bytes, limit)
      if (result.bytes === undefined) return result
      bytes = result.bytes
    } else if (filter === 'ASCII85Decode' || filter === 'A85') bytes = fromAscii85(bytes)
    else if (filter === 'ASCIIHexDecode' || filter === 'AHx')
      bytes = Buffer.from((bytes.toString('latin1').split('>', 1)[0] ?? '').replace(/[^0-9a-f]/gi, ''), 'hex')
    else return { bytes: undefined, why: 'unread' }
  }
  return { bytes }
}

/** A stream that ends early still gives what came before. */
function inflate(bytes: Buffer, limit: number): Filtered {
  if (limit < 1) return { bytes: undefined, why: 'expansion' }
  try {
    return { bytes: inflateSync(bytes, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH }) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return { bytes: undefined, why: error.code === 'ERR_BUFFER_TOO_LARGE' ? 'expansion' : 'damaged' }
  }
}

/** Five characters of base 85 make four bytes; `z` is four zeros, `~>` the end. */
function fromAscii85(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length * 4)
  let length = 0
  let value = 0
  let count = 0
  for (const byte of bytes) {
    if (byte === 0x7e) break
    if (byte === 0x7a && count === 0) {
      length += 4
      continue
    }
    if (byte < 0x21 || byte > 0x75) continue
    value = value * 85 + (byte - 0x21)
    if (++count < 5) continue
    out.writeUInt32BE(value % 0x1_0000_0000, length)
    length += 4
    value = 0
    count = 0
  }
  if (count > 1) {
    for (let missing = count; missing < 5; missing++) value = value * 85 + 84
    out.writeUInt32BE(value % 0x1_0000_0000, length)
    length += count - 1
  }
  return out.subarray(0, length)
}
