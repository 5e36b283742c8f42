import type { DateOrder } from '../../model/date-order.ts'
import type { DirectoryEdge, DirectoryItem } from '../../model/directory.ts'
import { toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { parseTime } from '../../normalise/time.ts'
import { member, scalarText } from '../json/parse-object.ts'
import type { NamedRow } from '../log/named-row.ts'
import { isLost } from './powershell-object.ts'
import { isUniqueSid } from './sid.ts'
import { latest } from './times.ts'

export type EntraKind = 'user' | 'group' | 'device'

/** What is known beside the rows. */
export interface EntraExport {
  readonly zone: string
  readonly dateOrder: DateOrder | null
  /** Microseconds UTC. */
  readonly collectedAt: number | undefined
}

/** A group may have a hundred thousand members expanded into it; more than this is no answer of Graph. */
const MAX_MEMBERS = 200_000

/** The object id: `id` of Graph, `objectId` of older modules and of the portal. */
export const entraId = (row: NamedRow): string | undefined =>
  toGuid(row.text('objectId', 'id', 'Object Id', 'ObjectID'))

/**
 * A user, group or device of Entra ID by the property names of Graph, as the portal, the PowerShell modules, Graph and
 * AzureHound write it (formats.md C3, C4). The SID of the synchronised account in AD joins both.
 * @returns undefined when it has no object id and no name to sign in with
 */
export function toEntraObject(row: NamedRow, kind: EntraKind, about: EntraExport): DirectoryItem | undefined {
  const text = (...names: readonly string[]): string | undefined => {
    const found = row.text(...names)
    return found === undefined || isLost(found) ? undefined : found
  }
  const time = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : parseTime(value, about.zone, about.dateOrder)?.us
  const id = entraId(row)
  const upn = kind === 'user' ? text('userPrincipalName', 'UPN', 'User principal name') : undefined
  const objectId = id ?? upn?.toLowerCase()
  if (objectId === undefined) return undefined
  const sid = toSid(text('onPremisesSecurityIdentifier'))
  const displayName = text('displayName', 'Display name', 'Name')
  const proxies = readProxies(row)
  const activity = row.value('signInActivity')
  return {
    type: 'directory',
    kind: kind === 'device' ? 'computer' : kind,
    objectId,
    sid: sid !== undefined && isUniqueSid(sid) ? sid : undefined,
    guid: kind === 'device' ? toGuid(text('deviceId', 'Device ID')) : id,
    dn: text('onPremisesDistinguishedName'),
    name: displayName ?? upn ?? objectId,
    displayName,
    samAccountName: text('onPremisesSamAccountName'),
    upn,
    mail: kind === 'device' ? undefined : toAddressKey(text('mail') ?? ''),
    proxyAddresses: proxies.length === 0 ? undefined : proxies,
    domain: text('onPremisesDomainName')?.toLowerCase(),
    netbiosDomain: text('onPremisesNetBiosName')?.toUpperCase(),
    dnsHostName: kind === 'device' ? fullHost(text('hostnames', 'dnsHostName')) : undefined,
    operatingSystem: joinWords(
      text('operatingSystem', 'OS', 'DeviceOSType'),
      text('operatingSystemVersion', 'OS version', 'DeviceOSVersion'),
    ),
    department: text('department'),
    title: text('jobTitle', 'Job title'),
    enabled: readFlag(text('accountEnabled', 'Enabled', 'Account enabled')),
    isHighValue: readFlag(text('isAssignableToRole')) === true || undefined,
    createdAt: time(text('createdDateTime', 'registrationDateTime', 'registrationTime', 'whenCreated')),
    // the last synchronisation of a single object is the firmest sign of when an export was made
    changedAt: latest(
      time(text('onPremisesLastSyncDateTime', 'LastDirSyncTime')),
      time(text('refreshTokensValidFromDateTime', 'signInSessionsValidFromDateTime')),
    ),
    lastLogonAt: latest(
      time(scalarText(member(activity, 'lastSignInDateTime'))),
      time(text('approximateLastSignInDateTime', 'ApproximateLastLogonTimeStamp', 'Last sign-in')),
    ),
    passwordSetAt: time(text('lastPasswordChangeDateTime', 'LastPasswordChangeTimestamp')),
    collectedAt: about.collectedAt,
    edges: readEdges(row, kind, objectId),
  }
}

const fullHost = (text: string | undefined): string | undefined => {
  const host = toHost(text)?.toLowerCase()
  return host?.includes('.') === true ? host : undefined
}
const joinWords = (...words: readonly (string | undefined)[]): string | undefined =>
  words.filter((word) => word !== undefined).join(' ') || undefined
const readFlag = (text: string | undefined): boolean | undefined =>
  text === undefined || !/^(?:true|false|yes|no)$/i.test(text) ? undefined : /^(?:true|yes)$/i.test(text)

/** Addresses in lower case, the primary (`SMTP:`) first; a list, or one text with separators. */
function readProxies(row: NamedRow): string[] {
  const written = row
    .list('proxyAddresses')
    .flatMap((value) => scalarText(value) ?? [])
    .flatMap((value) => value.split(/[;|,\s]+/))
    .filter((value) => /^smtp:.+@/i.test(value))
  const ordered = [
    ...written.filter((value) => value.startsWith('SMTP:')),
    ...written.filter((value) => !value.startsWith('SMTP:')),
  ]
  return [...new Set(ordered.flatMap((value) => toAddressKey(value) ?? []))]
}

/** Memberships: expanded into the object (`$expand=members`), or a column that names the group of each row. */
function readEdges(row: NamedRow, kind: EntraKind, objectId: string): DirectoryEdge[] {
  const edges = new Map<string, DirectoryEdge>()
  const add = (right: DirectoryEdge['right'], from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || from === to || edges.size >= MAX_MEMBERS) return
    edges.set(`${right} ${from} ${to}`, { right, from, to })
  }
  const ids = (name: string): (string | undefined)[] =>
    row.list(name).map((value) => toGuid(scalarText(member(value, 'id')) ?? scalarText(value)))
  if (kind === 'group') {
    for (const id of ids('members')) add('member-of', id, objectId)
    for (const id of ids('owners')) add('add-member', id, objectId)
  }
  for (const name of ['memberOf', 'transitiveMemberOf'])
    for (const value of row.list(name)) {
      const type = scalarText(member(value, '@odata.type'))
      // roles and administrative units are no groups
      if (type === undefined || type.endsWith('.group'))
        add('member-of', objectId, toGuid(scalarText(member(value, 'id')) ?? scalarText(value)))
    }
  add('member-of', objectId, toGuid(row.text('groupId', 'GroupObjectId', 'Group ID')))
  return [...edges.values()]
}

