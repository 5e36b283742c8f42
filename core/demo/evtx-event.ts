import { type Content, type ElementSpec, VALUE } from './evtx-template.ts'

/** One Windows event as the writer takes it. Times in microseconds UTC; hex keywords as `0x...`. */
export interface WindowsEventSpec {
  readonly provider: string
  /** With or without braces. */
  readonly providerGuid?: string | undefined
  readonly eventId: number
  readonly version?: number
  readonly level?: number
  readonly task?: number
  readonly opcode?: number
  readonly keywords?: string
  readonly channel: string
  readonly computer: string
  readonly timeUs: number
  readonly recordId: number
  readonly processId?: number
  readonly threadId?: number
  readonly userSid?: string | undefined
  /** EventData in order; a null name writes an unnamed `<Data>`. */
  readonly data?: readonly (readonly [string | null, string])[]
  /** UserData instead of EventData: one element with children. */
  readonly userData?: {
    readonly element: string
    readonly namespace?: string
    readonly fields: readonly (readonly [string, string])[]
  }
}

const FILETIME_EPOCH_US = 11_644_473_600_000_000n

/** Microseconds since 1970 as FILETIME ticks. */
export function toFiletime(us: number): bigint {
  return (BigInt(us) + FILETIME_EPOCH_US) * 10n
}

export interface TypedValue {
  readonly kind: number
  readonly bytes: Uint8Array
}

/** Values 0..15 are the System fields in this order; the event's own data follow. */
const FIRST_DATA_VALUE = 16

const sub = (value: number, valueKind: number): Content => ({ value, valueKind })
const optional = (value: number, valueKind: number): Content => ({ value, valueKind, isOptional: true })
const leaf = (name: string, content: Content): ElementSpec => ({ name, children: [content] })

/** The template an event needs: one per provider, event, version and list of field names. */
export function eventTemplate(event: WindowsEventSpec): {
  readonly identity: string
  readonly root: ElementSpec
} {
  const fields = event.userData?.fields ?? event.data ?? []
  const identity = JSON.stringify([
    event.provider,
    event.eventId,
    event.version ?? 0,
    event.userData?.element ?? null,
    event.userData?.namespace ?? null,
    fields.map(([name]) => name),
  ])
  const root: ElementSpec = {
    name: 'Event',
    attributes: [['xmlns', { text: 'http://schemas.microsoft.com/win/2004/08/events/event' }]],
    children: [systemElement(), dataElement(event)],
  }
  return { identity, root }
}

function systemElement(): ElementSpec {
  const children: ElementSpec[] = [
    {
      name: 'Provider',
      attributes: [
        ['Name', sub(0, VALUE.string)],
        ['Guid', optional(1, VALUE.guid)],
      ],
    },
    leaf('EventID', sub(2, VALUE.u16)),
    leaf('Version', sub(3, VALUE.u8)),
    leaf('Level', sub(4, VALUE.u8)),
    leaf('Task', sub(5, VALUE.u16)),
    leaf('Opcode', sub(6, VALUE.u8)),
    leaf('Keywords', sub(7, VALUE.hex64)),
    { name: 'TimeCreated', attributes: [['SystemTime', sub(8, VALUE.time)]] },
    leaf('EventRecordID', sub(9, VALUE.u64)),
    { name: 'Correlation', attributes: [['ActivityID', optional(10, VALUE.guid)]] },
    {
      name: 'Execution',
      attributes: [
        ['ProcessID', sub(11, VALUE.u32)],
        ['ThreadID', sub(12, VALUE.u32)],
      ],
    },
    leaf('Channel', sub(13, VALUE.string)),
    leaf('Computer', sub(14, VALUE.string)),
    { name: 'Security', attributes: [['UserID', optional(15, VALUE.sid)]] },
  ]
  return { name: 'System', children }
}

function dataElement(event: WindowsEventSpec): ElementSpec {
  if (event.userData) {
    const { element, namespace, fields } = event.userData
    const children = fields.map(([name], index) => leaf(name, sub(FIRST_DATA_VALUE + index, VALUE.string)))
    const attributes = namespace === undefined ? [] : [['xmlns', { text: namespace }] as const]
    return { name: 'UserData', children: [{ name: element, attributes, children }] }
  }
  const children = (event.data ?? []).map(([name], index): ElementSpec => {
    const content = [sub(FIRST_DATA_VALUE + index, VALUE.string)]
    return name === null
      ? { name: 'Data', children: content }
      : { name: 'Data', attributes: [['Name', { text: name }]], children: content }
  })
  return { name: 'EventData', children }
}

/** The values of one instance of {@link eventTemplate}, in order. */
export function eventValues(event: WindowsEventSpec): TypedValue[] {
  const fields = event.userData?.fields ?? event.data ?? []
  return [
    text(event.provider),
    event.providerGuid === undefined ? NULL : { kind: VALUE.guid, bytes: guidBytes(event.providerGuid) },
    int(VALUE.u16, 2, event.eventId),
    int(VALUE.u8, 1, event.version ?? 0),
    int(VALUE.u8, 1, event.level ?? 4),
    int(VALUE.u16, 2, event.task ?? 0),
    int(VALUE.u8, 1, event.opcode ?? 0),
    big(VALUE.hex64, BigInt(event.keywords ?? '0x8000000000000000')),
    big(VALUE.time, toFiletime(event.timeUs)),
    big(VALUE.u64, BigInt(event.recordId)),
    NULL,
    int(VALUE.u32, 4, event.processId ?? 4),
    int(VALUE.u32, 4, event.threadId ?? 8),
    text(event.channel),
    text(event.computer),
    event.userSid === undefined ? NULL : { kind: VALUE.sid, bytes: sidBytes(event.userSid) },
    ...fields.map(([, value]) => text(value)),
  ]
}

const NULL: TypedValue = { kind: 0, bytes: new Uint8Array(0) }

function text(value: string): TypedValue {
  return { kind: VALUE.string, bytes: Buffer.from(value, 'utf16le') }
}
function int(kind: number, size: number, value: number): TypedValue {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntLE(value, 0, size)
  return { kind, bytes }
}
function big(kind: number, value: bigint): TypedValue {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return { kind, bytes }
}

/** GUID text to its 16 mixed-endian bytes. */
export function guidBytes(guid: string): Uint8Array {
  const hex = Buffer.from(guid.replace(/[{}-]/g, ''), 'hex')
  return Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((from) => hex[from] ?? 0))
}

/** SID text (`S-1-5-21-...`) to its binary form: authority big-endian, sub-authorities little-endian. */
export function sidBytes(sid: string): Uint8Array {
  const parts = sid.split('-').slice(1).map(Number)
  const subAuthorities = parts.slice(2)
  const bytes = Buffer.alloc(8 + 4 * subAuthorities.length)
  bytes[0] = parts[0] ?? 1
  bytes[1] = subAuthorities.length
  bytes.writeUIntBE(parts[1] ?? 0, 2, 6)
  subAuthorities.forEach((value, index) => bytes.writeUInt32LE(value, 8 + 4 * index))
  return bytes
}
