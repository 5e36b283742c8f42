import { COMPANY, SITES, type SiteCode } from './company.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'

export type MailClient = 'outlook' | 'thunderbird'

export interface Host {
  readonly role: 'workstation' | 'server' | 'domain-controller'
  readonly netbios: string
  readonly fqdn: string
  readonly sid: string
  readonly rid: number
  readonly ip: string
  readonly site: SiteCode
  readonly purpose: string
  readonly operatingSystem: string
  /** Person at the desk; absent for servers. */
  readonly owner?: Person
  readonly mailClient?: MailClient
  /** False for the one endpoint whose sensor was never installed. */
  readonly hasSensor: boolean
  /** Machine part of its Sysmon GUIDs. */
  readonly machineGuid: string
}

const SERVERS: readonly (readonly [string, string])[] = [
  ['FS01', 'File server'],
  ['FS02', 'File server, archive'],
  ['SQL01', 'Database'],
  ['APP01', 'ERP'],
  ['APP02', 'Document management'],
  ['TS01', 'Remote desktop'],
  ['PRT01', 'Print'],
  ['BKP01', 'Backup'],
  ['WSUS01', 'Updates'],
  ['MON01', 'Monitoring'],
  ['SCN01', 'Scanner gateway'],
  ['DEV01', 'Build'],
]

export interface Hosts {
  readonly all: readonly Host[]
  readonly workstations: readonly Host[]
  readonly servers: readonly Host[]
  readonly controllers: readonly Host[]
  /** The desk of this person. @throws RangeError when the person has none */
  deskOf(person: Person): Host
  /** A server or controller by the end of its name (`FS01`). @throws RangeError when there is none */
  server(name: string): Host
}

const FIRST_RID = 2301
/** Staff that share a desk or work without a PC: the company has fewer workstations than people. */
const PEOPLE_WITHOUT_DESK = 20

export function makeHosts(
  people: readonly Person[],
  sensorless: Person,
  thunderbirdUser: Person,
  random: Random,
): Hosts {
  let rid = FIRST_RID
  const make = (host: Omit<Host, 'fqdn' | 'sid' | 'rid' | 'machineGuid'>): Host => ({
    ...host,
    fqdn: `${host.netbios.toLowerCase()}.${COMPANY.adDomain}`,
    rid: ++rid,
    sid: `${COMPANY.domainSid}-${rid}`,
    machineGuid: random.hex(8),
  })
  const controllers = ['DC01', 'DC02'].map((name, index) =>
    make({
      role: 'domain-controller',
      netbios: `ML-${name}`,
      ip: `10.10.0.${11 + index}`,
      site: 'JEN',
      purpose: 'Domain controller',
      operatingSystem: 'Windows Server 2022 Standard',
      hasSensor: true,
    }),
  )
  const servers = SERVERS.map(([name, purpose], index) =>
    make({
      role: 'server',
      netbios: `ML-${name}`,
      ip: `10.10.0.${21 + index}`,
      site: 'JEN',
      purpose,
      operatingSystem: 'Windows Server 2022 Standard',
      hasSensor: true,
    }),
  )
  const staff = people.filter((person) => person.kind === 'staff')
  // Drawn, so that the number of a computer says nothing about its part in the story.
  const withDesk = staff.slice(0, staff.length - PEOPLE_WITHOUT_DESK)
  const owners = random.sample(withDesk, withDesk.length)
  const counters = new Map<SiteCode, number>()
  const workstations = owners.map((owner) => {
    const number = (counters.get(owner.site) ?? 0) + 1
    counters.set(owner.site, number)
    const net = SITES.find((site) => site.code === owner.site)?.net ?? 20
    return make({
      role: 'workstation',
      netbios: `ML-${owner.site}-W${String(number).padStart(3, '0')}`,
      ip: `10.${net}.${1 + Math.floor(number / 200)}.${10 + (number % 200)}`,
      site: owner.site,
      purpose: `Workstation of ${owner.displayName}`,
      operatingSystem: 'Windows 11 Enterprise',
      owner,
      mailClient: owner === thunderbirdUser ? 'thunderbird' : 'outlook',
      hasSensor: owner !== sensorless,
    })
  })
  const all = [...controllers, ...servers, ...workstations]
  const find = (test: (host: Host) => boolean, what: string): Host => {
    const host = all.find(test)
    if (!host) throw new RangeError(`No host: ${what}`)
    return host
  }
  return {
    all,
    workstations,
    servers,
    controllers,
    deskOf: (person) => find((host) => host.owner === person, `desk of ${person.sam}`),
    server: (name) => find((host) => host.netbios === `ML-${name}`, name),
  }
}