/** Which kind of object a set of folded names belongs to; undefined for logs and for objects of other products. */
export function entraKind(names: ReadonlySet<string>): EntraKind | undefined {
  const has = (...wanted: readonly string[]): boolean => wanted.some((name) => names.has(name))
  if (has(...NOT_OBJECTS) || !has('id', 'objectid') || !has('displayname')) return undefined
  if (has('deviceid') && has('operatingsystem', 'trusttype', 'jointype', 'deviceostype', 'profiletype'))
    return 'device'
  if (has('userprincipalname')) return has(...USER_NAMES) ? 'user' : undefined
  return has(...GROUP_NAMES) ? 'group' : undefined
}
/** Names of logs, alerts and inventories that have an id and a name as well. */
const NOT_OBJECTS = [
  'timegenerated',
  'timestamp',
  'activitydatetime',
  'ipaddress',
  'appdisplayname',
  'risklevel',
  'category',
  'severity',
  'distinguishedname',
  'actiontype',
  'eventtime',
]
const USER_NAMES = [
  'accountenabled',
  'usertype',
  'directorysynced',
  'dirsyncenabled',
  'givenname',
  'surname',
  'jobtitle',
  'mail',
  'onpremisessecurityidentifier',
  'onpremisessyncenabled',
  'usagelocation',
  'isuser',
]
const GROUP_NAMES = [
  'grouptype',
  'grouptypes',
  'securityenabled',
  'mailenabled',
  'membershiptype',
  'mailnickname',
  'isassignabletorole',
]
