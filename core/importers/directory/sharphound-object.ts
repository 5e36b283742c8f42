import type { DirectoryEdge, DirectoryItem, DirectoryKind } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import { toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toAccessEdges } from './rights.ts'
import { isHighValueId, isUniqueSid, toObjectId } from './sid.ts'
import { fromUnixSeconds, latest } from './times.ts'

/** Group policies times computers of one object can explode; more edges than this are left out and reported. */
export const MAX_OBJECT_EDGES = 200_000

/** A JSON object as a map, so that keys from outside are only names. */
export type Fields = ReadonlyMap<string, unknown>
export const toFields = (value: unknown): Fields =>
  new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [])

const text = (fields: Fields, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = fields.get(name)
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return undefined
}
const flag = (fields: Fields, name: string): boolean | undefined => {
  const value = fields.get(name)
  return typeof value === 'boolean' ? value : undefined
}
/** A list, or the `Results` of a collection that may have failed; anything else is empty. */
const list = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields.get(name)
  if (Array.isArray(value)) return value
  const results = toFields(value).get('Results')
  return Array.isArray(results) ? results : []
}
/** The id in a typed principal, or in the older forms of it. */
const idOf = (entry: unknown): string | undefined => {
  const id =
    typeof entry === 'string'
      ? entry
      : text(toFields(entry), 'ObjectIdentifier', 'MemberId', 'ObjectId', 'GUID', 'Guid')
  return id === undefined ? undefined : toObjectId(id)
}
const idsIn = (fields: Fields, name: string): string[] =>
  list(fields, name)
    .map(idOf)
    .filter((id) => id !== undefined)

/** Kind by `meta.type`. */
const KINDS: ReadonlyMap<string, DirectoryKind> = new Map<string, DirectoryKind>([
  ['users', 'user'],
  ['computers', 'computer'],
  ['groups', 'group'],
  ['domains', 'domain'],
  ['gpos', 'gpo'],
  ['ous', 'ou'],
  ['containers', 'container'],
])

/** The kind from `meta.type`; when that is missing (a truncated file), from the members that only one kind has. */
export function toKind(type: string | undefined, fields: Fields): DirectoryKind {
  if (type !== undefined) return KINDS.get(type.toLowerCase()) ?? 'other'
  if (fields.has('Members')) return 'group'
  if (fields.has('LocalGroups') || fields.has('Sessions') || fields.has('LocalAdmins')) return 'computer'
  if (fields.has('PrimaryGroupSID')) return 'user'
  if (fields.has('Trusts')) return 'domain'
  if (fields.has('Links')) return 'ou'
  if (toFields(fields.get('Properties')).has('gpcpath')) return 'gpo'
  return fields.has('ChildObjects') ? 'container' : 'other'
}

export interface SharpHoundObject {
  readonly item: DirectoryItem
  readonly hasTooManyEdges: boolean
}

/**
 * One element of `data` as a directory object (formats.md C3).
 * @returns undefined when it is neither an object with an identifier nor a session row
 */
export function toSharpHoundItem(fields: Fields, type: string | undefined): SharpHoundObject | undefined {
  const written = text(fields, 'ObjectIdentifier')
  if (written === undefined) return toSessionItem(fields)
  const properties = toFields(fields.get('Properties'))
  const kind = toKind(type, fields)
  const objectId = toObjectId(written)
  const isDeleted = flag(fields, 'IsDeleted') === true
  const edges = isDeleted ? [] : listEdges(fields, objectId, kind)
  const name = text(properties, 'name') ?? written
  const sid = toSid(objectId)
  const isHost = kind === 'computer' && name.includes('.') && !name.includes('@')
  const item: DirectoryItem = {
    type: 'directory',
    kind,
    objectId,
    sid: sid !== undefined && isUniqueSid(sid) ? sid : undefined,
    guid: toGuid(objectId) ?? toGuid(text(properties, 'objectguid') ?? ''),
    dn: text(properties, 'distinguishedname'),
    name,
    displayName: text(properties, 'displayname'),
    samAccountName: text(properties, 'samaccountname'),
    upn: text(properties, 'userprincipalname'),
    mail: text(properties, 'email')?.toLowerCase(),
    domain: text(properties, 'domain')?.toLowerCase(),
    netbiosDomain: text(properties, 'netbios'),
    dnsHostName: text(properties, 'dnshostname')?.toLowerCase() ?? (isHost ? name.toLowerCase() : undefined),
    operatingSystem: text(properties, 'operatingsystem'),
    department: text(properties, 'department'),
    title: text(properties, 'title'),
    // a tombstone keeps its names for old events, but nothing of what it could do
    enabled: isDeleted ? false : flag(properties, 'enabled'),
    isDomainController: flag(fields, 'IsDC') ?? flag(properties, 'isdc'),
    isHighValue: flag(properties, 'highvalue') ?? (isHighValueId(objectId, kind) || undefined),
    createdAt: fromUnixSeconds(properties.get('whencreated')),
    lastLogonAt: latest(
      fromUnixSeconds(properties.get('lastlogon')),
      fromUnixSeconds(properties.get('lastlogontimestamp')),
    ),
    passwordSetAt: fromUnixSeconds(properties.get('pwdlastset')),
    edges: edges.slice(0, MAX_OBJECT_EDGES),
  }
  return { item, hasTooManyEdges: edges.length > MAX_OBJECT_EDGES }
}

