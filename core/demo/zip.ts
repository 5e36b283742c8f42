import { crc32 } from 'node:zlib'

export interface ZipMember {
  readonly name: string
  readonly bytes: Uint8Array
}

/** 2026-03-12 00:00 in DOS form: a fixed moment, so that the archive does not depend on when it is made. */
const DOS_DATE = ((2026 - 1980) << 9) | (3 << 5) | 12
const UTF8_NAMES = 0x0800
const VERSION = 20

/**
 * A ZIP archive (APPNOTE 4.3) with stored members. Nothing is deflated: the bytes a compressor makes differ between
 * zlib builds, and the demo evidence must have the same hashes everywhere.
 */
export function writeZip(members: readonly ZipMember[]): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, bytes } of members) {
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(UTF8_NAMES, 2)
    common.writeUInt16LE(DOS_DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, bytes)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, VERSION, 0]), common, rest, nameBytes)
    offset += 4 + common.length + nameBytes.length + bytes.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}
