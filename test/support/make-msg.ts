import { makeCfb, type CfbFolder } from './make-cfb.ts'

/** A property value: text (Unicode), bytes, whole number, truth or time. */
export type PropertyValue = string | Uint8Array | number | boolean | Date

export type PropertyList = Readonly<Record<number, PropertyValue>>

export interface MsgAttachment {
  readonly properties: PropertyList
  readonly message?: MsgMessage
}
export interface MsgMessage {
  readonly properties: PropertyList
  readonly recipients?: readonly PropertyList[]
  readonly attachments?: readonly MsgAttachment[]
}

export const toFileTime = (date: Date): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(date.getTime()) * 10_000n + 116_444_736_000_000_000n)
  return bytes
}

/** Type number and bytes of a value; `isInline` ones stand in the property table itself. */
export function encodeValue(value: PropertyValue): { type: number; bytes: Buffer; isInline: boolean } {
  if (typeof value === 'string') return { type: 0x1f, bytes: Buffer.from(value, 'utf16le'), isInline: false }
  if (value instanceof Date) return { type: 0x40, bytes: toFileTime(value), isInline: true }
  if (typeof value === 'object') return { type: 0x102, bytes: Buffer.from(value), isInline: false }
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(Number(value))
  return { type: typeof value === 'boolean' ? 0x0b : 0x03, bytes, isInline: true }
}

/** The bytes of an Outlook `.msg` (MS-OXMSG) with these properties, recipients and attachments. */
export function makeMsg(message: MsgMessage): Buffer {
  return makeCfb(messageFolder(message, 32))
}

function messageFolder(message: MsgMessage, headerBytes: number): CfbFolder {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(message.recipients?.length ?? 0, 16)
  header.writeUInt32LE(message.attachments?.length ?? 0, 20)
  const number = (index: number): string => index.toString(16).toUpperCase().padStart(8, '0')
  return {
    ...properties(message.properties, header),
    ...Object.fromEntries(
      (message.recipients ?? []).map((recipient, index) => [
        `__recip_version1.0_#${number(index)}`,
        properties(recipient, Buffer.alloc(8)),
      ]),
    ),
    ...Object.fromEntries(
      (message.attachments ?? []).map((attachment, index) => [
        `__attach_version1.0_#${number(index)}`,
        {
          ...properties(attachment.properties, Buffer.alloc(8)),
          ...(attachment.message === undefined
            ? {}
            : { '__substg1.0_3701000D': messageFolder(attachment.message, 24) }),
        },
      ]),
    ),
  }
}

function properties(list: PropertyList, header: Buffer): CfbFolder {
  const table = [header]
  const folder: Record<string, Uint8Array> = {}
  for (const [key, value] of Object.entries(list)) {
    const id = Number(key)
    const { type, bytes, isInline } = encodeValue(value)
    const row = Buffer.alloc(16)
    row.writeUInt16LE(type, 0)
    row.writeUInt16LE(id, 2)
    row.writeUInt32LE(6, 4)
    if (isInline) bytes.copy(row, 8)
    else {
      row.writeUInt32LE(bytes.length + (type === 0x1f ? 2 : 0), 8)
      const hex = (number: number): string => number.toString(16).toUpperCase().padStart(4, '0')
      folder[`__substg1.0_${hex(id)}${hex(type)}`] = bytes
    }
    table.push(row)
  }
  return { ...folder, '__properties_version1.0': Buffer.concat(table) }
}
