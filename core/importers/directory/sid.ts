import { toSid } from '../../normalise/account.ts'
import { toDnKey } from '../../normalise/distinguished-name.ts'
import { toGuid } from '../../normalise/guid.ts'
import type { AttributeValue } from './attributes.ts'

/** SIDs and GUIDs in the one form that identity compares. */

/**
 * A binary SID as text (MS-DTYP 2.4.2.2): revision, count, 48-bit authority big-endian, 32-bit parts little-endian.
 * @returns undefined when the bytes are no SID
 */
export function decodeSid(bytes: Uint8Array, from = 0): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = bytes[from + 1]
  if (bytes[from] !== 1 || count === undefined || count > 15 || bytes.length < from + 8 + count * 4)
    return undefined
  const authority = view.getUint16(from + 2) * 2 ** 32 + view.getUint32(from + 4)
  const parts = Array.from({ length: count }, (_, index) => view.getUint32(from + 8 + index * 4, true))
  return ['S-1', authority, ...parts].join('-')
}

/** A SID written as text or as bytes. */
export const readSidValue = (value: AttributeValue | undefined): string | undefined =>
  value === undefined
    ? undefined
    : (toSid(value.text) ?? (value.bytes === undefined ? undefined : decodeSid(value.bytes)))

/** A binary GUID as text (MS-DTYP 2.3.4.2): first three fields little-endian. */
export function decodeGuid(bytes: Uint8Array, from = 0): string | undefined {
  if (bytes.length < from + 16) return undefined
  const hex = (...order: readonly number[]): string =>
    order.map((at) => (bytes[from + at] ?? 0).toString(16).padStart(2, '0')).join('')
  return [hex(3, 2, 1, 0), hex(5, 4), hex(7, 6), hex(8, 9), hex(10, 11, 12, 13, 14, 15)].join('-')
}

/** Only SIDs of a domain or machine are unique; `S-1-5-32-544` exists everywhere. */
export function isUniqueSid(sid: string): boolean {
  return sid.startsWith('S-1-5-21-')
}

/** A SID that is the same everywhere becomes unique by its domain, as SharpHound does: `CORP.TEST-S-1-5-32-544`. */
export function toScopedSid(sid: string, domain: string | undefined): string {
  return isUniqueSid(sid) || domain === undefined ? sid : `${domain.toUpperCase()}-${sid}`
}

/**
 * The id of a directory object in its one form: SID (also with a domain before it) in upper case, GUID in lower case without
 * braces, else a distinguished name in {@link toDnKey} form.
 */
export function toObjectId(text: string): string {
  const trimmed = text.trim()
  if (/(?:^|-)S-1-\d+(?:-\d+)*$/i.test(trimmed)) return trimmed.toUpperCase()
  return toGuid(trimmed) ?? toDnKey(trimmed)
}

/** Relative ids of groups that hold the domain or lead to it (MS "well-known SIDs"; tier zero). */
const HIGH_VALUE: ReadonlySet<string> = new Set([
  '498',
  '512',
  '516',
  '518',
  '519',
  '521',
  '526',
  '527',
  '544',
  '548',
  '549',
  '550',
  '551',
])

/** Domains and the groups whose members control one. */
export function isHighValueId(objectId: string, kind: string): boolean {
  if (kind === 'domain') return true
  if (kind !== 'group') return false
  const rid = /-(\d+)$/.exec(objectId)?.[1] ?? ''
  return HIGH_VALUE.has(rid) && (/S-1-5-32-\d+$/.test(objectId) || /S-1-5-21(?:-\d+){4}$/.test(objectId))
}
