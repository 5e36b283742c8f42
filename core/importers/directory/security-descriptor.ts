import type { GrantedRight } from './rights.ts'
import { decodeGuid, decodeSid } from './sid.ts'

/** Entries read of one access list; 64 KiB is the most a descriptor can have, 16 bytes the least an entry takes. */
const MAX_ACES = 4_096

const INHERIT_ONLY = 0x08
const INHERITED = 0x10
const ALLOW = 0
const ALLOW_OBJECT = 5
const FULL_CONTROL = 0x000f01ff
const GENERIC_ALL = 0x10000000
const GENERIC_WRITE = 0x40000000
const WRITE_DACL = 0x00040000
const WRITE_OWNER = 0x00080000
const CONTROL_ACCESS = 0x100
const WRITE_PROPERTY = 0x20
const WRITE_SELF = 0x08

/** Rights and attributes by their GUID (formats.md C3). */
const BY_GUID: ReadonlyMap<string, string> = new Map([
  ['1131f6aa-9c07-11d1-f79f-00c04fc2dcd2', 'GetChanges'],
  ['1131f6ad-9c07-11d1-f79f-00c04fc2dcd2', 'GetChangesAll'],
  ['00299570-246d-11d0-a768-00aa006e0529', 'ForceChangePassword'],
  ['bf9679c0-0de6-11d0-a285-00aa003049e2', 'AddMember'],
])

/** Creator Owner, Principal Self and SYSTEM hold rights on everything and say nothing. */
const SILENT: ReadonlySet<string> = new Set(['S-1-3-0', 'S-1-5-10', 'S-1-5-18'])

interface Ace {
  readonly principal: string
  readonly mask: number
  readonly type: string | undefined
  readonly isInherited: boolean
}

/**
 * Rights out of a self-relative security descriptor (MS-DTYP 2.4.6), under the names SharpHound gives them.
 * Entries that deny, only pass on to children, or are broken are left out.
 */
export function readRights(bytes: Uint8Array): GrantedRight[] {
  const owner = readOwner(bytes)
  const owns: GrantedRight[] =
    owner === undefined || SILENT.has(owner) ? [] : [{ principal: owner, right: 'Owns', isInherited: false }]
  return [
    ...owns,
    ...readAces(bytes).flatMap((ace) =>
      toRights(ace).map((right) => ({ principal: ace.principal, right, isInherited: ace.isInherited })),
    ),
  ]
}

/** SIDs that the access list allows anything: the meaning of `msDS-AllowedToActOnBehalfOfOtherIdentity`. */
export function listAllowed(bytes: Uint8Array): string[] {
  return [...new Set(readAces(bytes).map((ace) => ace.principal))]
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function readOwner(bytes: Uint8Array): string | undefined {
  if (bytes.length < 20) return undefined
  const at = viewOf(bytes).getUint32(4, true)
  return at === 0 ? undefined : decodeSid(bytes, at)
}

function readAces(bytes: Uint8Array): Ace[] {
  if (bytes.length < 20 || bytes[0] !== 1) return []
  const view = viewOf(bytes)
  const list = view.getUint32(16, true)
  if (list === 0 || list + 8 > bytes.length) return []
  const count = Math.min(view.getUint16(list + 4, true), MAX_ACES)
  const aces: Ace[] = []
  let at = list + 8
  for (let index = 0; index < count && at + 8 <= bytes.length; index++) {
    const size = view.getUint16(at + 2, true)
    if (size < 8 || at + size > bytes.length) break
    const ace = readAce(bytes, view, at, size)
    if (ace !== undefined && !SILENT.has(ace.principal)) aces.push(ace)
    at += size
  }
  return aces
}

function readAce(bytes: Uint8Array, view: DataView, at: number, size: number): Ace | undefined {
  const kind = bytes[at]
  const flags = bytes[at + 1] ?? 0
  if ((kind !== ALLOW && kind !== ALLOW_OBJECT) || (flags & INHERIT_ONLY) !== 0) return undefined
  const mask = view.getUint32(at + 4, true)
  let sidAt = at + 8
  let type: string | undefined
  if (kind === ALLOW_OBJECT) {
    if (size < 12) return undefined
    const present = view.getUint32(at + 8, true)
    sidAt = at + 12
    if ((present & 1) !== 0) {
      type = decodeGuid(bytes, sidAt)
      sidAt += 16
    }
    if ((present & 2) !== 0) sidAt += 16
  }
  const principal = decodeSid(bytes, sidAt)
  return principal === undefined
    ? undefined
    : { principal, mask, type, isInherited: (flags & INHERITED) !== 0 }
}

function toRights({ mask, type }: Ace): string[] {
  const has = (bits: number): boolean => (mask & bits) === bits
  if (type !== undefined) {
    const named = BY_GUID.get(type)
    if (named === undefined) return []
    return named === 'AddMember'
      ? has(WRITE_PROPERTY) || has(WRITE_SELF)
        ? [named]
        : []
      : has(CONTROL_ACCESS)
        ? [named]
        : []
  }
  if (has(GENERIC_ALL) || has(FULL_CONTROL)) return ['GenericAll']
  const rights: string[] = []
  if (has(GENERIC_WRITE) || has(WRITE_PROPERTY)) rights.push('GenericWrite')
  if (has(WRITE_DACL)) rights.push('WriteDacl')
  if (has(WRITE_OWNER)) rights.push('WriteOwner')
  if (has(CONTROL_ACCESS)) rights.push('AllExtendedRights')
  return rights
}
