import type { DirectoryEdge, DirectoryItem, DirectoryKind } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import { toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import type { LdifEntry, LdifValue } from './ldif-entries.ts'
import { toAccessEdges } from './rights.ts'
import { listAllowed, readRights } from './security-descriptor.ts'
import {
  decodeGuid,
  decodeSid,
  isHighValueId,
  isUniqueSid,
  toCommonName,
  toDnKey,
  toDomain,
  toScopedSid,
} from './sid.ts'
import { fromFiletime, fromGeneralizedTime, latest } from './times.ts'

/** Reads attributes by name; names are compared without case (RFC 4512, 2.5). */
class Attributes {
  readonly #values: LdifEntry['attributes']
  constructor(entry: LdifEntry) {
    this.#values = entry.attributes
  }
  all(name: string): readonly LdifValue[] {
    return this.#values.get(name.toLowerCase()) ?? []
  }
  texts(name: string): string[] {
    return this.all(name)
      .map((value) => value.text.trim())
      .filter((text) => text !== '')
  }
  text(name: string): string | undefined {
    return this.texts(name)[0]
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }
}

const UAC_DISABLED = 0x2
const UAC_DOMAIN_CONTROLLER = 0x2000
const UAC_READ_ONLY_CONTROLLER = 0x4000000

/** An entry of a directory export as a directory object; entries without `dn` and change records are not objects. */
export function toLdifItem(entry: LdifEntry): DirectoryItem | undefined {
  if (entry.dn === undefined || entry.dn === '' || entry.change !== undefined) return undefined
  const attributes = new Attributes(entry)
  const dn = entry.dn
  const domain = toDomain(dn)
  const kind = toKind(attributes)
  const sid = readSid(attributes.all('objectSid')[0])
  const guid = readGuid(attributes.all('objectGUID')[0])
  const objectId = (sid === undefined ? undefined : toScopedSid(sid, domain)) ?? guid ?? toDnKey(dn)
  const control = attributes.text('userAccountControl')
  const flags = control !== undefined && /^-?\d+$/.test(control) ? Number(control) : undefined
  const isAccount = kind === 'user' || kind === 'computer'
  const sam = attributes.text('sAMAccountName') ?? (isAccount ? attributes.text('uid') : undefined)
  const proxies = readProxyAddresses(attributes)
  return {
    type: 'directory',
    kind,
    objectId,
    sid: sid !== undefined && isUniqueSid(sid) ? sid : undefined,
    guid,
    dn,
    name: attributes.text('name') ?? attributes.text('cn') ?? attributes.text('ou') ?? toCommonName(dn),
    displayName: attributes.text('displayName'),
    samAccountName: sam,
    upn: attributes.text('userPrincipalName'),
    mail: attributes.text('mail')?.toLowerCase(),
    proxyAddresses: proxies.length === 0 ? undefined : proxies,
    domain: attributes.text('dnsRoot')?.toLowerCase() ?? domain,
    netbiosDomain: attributes.text('nETBIOSName'),
    dnsHostName: attributes.text('dNSHostName')?.toLowerCase(),
    operatingSystem: attributes.text('operatingSystem'),
    department: attributes.text('department') ?? attributes.text('departmentNumber'),
    title: attributes.text('title'),
    enabled: flags === undefined ? undefined : (flags & UAC_DISABLED) === 0,
    isDomainController:
      kind !== 'computer' || flags === undefined
        ? undefined
        : (flags & (UAC_DOMAIN_CONTROLLER | UAC_READ_ONLY_CONTROLLER)) !== 0,
    isHighValue: isHighValueId(objectId, kind) || undefined,
    createdAt: readTime(attributes, 'whenCreated') ?? readTime(attributes, 'createTimestamp'),
    lastLogonAt: latest(
      fromFiletime(attributes.text('lastLogon')),
      fromFiletime(attributes.text('lastLogonTimestamp')),
    ),
    passwordSetAt: fromFiletime(attributes.text('pwdLastSet')),
    edges: listEdges(attributes, { dn, objectId, kind, sid, domain }),
  }
}

/** By objectClass, the most special first: a computer is a user as well. */
const KINDS: readonly (readonly [string, DirectoryKind])[] = [
  ['computer', 'computer'],
  ['group', 'group'],
  ['groupofnames', 'group'],
  ['groupofuniquenames', 'group'],
  ['posixgroup', 'group'],
  ['user', 'user'],
  ['inetorgperson', 'user'],
  ['posixaccount', 'user'],
  ['account', 'user'],
  ['person', 'user'],
  ['domaindns', 'domain'],
  ['grouppolicycontainer', 'gpo'],
  ['organizationalunit', 'ou'],
  ['builtindomain', 'container'],
  ['container', 'container'],
  ['domain', 'domain'],
]

function toKind(attributes: Attributes): DirectoryKind {
  const classes = new Set(attributes.texts('objectClass').map((name) => name.toLowerCase()))
  // managed service accounts are computers by class and accounts by use
  if (classes.has('msds-groupmanagedserviceaccount') || classes.has('msds-managedserviceaccount'))
    return 'user'
  if (classes.has('contact')) return 'other'
  return KINDS.find(([name]) => classes.has(name))?.[1] ?? 'other'
}

const readSid = (value: LdifValue | undefined): string | undefined =>
  value === undefined
    ? undefined
    : (toSid(value.text) ?? (value.bytes === undefined ? undefined : decodeSid(value.bytes)))

const readGuid = (value: LdifValue | undefined): string | undefined =>
  value === undefined
    ? undefined
    : (toGuid(value.text) ?? (value.bytes?.length === 16 ? decodeGuid(value.bytes) : undefined))

const readTime = (attributes: Attributes, name: string): number | undefined =>
  fromGeneralizedTime(attributes.text(name))

/** SMTP addresses in lower case; `SMTP:` in capitals marks the primary one, which comes first. */
function readProxyAddresses(attributes: Attributes): string[] {
  const smtp = attributes.texts('proxyAddresses').filter((address) => /^smtp:.+@/i.test(address))
  const ordered = [
    ...smtp.filter((address) => address.startsWith('SMTP:')),
    ...smtp.filter((address) => !address.startsWith('SMTP:')),
  ]
  return [...new Set(ordered.map((address) => address.slice(5).trim().toLowerCase()))]
}

interface Subject {
  readonly dn: string
  readonly objectId: string
  readonly kind: DirectoryKind
  readonly sid: string | undefined
  readonly domain: string | undefined
}

/** A password of the local administrator is kept in the directory (LAPS, old and new). */
const LAPS_ATTRIBUTES = [
  'ms-Mcs-AdmPwdExpirationTime',
  'msLAPS-PasswordExpirationTime',
  'ms-Mcs-AdmPwd',
  'msLAPS-EncryptedPassword',
]

function listEdges(attributes: Attributes, subject: Subject): DirectoryEdge[] {
  const { objectId, domain } = subject
  const edges = new Map<string, DirectoryEdge>()
  const add = (right: PossibleRelationKind, from: string, to: string): void => {
    if (from !== to) edges.set(`${right} ${from} ${to}`, { right, from, to })
  }
  for (const name of ['member', 'uniqueMember'])
    for (const member of attributes.texts(name)) add('member-of', toDnKey(member), objectId)
  for (const group of attributes.texts('memberOf')) add('member-of', objectId, toDnKey(group))
  const rid = attributes.text('primaryGroupID')
  // the primary group is missing from memberOf; it is a group of the account's own domain
  if (subject.sid !== undefined && rid !== undefined && /^\d+$/.test(rid))
    add('member-of', objectId, subject.sid.replace(/\d+$/, rid))
  for (const value of attributes.all('msDS-AllowedToActOnBehalfOfOtherIdentity'))
    if (value.bytes !== undefined)
      for (const actor of listAllowed(value.bytes))
        add('allowed-to-act', toScopedSid(actor, domain), objectId)
  for (const links of attributes.texts('gPLink'))
    for (const policy of readPolicyLinks(links)) add('gpo-applies-to', policy, objectId)
  addTrust(attributes, subject, add)
  const descriptor = attributes.all('nTSecurityDescriptor')[0]?.bytes
  const rights = descriptor === undefined ? [] : readRights(descriptor)
  const scoped = rights.map((right) => ({ ...right, principal: toScopedSid(right.principal, domain) }))
  const hasLaps = LAPS_ATTRIBUTES.some((name) => attributes.has(name))
  return [...edges.values(), ...toAccessEdges(scoped, { objectId, kind: subject.kind, hasLaps })]
}

/** `[LDAP://cn={GUID},cn=policies,...;flags]`, several in a row; flag 1 means switched off (MS-GPOL 2.2.2). */
function readPolicyLinks(text: string): string[] {
  return [...text.matchAll(/\[LDAP:\/\/([^;\]]+);(\d+)\]/gi)]
    .filter((match) => (Number(match[2]) & 1) === 0)
    .map((match) => toDnKey(match[1] ?? ''))
}

/** Attack direction: accounts of the trusted side can be used on the trusting side (MS-ADTS 6.1.6.7.12: 1 inbound, 2 outbound). */
function addTrust(
  attributes: Attributes,
  subject: Subject,
  add: (right: PossibleRelationKind, from: string, to: string) => void,
): void {
  const direction = Number(attributes.text('trustDirection') ?? 0)
  if (!(direction > 0) || subject.domain === undefined) return
  const partner = attributes.text('trustPartner')
  const toDn = (name: string): string =>
    name
      .toLowerCase()
      .split('.')
      .map((label) => `dc=${label}`)
      .join(',')
  const other =
    readSid(attributes.all('securityIdentifier')[0]) ?? (partner === undefined ? undefined : toDn(partner))
  if (other === undefined) return
  const own = toDn(subject.domain)
  if ((direction & 1) !== 0) add('trusts', own, other)
  if ((direction & 2) !== 0) add('trusts', other, own)
}
