/** Writes compound files (MS-CFB version 3) as small as they can be, for fixtures of Outlook messages. */
export interface CfbFolder {
  readonly [name: string]: Uint8Array | CfbFolder
}

const SECTOR = 512
const MINI = 64
const MINI_LIMIT = 4_096
const END = 0xfffffffe
const FREE = 0xffffffff
const FAT = 0xfffffffd

interface Entry {
  name: string
  type: 1 | 2 | 5
  bytes: Uint8Array
  child: number
  right: number
  start: number
}

export function makeCfb(root: CfbFolder): Buffer {
  const entries: Entry[] = [
    { name: 'Root Entry', type: 5, bytes: new Uint8Array(), child: FREE, right: FREE, start: END },
  ]
  addChildren(entries, 0, root)
  const sectors: Buffer[] = []
  const fat: number[] = []
  const store = (bytes: Uint8Array): number => {
    if (bytes.length === 0) return END
    const first = sectors.length
    for (let at = 0; at < bytes.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR)
      sector.set(bytes.subarray(at, at + SECTOR))
      sectors.push(sector)
      fat.push(at + SECTOR < bytes.length ? sectors.length : END)
    }
    return first
  }
  const mini: Buffer[] = []
  const miniFat: number[] = []
  for (const entry of entries) {
    if (entry.type !== 2) continue
    if (entry.bytes.length >= MINI_LIMIT) entry.start = store(entry.bytes)
    else if (entry.bytes.length > 0) {
      entry.start = mini.length
      for (let at = 0; at < entry.bytes.length; at += MINI) {
        const piece = Buffer.alloc(MINI)
        piece.set(entry.bytes.subarray(at, at + MINI))
        mini.push(piece)
        miniFat.push(at + MINI < entry.bytes.length ? mini.length : END)
      }
    }
  }
  const miniStream = Buffer.concat(mini)
  const rootEntry = entries[0]!
  rootEntry.bytes = miniStream
  rootEntry.start = store(miniStream)
  const miniFatStart = store(numbers(miniFat, SECTOR))
  const directoryStart = store(directory(entries))
  const fatSectors = Math.ceil((fat.length + 2) / (SECTOR / 4 - 1))
  const fatStart = sectors.length
  for (let index = 0; index < fatSectors; index++) fat.push(FAT)
  const table = numbers(fat, SECTOR)
  const header = Buffer.alloc(SECTOR, 0)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(fatSectors, 44)
  header.writeUInt32LE(directoryStart, 48)
  header.writeUInt32LE(MINI_LIMIT, 56)
  header.writeUInt32LE(miniFatStart, 60)
  header.writeUInt32LE(miniFatStart === END ? 0 : Math.ceil(miniFat.length / (SECTOR / 4)), 64)
  header.writeUInt32LE(END, 68)
  for (let index = 0; index < 109; index++)
    header.writeUInt32LE(index < fatSectors ? fatStart + index : FREE, 76 + index * 4)
  return Buffer.concat([header, ...sectors, table])
}

/** Siblings as a list to the right: valid to read, if not balanced. */
function addChildren(entries: Entry[], parent: number, folder: CfbFolder): void {
  const names = Object.keys(folder).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  let previous = -1
  for (const name of names) {
    const content = folder[name]!
    const isStream = content instanceof Uint8Array
    const id = entries.length
    entries.push({
      name,
      type: isStream ? 2 : 1,
      bytes: isStream ? content : new Uint8Array(),
      child: FREE,
      right: FREE,
      start: isStream ? END : 0,
    })
    if (previous === -1) entries[parent]!.child = id
    else entries[previous]!.right = id
    previous = id
    if (!isStream) addChildren(entries, id, content)
  }
}

function directory(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(entries.length / 4) * SECTOR)
  for (const [index, entry] of entries.entries()) {
    const at = index * 128
    bytes.write(entry.name, at, 'utf16le')
    bytes.writeUInt16LE(entry.name.length * 2 + 2, at + 64)
    bytes[at + 66] = entry.type
    bytes[at + 67] = 1
    bytes.writeUInt32LE(FREE, at + 68)
    bytes.writeUInt32LE(entry.right, at + 72)
    bytes.writeUInt32LE(entry.child, at + 76)
    bytes.writeUInt32LE(entry.start, at + 116)
    bytes.writeUInt32LE(entry.bytes.length, at + 120)
  }
  for (let at = entries.length * 128; at < bytes.length; at += 128)
    for (const field of [68, 72, 76]) bytes.writeUInt32LE(FREE, at + field)
  return bytes
}

function numbers(values: readonly number[], multiple: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil((values.length * 4) / multiple) * multiple, 0xff)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}
