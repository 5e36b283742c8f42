/**
 * Compound files (MS-CFB): a small file system in a file, the container of `.msg`. Every chain is bounded by the number of
 * sectors there are, so that a loop in the allocation table ends.
 */
const MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** Directory entries looked at; each attachment and recipient makes some dozens. */
const MAX_ENTRIES = 200_000
/** Bytes read of all streams together, as a multiple of the file: entries can share one chain a million times. */
const MAX_READ_FACTOR = 3
const LAST_SECTOR = 0xfffffffa
const NO_ENTRY = 0xffffffff
const MINI_LIMIT = 4_096
const ENTRY_BYTES = 128

export interface CfbEntry {
  readonly name: string
  readonly isStorage: boolean
  readonly size: number
  readonly start: number
  readonly child: number
  readonly left: number
  readonly right: number
}

/** The stream that every Outlook message has, as it stands in the directory. */
export const CFB_PROPERTY_NAME = Buffer.from('__properties_version1.0', 'utf16le')

export const isCfb = (bytes: Uint8Array): boolean => MAGIC.equals(bytes.subarray(0, 8))

/** One storage (folder) with its streams and storages by name. */
export interface CfbStorage {
  readonly streams: ReadonlyMap<string, CfbEntry>
  readonly storages: ReadonlyMap<string, CfbEntry>
}

export class CompoundFile {
  readonly #bytes: Buffer
  readonly #sectorBytes: number
  readonly #miniBytes: number
  readonly #fat: number[] = []
  readonly #miniFat: number[]
  readonly #miniStream: Buffer
  readonly #entries: readonly CfbEntry[]
  #toRead: number
  /** A chain broke off or a limit was met: what was read is not all there was. */
  isDamaged = false

  /** @param bytes the whole file; begins with the signature */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#toRead = bytes.length * MAX_READ_FACTOR
    this.#sectorBytes = 1 << (u16(bytes, 30) === 12 ? 12 : 9)
    this.#miniBytes = 64
    this.readFat()
    const directory = this.readChain(u32(bytes, 48), this.#fat, MAX_ENTRIES * ENTRY_BYTES)
    this.#entries = readEntries(directory)
    const root = this.#entries[0]
    const miniFat = this.readChain(u32(bytes, 60), this.#fat, bytes.length)
    this.#miniFat = toNumbers(miniFat)
    this.#miniStream =
      root === undefined ? Buffer.alloc(0) : this.readChain(root.start, this.#fat, root.size, root.size)
  }

  root(): CfbStorage {
    return this.list(this.#entries[0])
  }

  storage(entry: CfbEntry): CfbStorage {
    return this.list(entry)
  }

  /** Children of a storage; the tree of siblings is walked with a list of what was seen. */
  private list(storage: CfbEntry | undefined): CfbStorage {
    const streams = new Map<string, CfbEntry>()
    const storages = new Map<string, CfbEntry>()
    const seen = new Set<number>()
    const open = storage === undefined ? [] : [storage.child]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === NO_ENTRY || seen.has(id)) continue
      seen.add(id)
      const entry = this.#entries[id]
      if (entry === undefined) {
        this.isDamaged = true
        continue
      }
      ;(entry.isStorage ? storages : streams).set(entry.name, entry)
      open.push(entry.left, entry.right)
    }
    return { streams, storages }
  }

  read(entry: CfbEntry): Buffer {
    if (entry.size < MINI_LIMIT) return this.readMini(entry)
    return this.readChain(entry.start, this.#fat, entry.size, entry.size)
  }

  private readMini(entry: CfbEntry): Buffer {
    const pieces: Buffer[] = []
    let left = entry.size
    let sector = entry.start
    for (let steps = 0; left > 0 && steps <= this.#miniFat.length; steps++) {
      if (sector >= LAST_SECTOR) break
      const at = sector * this.#miniBytes
      const piece = this.#miniStream.subarray(at, at + Math.min(this.#miniBytes, left))
      if (piece.length === 0) break
      pieces.push(piece)
      left -= piece.length
      sector = this.#miniFat[sector] ?? NO_ENTRY
    }
    if (left > 0) this.isDamaged = true
    return Buffer.concat(pieces)
  }

  /** @param expected bytes that should be there; less is damage */
  private readChain(start: number, fat: readonly number[], limit: number, expected = 0): Buffer {
    const pieces: Buffer[] = []
    let length = 0
    let sector = start
    for (let steps = 0; length < limit && sector < LAST_SECTOR && steps <= fat.length; steps++) {
      const at = (sector + 1) * this.#sectorBytes
      const piece = this.#bytes.subarray(at, at + Math.min(this.#sectorBytes, limit - length))
      this.#toRead -= piece.length
      if (piece.length === 0 || this.#toRead < 0) break
      pieces.push(piece)
      length += piece.length
      sector = fat[sector] ?? NO_ENTRY
    }
    if (length < expected) this.isDamaged = true
    return Buffer.concat(pieces)
  }

  /** The first 109 table sectors stand in the header, further ones in a chain of their own. */
  private readFat(): void {
    const sectors = Math.ceil(this.#bytes.length / this.#sectorBytes)
    const perSector = this.#sectorBytes / 4
    const tables: number[] = []
    for (let index = 0; index < 109; index++) tables.push(u32(this.#bytes, 76 + index * 4))
    let next = u32(this.#bytes, 68)
    for (let steps = 0; next < LAST_SECTOR && steps < sectors && tables.length < sectors + 109; steps++) {
      const at = (next + 1) * this.#sectorBytes
      for (let index = 0; index < perSector - 1; index++) tables.push(u32(this.#bytes, at + index * 4))
      next = u32(this.#bytes, at + (perSector - 1) * 4)
    }
    for (const table of tables) {
      if (table >= LAST_SECTOR || this.#fat.length >= sectors + perSector) continue
      const at = (table + 1) * this.#sectorBytes
      for (let index = 0; index < perSector; index++) this.#fat.push(u32(this.#bytes, at + index * 4))
    }
  }
}

/** Reads past the end give "nothing" instead of an error: the file may be cut anywhere. */
const u32 = (bytes: Buffer, at: number): number =>
  at + 4 <= bytes.length ? bytes.readUInt32LE(at) : NO_ENTRY
const u16 = (bytes: Buffer, at: number): number => (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0)

const toNumbers = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readUInt32LE(index * 4))

function readEntries(directory: Buffer): CfbEntry[] {
  const entries: CfbEntry[] = []
  for (let at = 0; at + ENTRY_BYTES <= directory.length && entries.length < MAX_ENTRIES; at += ENTRY_BYTES) {
    const nameBytes = Math.min(64, Math.max(0, directory.readUInt16LE(at + 64) - 2)) & ~1
    const type = directory[at + 66]
    entries.push({
      name: directory.toString('utf16le', at, at + nameBytes),
      isStorage: type === 1 || type === 5,
      // version 3 leaves rubbish in the upper half
      size: directory.readUInt32LE(at + 120),
      start: directory.readUInt32LE(at + 116),
      child: directory.readUInt32LE(at + 76),
      left: directory.readUInt32LE(at + 68),
      right: directory.readUInt32LE(at + 72),
    })
  }
  return entries
}