/**
 * A row of a separate sessions file: the computer that holds a session of the user. It states nothing else about the
 * computer, so it is of kind `other` and gives no names.
 */
function toSessionItem(fields: Fields): SharpHoundObject | undefined {
  const computer = text(fields, 'ComputerSID', 'ComputerId')
  const user = text(fields, 'UserSID', 'UserId')
  if (computer === undefined || user === undefined) return undefined
  const objectId = toObjectId(computer)
  const edges: DirectoryEdge[] = [{ right: 'has-session', from: objectId, to: toObjectId(user) }]
  return {
    item: { type: 'directory', kind: 'other', objectId, name: objectId, edges },
    hasTooManyEdges: false,
  }
}

/** Local groups by the relative id at the end of their identifier (S-1-5-32-RID). */
const LOCAL_GROUPS: ReadonlyMap<string, PossibleRelationKind> = new Map<string, PossibleRelationKind>([
  ['544', 'admin-to'],
  ['555', 'can-rdp'],
  ['580', 'can-psremote'],
])
/** The same as separate lists of older collectors and of `GPOChanges`. */
const LOCAL_LISTS: readonly (readonly [string, PossibleRelationKind])[] = [
  ['LocalAdmins', 'admin-to'],
  ['RemoteDesktopUsers', 'can-rdp'],
  ['PSRemoteUsers', 'can-psremote'],
]
const SESSION_LISTS = ['Sessions', 'PrivilegedSessions', 'RegistrySessions']

function listEdges(fields: Fields, objectId: string, kind: DirectoryKind): DirectoryEdge[] {
  const edges = new Map<string, DirectoryEdge>()
  const add = (right: PossibleRelationKind, from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || from === to || edges.size > MAX_OBJECT_EDGES) return
    edges.set(`${right} ${from} ${to}`, { right, from, to })
  }
  for (const member of idsIn(fields, 'Members')) add('member-of', member, objectId)
  add('member-of', objectId, idOf(fields.get('PrimaryGroupSID') ?? undefined))
  for (const target of idsIn(fields, 'AllowedToDelegate')) add('allowed-to-delegate', objectId, target)
  for (const actor of idsIn(fields, 'AllowedToAct')) add('allowed-to-act', actor, objectId)
  for (const name of SESSION_LISTS)
    for (const session of list(fields, name).map(toFields)) {
      const user = text(session, 'UserSID', 'UserId')
      add('has-session', objectId, user === undefined ? undefined : toObjectId(user))
    }
  for (const group of list(fields, 'LocalGroups').map(toFields)) {
    const right = LOCAL_GROUPS.get(/-(\d+)$/.exec(text(group, 'ObjectIdentifier') ?? '')?.[1] ?? '')
    if (right !== undefined) for (const member of idsIn(group, 'Results')) add(right, member, objectId)
  }
  for (const [name, right] of LOCAL_LISTS)
    for (const member of idsIn(fields, name)) add(right, member, objectId)
  addPolicyEdges(fields, objectId, add)
  for (const trust of list(fields, 'Trusts').map(toFields)) addTrust(trust, objectId, add)
  const rights = list(fields, 'Aces')
    .map(toFields)
    .flatMap((ace) => {
      const principal = text(ace, 'PrincipalSID')
      const right = text(ace, 'RightName')
      if (principal === undefined || right === undefined) return []
      return [{ principal: toObjectId(principal), right, isInherited: flag(ace, 'IsInherited') === true }]
    })
  const hasLaps = flag(toFields(fields.get('Properties')), 'haslaps')
  return [...edges.values(), ...toAccessEdges(rights, { objectId, kind, hasLaps })]
}

type Add = (right: PossibleRelationKind, from: string | undefined, to: string | undefined) => void

/** Linked policies apply to the object and to the computers below it; what they put into local groups counts there. */
function addPolicyEdges(fields: Fields, objectId: string, add: Add): void {
  const links = list(fields, 'Links').map((link) => idOf(toFields(link).get('GUID') ?? link))
  const changes = toFields(fields.get('GPOChanges'))
  const computers = idsIn(changes, 'AffectedComputers')
  for (const policy of links) {
    add('gpo-applies-to', policy, objectId)
    for (const computer of computers) add('gpo-applies-to', policy, computer)
  }
  for (const [name, right] of LOCAL_LISTS)
    for (const member of idsIn(changes, name)) for (const computer of computers) add(right, member, computer)
}

/** Attack direction: accounts of the trusted side can be used on the trusting side. Inbound: the other domain trusts this one. */
function addTrust(trust: Fields, objectId: string, add: Add): void {
  const sid = text(trust, 'TargetDomainSid')
  const name = text(trust, 'TargetDomainName')
  const other =
    sid !== undefined
      ? toObjectId(sid)
      : name
          ?.toLowerCase()
          .split('.')
          .map((label) => `dc=${label}`)
          .join(',')
  const direction = String(trust.get('TrustDirection') ?? '').toLowerCase()
  if (['inbound', '1', 'bidirectional', '3'].includes(direction)) add('trusts', objectId, other)
  if (['outbound', '2', 'bidirectional', '3'].includes(direction)) add('trusts', other, objectId)
}
