import type { DirectoryEdge, DirectoryKind } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import { toDomainRef } from '../../normalise/directory-ref.ts'
import { type Fields, flag, idOf, idsIn, list, text, toFields } from './fields.ts'
import { type GrantedRight, toAccessEdges } from './rights.ts'
import { toObjectId } from './sid.ts'
import type { UnrelatedRights } from './unrelated-rights.ts'

/** Group policies times computers of one object can explode; more edges than this are left out and reported. */
export const MAX_OBJECT_EDGES = 200_000

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
/** What stands below an object: one list of new collectors, one per kind of older ones. */
const CHILD_LISTS = ['ChildObjects', 'Users', 'Computers', 'ChildOus']
const HOLDERS: ReadonlySet<DirectoryKind> = new Set<DirectoryKind>(['domain', 'ou', 'container'])
/** Links of an object that no relation stands for: member of the object -> name of the right. */
const UNRELATED_LISTS: readonly (readonly [string, string])[] = [
  ['HasSIDHistory', 'HasSIDHistory'],
  ['DumpSMSAPassword', 'DumpSMSAPassword'],
  ['DcomUsers', 'ExecuteDCOM'],
  ['EnabledCertTemplates', 'PublishedTo'],
]

type Add = (right: PossibleRelationKind, from: string | undefined, to: string | undefined) => void

/** Rights and memberships that one object of a collection states (formats.md C3). */
export function listEdges(
  fields: Fields,
  objectId: string,
  kind: DirectoryKind,
  unrelated: UnrelatedRights,
): DirectoryEdge[] {
  const edges = new Map<string, DirectoryEdge>()
  const add: Add = (right, from, to) => {
    if (from === undefined || to === undefined || from === to || edges.size > MAX_OBJECT_EDGES) return
    edges.set(`${right} ${from} ${to}`, { right, from, to })
  }
  for (const member of idsIn(fields, 'Members')) add('member-of', member, objectId)
  add(
    'member-of',
    objectId,
    idOf(fields.get('PrimaryGroupSID') ?? fields.get('PrimaryGroupSid') ?? undefined),
  )
  for (const target of idsIn(fields, 'AllowedToDelegate')) add('allowed-to-delegate', objectId, target)
  for (const actor of idsIn(fields, 'AllowedToAct')) add('allowed-to-act', actor, objectId)
  for (const name of SESSION_LISTS)
    for (const session of list(fields, name).map(toFields)) {
      const user = text(session, 'UserSID', 'UserId')
      add('has-session', objectId, user === undefined ? undefined : toObjectId(user))
    }
  for (const group of list(fields, 'LocalGroups').map(toFields)) {
    const rid = /-(\d+)$/.exec(text(group, 'ObjectIdentifier') ?? '')?.[1] ?? ''
    const right = LOCAL_GROUPS.get(rid)
    const members = idsIn(group, 'Results')
    if (right !== undefined) for (const member of members) add(right, member, objectId)
    else unrelated.add(rid === '562' ? 'ExecuteDCOM' : 'MemberOfLocalGroup', members.length)
  }
  // in older collections an organisational unit states the local groups of the computers in it
  const targets = kind === 'computer' ? [objectId] : idsIn(fields, 'Computers')
  for (const [name, right] of LOCAL_LISTS)
    for (const member of idsIn(fields, name)) for (const target of targets) add(right, member, target)
  // an account that runs a database server may be its administrator (SharpHound, SPNTargets)
  for (const target of list(fields, 'SPNTargets').map(toFields))
    if (isSqlAdmin(target)) add('sql-admin', objectId, toIdOf(text(target, 'ComputerSID', 'ComputerSid')))
  addPolicyEdges(fields, objectId, add)
  if (HOLDERS.has(kind))
    for (const name of CHILD_LISTS) for (const child of idsIn(fields, name)) add('contains', objectId, child)
  for (const trust of list(fields, 'Trusts').map(toFields)) addTrust(trust, objectId, add)
  countUnrelated(fields, unrelated)
  const hasLaps = flag(toFields(fields.get('Properties')), 'haslaps')
  const registry = toFields(toFields(fields.get('CARegistryData')).get('CASecurity'))
  const rights = [...listRights(fields, 'Aces'), ...listRights(registry, 'Data')]
  return [...edges.values(), ...toAccessEdges(rights, { objectId, kind, hasLaps }, unrelated)]
}

/** What collectors up to version 3 wrote as a general right with the exact one beside it. */
const BY_ACE_TYPE: ReadonlyMap<string, string> = new Map([
  ['all', 'AllExtendedRights'],
  ['user-force-change-password', 'ForceChangePassword'],
  ['ds-replication-get-changes', 'GetChanges'],
  ['ds-replication-get-changes-all', 'GetChangesAll'],
  ['getchanges', 'GetChanges'],
  ['getchangesall', 'GetChangesAll'],
  ['addmember', 'AddMember'],
  ['addallowedtoact', 'AddAllowedToAct'],
])

function listRights(fields: Fields, name: string): GrantedRight[] {
  return list(fields, name)
    .map(toFields)
    .flatMap((ace) => {
      const principal = text(ace, 'PrincipalSID')
      const written = text(ace, 'RightName')
      if (principal === undefined || written === undefined) return []
      const isGeneral = written === 'ExtendedRight' || written === 'WriteProperty'
      const exact = isGeneral ? BY_ACE_TYPE.get((text(ace, 'AceType') ?? '').toLowerCase()) : undefined
      return [
        {
          principal: toObjectId(principal),
          right: exact ?? written,
          isInherited: flag(ace, 'IsInherited') === true,
        },
      ]
    })
}

const isSqlAdmin = (target: Fields): boolean => /^sqladmin$/i.test(text(target, 'Service') ?? '')
const toIdOf = (written: string | undefined): string | undefined =>
  written === undefined ? undefined : toObjectId(written)

function countUnrelated(fields: Fields, unrelated: UnrelatedRights): void {
  for (const [name, right] of UNRELATED_LISTS) unrelated.add(right, list(fields, name).length)
  for (const target of list(fields, 'SPNTargets').map(toFields))
    if (!isSqlAdmin(target)) unrelated.add(text(target, 'Service') ?? 'SPNTargets')
  for (const right of list(fields, 'UserRights').map(toFields))
    unrelated.add(text(right, 'Privilege') ?? 'UserRights', list(right, 'Results').length)
  const changes = toFields(fields.get('GPOChanges'))
  unrelated.add('ExecuteDCOM', list(changes, 'DcomUsers').length)
  if (text(fields, 'HostingComputer') !== undefined) unrelated.add('HostsCAService')
}

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
  const other = toDomainRef(text(trust, 'TargetDomainName'), sid === undefined ? undefined : toObjectId(sid))
  const direction = String(trust.get('TrustDirection') ?? '').toLowerCase()
  if (['inbound', '1', 'bidirectional', '3'].includes(direction)) add('trusts', objectId, other)
  if (['outbound', '2', 'bidirectional', '3'].includes(direction)) add('trusts', other, objectId)
}
