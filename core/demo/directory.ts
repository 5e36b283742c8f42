import { createHash } from 'node:crypto'
import { COMPANY, SITES } from './company.ts'
import type { Host } from './hosts.ts'
import type { Person } from './people.ts'
import type { Scene } from './scene.ts'

export interface DirectoryGroup {
  readonly name: string
  readonly sid: string
  readonly members: readonly {
    readonly sid: string
    readonly dn: string
    readonly type: 'User' | 'Computer' | 'Group'
  }[]
  readonly isHighValue: boolean
}

/** A GUID text that depends on the name alone. */
export function guidOf(name: string): string {
  const hex = createHash('md5').update(`guid ${name}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)]
    .join('-')
    .toUpperCase()
}

const ou = (site: string, kind: string): string => `OU=${kind},OU=${site},${COMPANY.baseDn}`
/** Commas and plus signs of a name are escaped in a distinguished name. */
const rdn = (name: string): string => name.replaceAll(/([,+"\\<>;=])/g, '\\$1')
export function personDn(person: Person): string {
  if (person.kind !== 'staff') return `CN=${rdn(person.displayName)},${ou('IT', 'Accounts')}`
  // Two people may share a display name but never a distinguished name.
  const suffix = /\d$/.test(person.sam) ? ` (${person.sam})` : ''
  return `CN=${rdn(person.displayName)}${suffix},${ou(person.site, 'Staff')}`
}
export const hostDn = (host: Host): string =>
  host.role === 'domain-controller'
    ? `CN=${host.netbios},OU=Domain Controllers,${COMPANY.baseDn}`
    : `CN=${host.netbios},${ou(host.site, host.role === 'server' ? 'Servers' : 'Workstations')}`

/** Groups that matter to somebody who looks for ways through the domain. */
export function makeGroups(scene: Scene): readonly DirectoryGroup[] {
  const { cast, people, hosts } = scene
  const member = (person: Person) => ({ sid: person.sid, dn: personDn(person), type: 'User' as const })
  const sid = (rid: number): string => `${COMPANY.domainSid}-${rid}`
  const groups: DirectoryGroup[] = [
    { name: 'Domain Admins', sid: sid(512), members: [member(cast.itAdmin)], isHighValue: true },
    { name: 'Domain Users', sid: sid(513), members: people.map(member), isHighValue: false },
    {
      name: 'Domain Computers',
      sid: sid(515),
      members: hosts.all
        .filter((host) => host.role !== 'domain-controller')
        .map((host) => ({ sid: host.sid, dn: hostDn(host), type: 'Computer' as const })),
      isHighValue: false,
    },
    { name: 'Helpdesk Admins', sid: sid(1501), members: [member(cast.helpdeskAdmin)], isHighValue: false },
    { name: 'Server Backup', sid: sid(1502), members: [member(cast.backupService)], isHighValue: false },
    {
      name: 'Remote Workers',
      sid: sid(1503),
      members: people.filter((person) => person.department === 'Einkauf').map(member),
      isHighValue: false,
    },
  ]
  SITES.forEach((site, index) =>
    groups.push({
      name: `Site ${site.city}`,
      sid: sid(1510 + index),
      members: people.filter((person) => person.kind === 'staff' && person.site === site.code).map(member),
      isHighValue: false,
    }),
  )
  return groups
}

/** Which group administers which computers; the helpdesk reaches workstations and the file servers. */
export function adminsOf(host: Host): readonly number[] {
  if (host.role === 'domain-controller') return [512]
  const isFileServer = host.netbios === 'ML-FS01' || host.netbios === 'ML-FS02'
  return host.role === 'workstation' || isFileServer ? [512, 1501] : [512]
}
