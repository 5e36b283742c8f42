import { inflateRawSync } from 'node:zlib'

/**
 * Members of a ZIP in memory, read at once: attachments are small and the message is read in one go. Names stay data; the
 * list is taken from the central directory as Windows and Office do.
 */
export interface ZipMember {
  readonly name: string
  /** Stated size after unpacking; not to be trusted. */
  readonly size: number
  readonly isEncrypted: boolean
  /** Unpacked bytes, at most `limit`; undefined when damaged, encrypted, packed otherwise or larger. */
  read(limit: number): Buffer | undefined
}

/** A directory can list millions of members; documents and droppers have some hundreds. */
export const MAX_MEMBERS = 2_000
const END_MARK = Buffer.from('PK\x05\x06', 'latin1')
const ENTRY_MARK = 0x02014b50
const LOCAL_MARK = 0x04034b50
/** The end record with the longest comment. */
const MAX_TAIL = 65_557

export const isZipFile = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04

/** @returns undefined when there is no readable central directory */
export function listZipMembers(given: Uint8Array): ZipMember[] | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const tail = Math.max(0, bytes.length - MAX_TAIL)
  const end = bytes.subarray(tail).lastIndexOf(END_MARK)
  if (end === -1 || tail + end + 22 > bytes.length) return undefined
  const record = tail + end
  // bytes before the archive (a self-extractor) shift all offsets
  const stated = bytes.readUInt32LE(record + 16)
  const directory = record - bytes.readUInt32LE(record + 12)
  const shift = Math.max(0, directory - stated)
  const members: ZipMember[] = []
  let at = directory < 0 ? stated : directory
  while (members.length < MAX_MEMBERS && at + 46 <= bytes.length && bytes.readUInt32LE(at) === ENTRY_MARK) {
    members.push(readMember(bytes, at, shift))
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return members
}

const UTF8_FLAG = 0x800

function readMember(bytes: Buffer, at: number, shift: number): ZipMember {
  const flags = bytes.readUInt16LE(at + 8)
  const method = bytes.readUInt16LE(at + 10)
  const packed = bytes.readUInt32LE(at + 20)
  const local = bytes.readUInt32LE(at + 42) + shift
  const name = bytes.subarray(at + 46, at + 46 + bytes.readUInt16LE(at + 28))
  const isEncrypted = (flags & 1) !== 0
  return {
    name: name.toString((flags & UTF8_FLAG) === 0 && !isUtf8(name) ? 'latin1' : 'utf8').slice(0, 1_000),
    size: bytes.readUInt32LE(at + 24),
    isEncrypted,
    read(limit) {
      if (isEncrypted || local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL_MARK)
        return undefined
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const content = bytes.subarray(start, start + packed)
      if (method === 0) return content.length <= limit ? content : undefined
      return method === 8 ? inflate(content, limit) : undefined
    },
  }
}

const isUtf8 = (name: Buffer): boolean => !name.toString('utf8').includes('\ufffd')

function inflate(content: Buffer, limit: number): Buffer | undefined {
  if (limit < 1) return undefined
  try {
    return inflateRawSync(content, { maxOutputLength: limit })
  } catch (error) {
    // damaged, or larger than allowed: the caller says so in an issue
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}
