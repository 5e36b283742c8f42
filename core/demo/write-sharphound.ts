import { at, toUnixSeconds } from './clock.ts'
import { ADMINISTRATORS_RIDS, COMPANY } from './company.ts'
import { adminsOf, type DirectoryGroup, guidOf, hostDn, makeGroups, personDn } from './directory.ts'
import type { Host } from './hosts.ts'
import type { Person } from './people.ts'
import type { Scene } from './scene.ts'
import { writeZip } from './zip.ts'

/** The directory was collected while the helpdesk's account was still in use on the opener's computer. */
const COLLECTED = at('2026-03-11 07:30')
const STAMP = '20260311073000'
const DOMAIN = COMPANY.adDomain.toUpperCase()
/** Group, LocalAdmin, Session, ACL, Container, RDP, ObjectProps, PSRemote (formats.md C3). */
const METHODS = 1 | 2 | 8 | 64 | 128 | 256 | 512 | 16_384

const sid = (rid: number): string => `${COMPANY.domainSid}-${rid}`
const ace = (principal: number, rightName: string) => ({
  PrincipalSID: sid(principal),
  PrincipalType: 'Group',
  RightName: rightName,
  IsInherited: false,
  InheritanceHash: '',
})
const base = {
  IsDeleted: false,
  IsACLProtected: false,
  ContainedBy: null,
  HasSIDHistory: [],
  AllowedToDelegate: [],
  SPNTargets: [],
}
const common = (name: string, dn: string, sam: string) => ({
  domain: DOMAIN,
  name,
  distinguishedname: dn.toUpperCase(),
  domainsid: COMPANY.domainSid,
  samaccountname: sam,
  isaclprotected: false,
  whencreated: toUnixSeconds(at('2021-04-06 08:00')),
})

/**
 * The collector's ZIP, version 6: users, computers, groups, the domain, organisational units and one policy object.
 * @returns the archive and how many objects it holds
 */
export function writeSharpHound(scene: Scene): { readonly bytes: Uint8Array; readonly records: number } {
  const groups = makeGroups(scene)
  const lists: readonly (readonly [string, readonly object[]])[] = [
    ['users', scene.people.map((person) => userNode(person))],
    ['computers', scene.hosts.all.map((host) => computerNode(scene, host))],
    ['groups', groups.map(groupNode)],
    ['domains', [domainNode()]],
    ['ous', ouNodes(scene)],
    ['gpos', [gpoNode()]],
  ]
  const members = lists.map(([type, data]) => {
    const document = {
      data,
      meta: { methods: METHODS, type, count: data.length, version: 6, collectorversion: '2.5.9.0' },
    }
    return { name: `${STAMP}_${type}.json`, bytes: Buffer.from(JSON.stringify(document)) }
  })
  return { bytes: writeZip(members), records: lists.reduce((sum, [, data]) => sum + data.length, 0) }
}

function userNode(person: Person): object {
  return {
    ObjectIdentifier: person.sid,
    Properties: {
      ...common(`${person.sam.toUpperCase()}@${DOMAIN}`, personDn(person), person.sam),
      enabled: true,
      displayname: person.displayName,
      email: person.mail === '' ? null : person.mail,
      title: person.title,
      lastlogon: toUnixSeconds(COLLECTED) - (person.rid % 86_400),
      pwdlastset: toUnixSeconds(at('2026-01-12 07:00')) + person.rid * 60,
      hasspn: person.kind === 'service',
      admincount: person.sam === 'adm-kwojcik',
    },
    PrimaryGroupSID: sid(ADMINISTRATORS_RIDS.domainUsers),
    DomainSID: COMPANY.domainSid,
    UnconstrainedDelegation: false,
    // The helpdesk may set passwords of staff.
    Aces:
      person.kind === 'staff'
        ? [ace(512, 'GenericAll'), ace(1501, 'ForceChangePassword')]
        : [ace(512, 'GenericAll')],
    ...base,
  }
}

/** Who the collector saw logged on: owners, and the accounts an intruder would look for. */
function sessionsOn({ cast, hosts }: Scene, host: Host): readonly Person[] {
  if (host === hosts.deskOf(cast.opener)) return [cast.opener, cast.helpdeskAdmin]
  if (host.owner) return [host.owner]
  if (host.netbios === 'ML-BKP01') return [cast.backupService]
  // Left over from the maintenance evening: from here the way into the domain would have been open.
  return host.netbios === 'ML-FS01' ? [cast.itAdmin] : []
}

