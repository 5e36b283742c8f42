import type { DirectoryEdge, DirectoryItem, DirectoryKind } from '../../model/directory.ts'
import { toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { type Fields, flag, text, toFields } from './fields.ts'
import { listEdges, MAX_OBJECT_EDGES } from './sharphound-edges.ts'
import { isHighValueId, isUniqueSid, toObjectId } from './sid.ts'
import { fromUnixSeconds, latest } from './times.ts'
import type { UnrelatedRights } from './unrelated-rights.ts'

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

/** What is known of the file an object stands in. */
export interface Collection {
  /** `meta.type`: `users`, `computers` ...; undefined when the file ends before it. */
  readonly type: string | undefined
  /** Microseconds UTC. */
  readonly collectedAt: number | undefined
  readonly unrelated: UnrelatedRights
}

export interface SharpHoundObject {
  readonly item: DirectoryItem
  readonly hasTooManyEdges: boolean
}

/**
 * One element of `data` as a directory object (formats.md C3).
 * @param collection `unrelated` takes the rights that no relation stands for
 * @returns undefined when it is neither an object with an identifier nor a session row
 */
export function toSharpHoundItem(
  fields: Fields,
  { type, collectedAt, unrelated }: Collection,
): SharpHoundObject | undefined {
  const written = text(fields, 'ObjectIdentifier')
  if (written === undefined) return toSessionItem(fields, collectedAt)
  const properties = toFields(fields.get('Properties'))
  const kind = toKind(type, fields)
  const objectId = toObjectId(written)
  const isDeleted = flag(fields, 'IsDeleted') === true
  const edges = isDeleted ? [] : listEdges(fields, objectId, kind, unrelated)
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
    collectedAt,
    edges: edges.slice(0, MAX_OBJECT_EDGES),
  }
  return { item, hasTooManyEdges: edges.length > MAX_OBJECT_EDGES }
}

/**
 * A row of a separate sessions file: the computer that holds a session of the user. It states nothing else about the
 * computer, so it is of kind `other` and gives no names.
 */
function toSessionItem(fields: Fields, collectedAt: number | undefined): SharpHoundObject | undefined {
  const computer = text(fields, 'ComputerSID', 'ComputerId')
  const user = text(fields, 'UserSID', 'UserId')
  if (computer === undefined || user === undefined) return undefined
  const objectId = toObjectId(computer)
  const edges: DirectoryEdge[] = [{ right: 'has-session', from: objectId, to: toObjectId(user) }]
  return {
    item: { type: 'directory', kind: 'other', objectId, name: objectId, collectedAt, edges },
    hasTooManyEdges: false,
  }
}
