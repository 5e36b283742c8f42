import { encodeValue, type PropertyList } from './make-msg.ts'

export interface TnefAttachment {
  readonly title: string
  readonly bytes: Uint8Array
  readonly properties?: PropertyList
}

/** A `winmail.dat` (MS-OXTNEF) with these properties and attachments. */
export function makeTnef(properties: PropertyList, attachments: readonly TnefAttachment[]): Buffer {
  const codePage = Buffer.alloc(8)
  codePage.writeUInt32LE(1252)
  return Buffer.concat([
    Buffer.from([0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00]),
    attribute(1, 0x0006_9007, codePage),
    attribute(1, 0x0006_9003, encodeProperties(properties)),
    ...attachments.flatMap((attachment) => [
      attribute(2, 0x0006_9002, Buffer.alloc(14)),
      attribute(2, 0x0001_8010, Buffer.from(`${attachment.title}\0`, 'latin1')),
      attribute(2, 0x0006_800f, Buffer.from(attachment.bytes)),
      attribute(2, 0x0006_9005, encodeProperties(attachment.properties ?? {})),
    ]),
  ])
}

function attribute(level: number, id: number, content: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head[0] = level
  head.writeUInt32LE(id, 1)
  head.writeUInt32LE(content.length, 5)
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(content.reduce((total, byte) => (total + byte) & 0xffff, 0))
  return Buffer.concat([head, content, sum])
}

function encodeProperties(list: PropertyList): Buffer {
  const rows = Object.entries(list)
  const count = Buffer.alloc(4)
  count.writeUInt32LE(rows.length)
  return Buffer.concat([
    count,
    ...rows.map(([key, value]) => {
      const { type, bytes, isInline } = encodeValue(value)
      const head = Buffer.alloc(4)
      head.writeUInt16LE(type, 0)
      head.writeUInt16LE(Number(key), 2)
      if (isInline) return Buffer.concat([head, bytes])
      const lengths = Buffer.alloc(8)
      lengths.writeUInt32LE(1, 0)
      lengths.writeUInt32LE(bytes.length, 4)
      return Buffer.concat([head, lengths, bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
    }),
  ])
}