function computerNode(scene: Scene, host: Host): object {
  const isController = host.role === 'domain-controller'
  const sessions = sessionsOn(scene, host)
  const results = sessions
    .filter((person) => person.rid % 3 !== 0 || person.kind === 'admin')
    .map((person) => ({ UserSID: person.sid, ComputerSID: host.sid }))
  const collected = (Results: readonly object[]) => ({ Collected: true, FailureReason: null, Results })
  const localGroup = (rid: number, name: string, principals: readonly number[]) => ({
    ...collected(principals.map((principal) => ({ ObjectIdentifier: sid(principal), ObjectType: 'Group' }))),
    ObjectIdentifier: `${host.sid}-${rid}`,
    Name: `${name}@${host.fqdn.toUpperCase()}`,
    LocalNames: [],
  })
  return {
    ObjectIdentifier: host.sid,
    Properties: {
      ...common(host.fqdn.toUpperCase(), hostDn(host), `${host.netbios}$`),
      enabled: true,
      operatingsystem: host.operatingSystem,
      haslaps: false,
      isdc: isController,
      description: host.purpose,
    },
    PrimaryGroupSID: sid(
      isController ? ADMINISTRATORS_RIDS.domainControllers : ADMINISTRATORS_RIDS.domainComputers,
    ),
    DomainSID: COMPANY.domainSid,
    UnconstrainedDelegation: isController,
    IsDC: isController,
    Sessions: collected(results),
    PrivilegedSessions: collected([]),
    RegistrySessions: collected([]),
    LocalGroups: [
      localGroup(544, 'ADMINISTRATORS', adminsOf(host)),
      localGroup(
        555,
        'REMOTE DESKTOP USERS',
        host.netbios === 'ML-TS01' ? [1503] : host.role === 'workstation' ? [1501] : [],
      ),
    ],
    UserRights: [],
    AllowedToAct: [],
    DumpSMSAPassword: [],
    Status: null,
    Aces: [ace(512, 'GenericAll')],
    ...base,
  }
}

function groupNode(group: DirectoryGroup): object {
  return {
    ObjectIdentifier: group.sid,
    Properties: {
      ...common(
        `${group.name.toUpperCase()}@${DOMAIN}`,
        `CN=${group.name},OU=Groups,${COMPANY.baseDn}`,
        group.name,
      ),
      admincount: group.isHighValue,
      highvalue: group.isHighValue,
    },
    Members: group.members.map((member) => ({ ObjectIdentifier: member.sid, ObjectType: member.type })),
    Aces: [ace(512, 'GenericAll')],
    ...base,
  }
}

function domainNode(): object {
  return {
    ObjectIdentifier: COMPANY.domainSid,
    Properties: {
      domain: DOMAIN,
      name: DOMAIN,
      distinguishedname: COMPANY.baseDn.toUpperCase(),
      domainsid: COMPANY.domainSid,
      functionallevel: '2016',
      highvalue: true,
    },
    ChildObjects: [],
    Trusts: [],
    Links: [{ GUID: guidOf('gpo deploy'), IsEnforced: false }],
    GPOChanges: {
      LocalAdmins: [],
      RemoteDesktopUsers: [],
      DcomUsers: [],
      PSRemoteUsers: [],
      AffectedComputers: [],
    },
    Aces: [ace(512, 'GetChanges'), ace(512, 'GetChangesAll'), ace(512, 'GenericAll')],
    ...base,
  }
}

function ouNodes(scene: Scene): object[] {
  const names = new Set(
    [...scene.hosts.all.map(hostDn), ...scene.people.map(personDn)].map((dn) =>
      dn.replace(/^CN=(?:\\.|[^,\\])+,/, ''),
    ),
  )
  return [...names].map((dn) => ({
    ObjectIdentifier: guidOf(dn),
    Properties: {
      domain: DOMAIN,
      name: `${dn.replace(/^OU=([^,]+).*$/, '$1').toUpperCase()}@${DOMAIN}`,
      distinguishedname: dn.toUpperCase(),
      domainsid: COMPANY.domainSid,
      blocksinheritance: false,
    },
    ChildObjects: [],
    Links: [],
    GPOChanges: {
      LocalAdmins: [],
      RemoteDesktopUsers: [],
      DcomUsers: [],
      PSRemoteUsers: [],
      AffectedComputers: [],
    },
    Aces: [],
    ...base,
  }))
}

function gpoNode(): object {
  const guid = guidOf('gpo deploy')
  return {
    ObjectIdentifier: guid,
    Properties: {
      domain: DOMAIN,
      name: `SOFTWARE DEPLOYMENT@${DOMAIN}`,
      distinguishedname: `CN={${guid}},CN=POLICIES,CN=SYSTEM,${COMPANY.baseDn.toUpperCase()}`,
      domainsid: COMPANY.domainSid,
      gpcpath: `\\\\${DOMAIN}\\SYSVOL\\${DOMAIN}\\POLICIES\\{${guid}}`,
    },
    Aces: [ace(512, 'GenericWrite')],
    ...base,
  }
}
