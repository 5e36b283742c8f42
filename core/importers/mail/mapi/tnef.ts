import type { MapiAttachment, MapiMessage } from './message.ts'
import { MapiProperties, type MapiValue } from './properties.ts'

/** `winmail.dat` (MS-OXTNEF): Outlook's properties as a stream of attributes. */
const SIGNATURE = 0x223e9f78
/** Attributes and properties looked at; every one takes at least some bytes, so this only bounds memory. */
const MAX_ATTRIBUTES = 50_000
const MAX_PROPERTIES = 20_000

const ATTRIBUTE = {
  codePage: 0x9007,
  body: 0x800c,
  subject: 0x8004,
  messageProperties: 0x9003,
  attachmentBegin: 0x9002,
  attachmentTitle: 0x8010,
  attachmentBytes: 0x800f,
  attachmentProperties: 0x9005,
}

export const isTnef = (bytes: Uint8Array): boolean =>
  bytes.length > 6 && bytes[0] === 0x78 && bytes[1] === 0x9f && bytes[2] === 0x3e && bytes[3] === 0x22

export interface TnefFile {
  readonly message: MapiMessage
  /** The stream ends inside an attribute. */
  readonly isDamaged: boolean
}

type Values = Map<number, MapiValue>

/** Opens the bytes of a `winmail.dat`; undefined when they are none. What comes before damage is kept. */
export function openTnef(given: Uint8Array): TnefFile | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  if (!isTnef(bytes) || bytes.readUInt32LE(0) !== SIGNATURE) return undefined
  const message: Values = new Map()
  const attachments: Values[] = []
  let codePage: number | undefined
  let isDamaged = false
  let at = 6
  for (let count = 0; at + 9 <= bytes.length && count < MAX_ATTRIBUTES; count++) {
    const id = bytes.readUInt16LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const content = bytes.subarray(at + 9, at + 9 + length)
    if (content.length < length) isDamaged = true
    at += 9 + length + 2
    if (id === ATTRIBUTE.attachmentBegin) attachments.push(new Map())
    const attachment = attachments.at(-1)
    if (id === ATTRIBUTE.codePage && content.length >= 4) codePage = content.readUInt32LE(0)
    else if (id === ATTRIBUTE.subject) setText(message, 0x0037, content)
    else if (id === ATTRIBUTE.body) setText(message, 0x1000, content)
    else if (id === ATTRIBUTE.messageProperties) isDamaged = !readValues(content, message) || isDamaged
    else if (attachment === undefined) continue
    else if (id === ATTRIBUTE.attachmentTitle) setText(attachment, 0x3704, content)
    else if (id === ATTRIBUTE.attachmentBytes) attachment.set(0x3701, { type: 0x0102, read: () => content })
    else if (id === ATTRIBUTE.attachmentProperties) isDamaged = !readValues(content, attachment) || isDamaged
  }
  return {
    message: {
      properties: new MapiProperties(message, codePage),
      recipients: () => [],
      attachments: () => attachments.map((values) => toAttachment(values, codePage)),
    },
    isDamaged,
  }
}

const setText = (values: Values, id: number, content: Buffer): void => {
  if (!values.has(id)) values.set(id, { type: 0x1e, read: () => content })
}

/** An embedded message is a TNEF stream after the 16 bytes of an interface id. */
function toAttachment(values: Values, codePage: number | undefined): MapiAttachment {
  const stored = values.get(0x3701)
  return {
    properties: new MapiProperties(values, codePage),
    embedded: () => (stored?.type === 0x0d ? openTnef(stored.read().subarray(16))?.message : undefined),
  }
}

const FIXED_BYTES = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x0a, 4],
  [0x0b, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
])
const MULTIPLE = 0x1000
const padded = (length: number): number => length + ((4 - (length % 4)) % 4)

/** MAPI properties as TNEF writes them (MS-OXTNEF 2.1.3.4). @returns false when they end too early */
function readValues(bytes: Buffer, into: Values): boolean {
  if (bytes.length < 4) return false
  const count = Math.min(bytes.readUInt32LE(0), MAX_PROPERTIES)
  let at = 4
  for (let index = 0; index < count; index++) {
    if (at + 8 > bytes.length) return false
    const type = bytes.readUInt16LE(at)
    const id = bytes.readUInt16LE(at + 2)
    at += 4
    if (id >= 0x8000) {
      // a named property: id of its set, then a number or a name
      const kind = at + 20 <= bytes.length ? bytes.readUInt32LE(at + 16) : 0
      at += 20
      if (at + 4 > bytes.length) return false
      at += kind === 0 ? 4 : 4 + padded(bytes.readUInt32LE(at))
      if (at + 4 > bytes.length) return false
    }
    const fixed = FIXED_BYTES.get(type & ~MULTIPLE)
    if (fixed !== undefined && (type & MULTIPLE) === 0) {
      const value = bytes.subarray(at, at + fixed)
      if (value.length < fixed) return false
      into.set(id, { type, read: () => value })
      at += fixed
      continue
    }
    if (at + 4 > bytes.length) return false
    const values = bytes.readUInt32LE(at)
    at += 4
    if (fixed !== undefined) {
      at += fixed * values
      continue
    }
    for (let item = 0; item < values; item++) {
      if (at + 4 > bytes.length) return false
      const length = bytes.readUInt32LE(at)
      const value = bytes.subarray(at + 4, at + 4 + length)
      // of several values the first stands for all
      if (item === 0) into.set(id, { type: type & ~MULTIPLE, read: () => value })
      at += 4 + padded(length)
    }
  }
  return at <= bytes.length
}
