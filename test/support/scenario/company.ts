import type { Random } from '../../../core/demo/random.ts'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import { MINUTE } from './clock.ts'

/** An account: a person's, an administrator's second one, or one of a service. */
export interface Account {
  readonly sam: string
  readonly sid: string
  readonly display: string
  /** Null for accounts without a mailbox. */
  readonly mail: string | null
  readonly upn: string
  /** `CORP\sam`. */
  readonly name: string
}
export interface Person extends Account {
  readonly mail: string
  readonly desk: Host
}

/** How an endpoint is watched: Sysmon (GUIDs), an EDR (second and PID), or its Security log alone. */
export type Sensor = 'sysmon' | 'edr' | 'none'
export interface Host {
  readonly netbios: string
  readonly fqdn: string
  readonly sid: string
  readonly role: 'desk' | 'file-server' | 'controller' | 'terminal-server' | 'backup-server' | 'app-server'
  readonly sensor: Sensor
  /** Whether its Security log is collected: logons, services, tasks. */
  readonly hasSecurityLog: boolean
  /** Whether that log also holds process starts (4688). */
  readonly auditsProcesses: boolean
  /** Microseconds its clock is ahead. */
  skew: number
  /** Its address for good; null where DHCP gives one. */
  readonly fixedIp: string | null
  /** Behind the branch office's address translation. */
  isBranch: boolean
}

export interface Company {
  readonly domain: string
  readonly netbios: string
  readonly domainSid: string
  readonly staff: readonly Person[]
  readonly helpdesk: Person
  /** The helpdesk's second account, with rights on all machines. */
  readonly admin: Account
  readonly backup: Account
  /** Shared mailbox with a disabled account of its own. */
  readonly shared: Account & { readonly mail: string }
  readonly desks: readonly Host[]
  readonly fileServer: Host
  readonly appServer: Host
  readonly controller: Host
  readonly terminalServer: Host
  readonly backupServer: Host
  readonly hosts: readonly Host[]
  readonly accounts: readonly Account[]
}

const NAMES =
  'amber bruno chiyo dana elif farid greta hugo ines jonas keiko lars mira nora oskar paula'.split(' ')
const DOMAINS = 'harbor quill lantern meadow copper tern'.split(' ')
/** The branch office's address towards the servers and the proxy. */
export const BRANCH_IP = '10.90.0.1'
/** The company's address towards the world. */
export const EGRESS_IP = '198.51.100.10'

export function makeCompany(random: Random): Company {
  const label = random.pick(DOMAINS)
  const domain = `${label}.example`
  const netbios = label.toUpperCase()
  const domainSid = `S-1-5-21-${random.between(1e8, 2e9)}-${random.between(1e8, 2e9)}-${random.between(1e8, 2e9)}`
  let rid = 1103
  const account = (sam: string, display: string): Account => ({
    sam,
    sid: `${domainSid}-${rid++}`,
    display,
    mail: null,
    upn: `${sam}@${domain}`,
    name: `${netbios}\\${sam}`,
  })
  const host = (
    name: string,
    role: Host['role'],
    facts: Partial<Pick<Host, 'sensor' | 'hasSecurityLog' | 'auditsProcesses' | 'fixedIp'>>,
  ): Host => ({
    netbios: name,
    fqdn: `${name.toLowerCase()}.${domain}`,
    sid: `${domainSid}-${rid++}`,
    role,
    sensor: 'sysmon',
    hasSecurityLog: true,
    auditsProcesses: false,
    skew: 0,
    fixedIp: null,
    isBranch: false,
    ...facts,
  })
  const desks = Array.from({ length: 8 }, (_, index) =>
    host(`WS-${String(index + 1).padStart(2, '0')}`, 'desk', {
      sensor: index === 7 ? 'none' : random.chance(0.35) ? 'edr' : 'sysmon',
      hasSecurityLog: index === 7 || random.chance(0.7),
      auditsProcesses: index === 7 || random.chance(0.3),
    }),
  )
  const fileServer = host('FS-01', 'file-server', {
    fixedIp: '10.20.1.10',
    sensor: random.chance(0.7) ? 'sysmon' : 'none',
    auditsProcesses: random.chance(0.5),
  })
  const appServer = host('APP-01', 'app-server', { fixedIp: '10.20.1.11', sensor: 'edr' })
  const controller = host('DC-01', 'controller', {
    fixedIp: '10.20.1.2',
    sensor: 'none',
    auditsProcesses: true,
  })
  const terminalServer = host('TS-01', 'terminal-server', { fixedIp: '10.20.1.12' })
  const backupServer = host('BKP-01', 'backup-server', { fixedIp: '10.20.1.13' })
  const people = random.sample(NAMES, 8).map((sam, index): Person => {
    const desk = desks[index] as Host
    return { ...account(sam, sam[0]?.toUpperCase() + sam.slice(1)), mail: `${sam}@${domain}`, desk }
  })
  const [helpdesk, ...staff] = people as [Person, ...Person[]]
  const admin = account(`adm-${helpdesk.sam}`, `Admin ${helpdesk.display}`)
  const backup = account('svc-backup', 'Backup service')
  const shared = { ...account('info', 'Information'), mail: `info@${domain}` }
  for (const desk of random.sample(desks.slice(5, 7), 2)) desk.isBranch = random.chance(0.5)
  const hosts = [...desks, fileServer, appServer, controller, terminalServer, backupServer]
  return {
    domain,
    netbios,
    domainSid,
    staff,
    helpdesk,
    admin,
    backup,
    shared,
    desks,
    fileServer,
    appServer,
    controller,
    terminalServer,
    backupServer,
    hosts,
    accounts: [...people, admin, backup, shared],
  }
}

/** Seven minutes, the skew of one endpoint in some scenarios. */
export const SKEW = 7 * MINUTE

/** The export of the directory: accounts, computers, the group of administrators. */
export function directoryItems(company: Company): DirectoryItem[] {
  const { domain, netbios, domainSid } = company
  const base = { type: 'directory' as const, domain, netbiosDomain: netbios, enabled: true }
  const root = domain
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',')
  const users = company.accounts.map((account): DirectoryItem => ({
    ...base,
    kind: 'user',
    objectId: account.sid,
    sid: account.sid,
    dn: `CN=${account.display},OU=People,${root}`,
    name: `${account.sam}@${domain}`.toUpperCase(),
    displayName: account.display,
    samAccountName: account.sam,
    upn: account.upn,
    enabled: account !== company.shared,
    ...(account.mail === null ? {} : { mail: account.mail, proxyAddresses: [account.mail] }),
    edges: [],
  }))
  const computers = company.hosts.map((host): DirectoryItem => ({
    ...base,
    kind: 'computer',
    objectId: host.sid,
    sid: host.sid,
    dn: `CN=${host.netbios},OU=Computers,${root}`,
    name: host.fqdn.toUpperCase(),
    samAccountName: `${host.netbios}$`,
    dnsHostName: host.fqdn,
    ...(host.role === 'controller' ? { isDomainController: true, isHighValue: true } : {}),
    edges: [],
  }))
  const group: DirectoryItem = {
    ...base,
    kind: 'group',
    objectId: `${domainSid}-512`,
    sid: `${domainSid}-512`,
    dn: `CN=Domain Admins,CN=Users,${root}`,
    name: `DOMAIN ADMINS@${domain.toUpperCase()}`,
    samAccountName: 'Domain Admins',
    isHighValue: true,
    edges: [{ right: 'member-of', from: company.admin.sid, to: `${domainSid}-512` }],
  }
  return [...users, ...computers, group]
}
