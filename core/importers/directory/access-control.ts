import { type GrantedRight, READS_SECRET } from './rights.ts'

/** Entries read of one access list; 64 KiB is the most a descriptor can have, 16 bytes the least an entry takes. */
export const MAX_ACES = 4_096

export const INHERIT_ONLY = 0x08
export const INHERITED = 0x10
export const ALLOW = 0
export const ALLOW_OBJECT = 5
const FULL_CONTROL = 0x000f01ff
const GENERIC_ALL = 0x10000000
const GENERIC_WRITE = 0x40000000
const WRITE_DACL = 0x00040000
const WRITE_OWNER = 0x00080000
const CONTROL_ACCESS = 0x100
const READ_PROPERTY = 0x10
const WRITE_PROPERTY = 0x20
const WRITE_SELF = 0x08

/** One entry of an access list that allows something. */
export interface Ace {
  readonly kind: typeof ALLOW | typeof ALLOW_OBJECT
  readonly flags: number
  readonly principal: string
  readonly mask: number
  /** GUID of the right or attribute it is about; undefined: all. */
  readonly type: string | undefined
}

/** Owner and allowing entries of a security descriptor, from bytes or from text. */
export interface Descriptor {
  readonly owner: string | undefined
  readonly aces: readonly Ace[]
}

/** Rights and attributes by their GUID (formats.md C3). */
const BY_GUID: ReadonlyMap<string, string> = new Map([
  ['1131f6aa-9c07-11d1-f79f-00c04fc2dcd2', 'GetChanges'],
  ['1131f6ad-9c07-11d1-f79f-00c04fc2dcd2', 'GetChangesAll'],
  ['89e95b76-444d-4c62-991a-0facbeda640c', 'GetChangesInFilteredSet'],
  ['00299570-246d-11d0-a768-00aa006e0529', 'ForceChangePassword'],
  ['0e10c968-78fb-11d2-90d4-00c04f79dc55', 'Enroll'],
  ['bf9679c0-0de6-11d0-a285-00aa003049e2', 'AddMember'],
  ['3f78c3e5-f79a-46bd-a0b8-9d18116ddc79', 'AddAllowedToAct'],
  ['f3a64788-5306-11d1-a9c5-0000f80367c1', 'WriteSPN'],
  ['5b47d60f-6090-40b2-9f37-2a4de88f3063', 'AddKeyCredentialLink'],
  ['4c164200-20c0-11d0-a768-00aa006e0529', 'WriteAccountRestrictions'],
  ['f30e3bbe-9ff0-11d1-b603-0000f80367c1', 'WriteGPLink'],
  ['f3531ec6-6330-4f8e-8d39-7a671fbac605', 'ReadLAPSPassword'],
  ['aa4e1a6d-550d-4e05-8c35-4afcb917a9fe', 'ReadTpmOwner'],
])
/**
 * Attributes that are secret: read by who may read them and holds control access on them (MS-ADTS 3.1.1.4.4). The property set
 * of encrypted LAPS passwords has one GUID everywhere; the attributes of plain ones are given another GUID in each forest.
 */
const SECRET: ReadonlySet<string> = new Set(['ReadLAPSPassword', 'ReadTpmOwner'])
/** Rights among them that are exercised, not written. */
const EXTENDED: ReadonlySet<string> = new Set([
  'GetChanges',
  'GetChangesAll',
  'GetChangesInFilteredSet',
  'ForceChangePassword',
  'Enroll',
])

/** Creator Owner, Principal Self and SYSTEM hold rights on everything and say nothing. */
const SILENT: ReadonlySet<string> = new Set(['S-1-3-0', 'S-1-5-10', 'S-1-5-18'])

const isInEffect = (ace: Ace): boolean => (ace.flags & INHERIT_ONLY) === 0 && !SILENT.has(ace.principal)

/**
 * Rights out of a security descriptor, under the names SharpHound gives them. Entries that deny, only pass on to children,
 * or are broken are left out.
 */
export function listRights({ owner, aces }: Descriptor): GrantedRight[] {
  const owns: GrantedRight[] =
    owner === undefined || SILENT.has(owner) ? [] : [{ principal: owner, right: 'Owns', isInherited: false }]
  return [
    ...owns,
    ...aces.filter(isInEffect).flatMap((ace) =>
      toRights(ace).map((right) => ({
        principal: ace.principal,
        right,
        isInherited: (ace.flags & INHERITED) !== 0,
      })),
    ),
  ]
}

/** SIDs that the access list allows anything: the meaning of `msDS-AllowedToActOnBehalfOfOtherIdentity`. */
export function listAllowed({ aces }: Descriptor): string[] {
  return [...new Set(aces.filter(isInEffect).map((ace) => ace.principal))]
}

function toRights({ mask, type }: Ace): string[] {
  const has = (bits: number): boolean => (mask & bits) >>> 0 === bits
  if (type !== undefined) {
    const named = BY_GUID.get(type)
    const readsSecret = has(READ_PROPERTY | CONTROL_ACCESS)
    if (named === undefined) return readsSecret ? [READS_SECRET] : []
    if (SECRET.has(named)) return readsSecret ? [named] : []
    if (EXTENDED.has(named)) return has(CONTROL_ACCESS) ? [named] : []
    return has(WRITE_PROPERTY) || (named === 'AddMember' && has(WRITE_SELF)) ? [named] : []
  }
  if (has(GENERIC_ALL) || has(FULL_CONTROL)) return ['GenericAll']
  const rights: string[] = []
  if (has(GENERIC_WRITE) || has(WRITE_PROPERTY)) rights.push('GenericWrite')
  if (has(WRITE_DACL)) rights.push('WriteDacl')
  if (has(WRITE_OWNER)) rights.push('WriteOwner')
  if (has(CONTROL_ACCESS)) rights.push('AllExtendedRights')
  return rights
}
