import { CompoundFile, isCfb, type CfbEntry, type CfbStorage } from './cfb.ts'
import type { MapiAttachment, MapiMessage } from './message.ts'
import { MapiProperties, type MapiValue } from './properties.ts'

/** Recipients and attachments of one message; Outlook stops at 2,048 storages of a kind (MS-OXMSG 2.2). */
const MAX_STORAGES = 10_000
const PROPERTIES = '__properties_version1.0'
/** Types whose value stands in the property table itself: 16 and 32 bit, boolean, 64 bit, times. */
const INLINE_TYPES = new Set([0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x14, 0x40])

export interface MsgFile {
  readonly message: MapiMessage
  /** Asked after everything was read. */
  isDamaged(): boolean
}

/** Opens the bytes of an Outlook `.msg` (MS-OXMSG); undefined when they are none. */
export function openMsg(bytes: Uint8Array): MsgFile | undefined {
  if (!isCfb(bytes)) return undefined
  const file = new CompoundFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const root = file.root()
  if (
    !root.streams.has(PROPERTIES) &&
    ![...root.streams.keys()].some((name) => name.startsWith('__substg1.0_'))
  )
    return undefined
  return { message: readMessage(file, root, 32, undefined), isDamaged: () => file.isDamaged }
}

/** @param headerBytes what stands before the property table: 32 in the file itself, 24 in embedded messages, 8 elsewhere */
function readMessage(
  file: CompoundFile,
  storage: CfbStorage,
  headerBytes: number,
  codePage: number | undefined,
): MapiMessage {
  const properties = readProperties(file, storage, headerBytes, codePage)
  const page = properties.number(0x3ffd) ?? properties.number(0x3fde) ?? codePage
  const children = (prefix: string): CfbEntry[] =>
    [...storage.storages]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, MAX_STORAGES)
      .map(([, entry]) => entry)
  return {
    properties,
    recipients: () =>
      children('__recip_version1.0_').map((entry) => readProperties(file, file.storage(entry), 8, page)),
    *attachments() {
      for (const entry of children('__attach_version1.0_')) yield readAttachment(file, entry, page)
    },
  }
}

function readAttachment(file: CompoundFile, entry: CfbEntry, codePage: number | undefined): MapiAttachment {
  const storage = file.storage(entry)
  const inner = storage.storages.get('__substg1.0_3701000D')
  return {
    properties: readProperties(file, storage, 8, codePage),
    embedded() {
      if (inner === undefined) return undefined
      const content = file.storage(inner)
      // an OLE object is a storage too, but no message
      return content.streams.has(PROPERTIES) ? readMessage(file, content, 24, codePage) : undefined
    },
  }
}

function readProperties(
  file: CompoundFile,
  storage: CfbStorage,
  headerBytes: number,
  codePage: number | undefined,
): MapiProperties {
  const values = new Map<number, MapiValue>()
  const table = storage.streams.get(PROPERTIES)
  if (table !== undefined) {
    const bytes = file.read(table)
    for (let at = headerBytes; at + 16 <= bytes.length; at += 16) {
      const type = bytes.readUInt16LE(at)
      if (!INLINE_TYPES.has(type)) continue
      const value = bytes.subarray(at + 8, at + 16)
      values.set(bytes.readUInt16LE(at + 2), { type, read: () => value })
    }
  }
  for (const [name, entry] of storage.streams) {
    const match = /^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})$/i.exec(name)
    if (match === null) continue
    const type = Number.parseInt(match[2] ?? '', 16)
    values.set(Number.parseInt(match[1] ?? '', 16), { type, read: () => file.read(entry) })
  }
  return new MapiProperties(values, codePage)
}
