import type { DateOrder } from '../../model/date-order.ts'
import type { DirectoryItem } from '../../model/directory.ts'
import { toCommonName, toDnKey, toDomain } from '../../normalise/distinguished-name.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { parseTime } from '../../normalise/time.ts'
import type { Attributes, AttributeValue } from './attributes.ts'
import type { DomainSids } from './domain-sids.ts'
import { listObjectEdges } from './object-edges.ts'
import { toKind } from './object-kind.ts'
import { decodeGuid, isHighValueId, isUniqueSid, readSidValue, toScopedSid } from './sid.ts'
import { fromFiletime, latest } from './times.ts'
import type { UnrelatedRights } from './unrelated-rights.ts'
import type { WrittenNames } from './written-names.ts'

/** What an export tells beside its objects. */
export interface DirectoryExport {
  /** IANA zone of times without one. */
  readonly zone: string
  readonly dateOrder: DateOrder | null
  /** Microseconds UTC. */
  readonly collectedAt: number | undefined
  readonly domainSids: DomainSids
  /** Takes the rights that no relation stands for. */
  readonly unrelated: UnrelatedRights
  readonly written: WrittenNames
}

/** Recipient types of Exchange: shared, room and equipment mailboxes, here and (the large numbers) in the cloud. */
const NOBODYS_MAILBOX: ReadonlySet<string> = new Set([
  ...['4', '16', '32'],
  ...['34359738368', '8589934592', '17179869184'],
])
const UAC_DISABLED = 0x2
const UAC_DOMAIN_CONTROLLER = 0x2000
const UAC_READ_ONLY_CONTROLLER = 0x4000000

/**
 * An object of a directory out of its attributes under their LDAP names (formats.md C1).
 * @param written its distinguished name; some tables leave it out
 * @returns undefined when nothing tells which object it is
 */
export function toDirectoryObject(
  written: string | undefined,
  attributes: Attributes,
  about: DirectoryExport,
): DirectoryItem | undefined {
  const dn = present(written)
  const domain = dn === undefined ? undefined : toDomain(dn)
  const kind = toKind(attributes)
  const sid = readSidValue(attributes.all('objectSid')[0])
  const guid = readGuid(attributes.all('objectGUID')[0]) ?? toGuid(attributes.text('entryUUID'))
  const isAccount = kind === 'user' || kind === 'computer'
  const sam = attributes.text('sAMAccountName') ?? (isAccount ? attributes.text('uid') : undefined)
  const upn = attributes.text('userPrincipalName')
  const objectId =
    (sid === undefined ? undefined : toScopedSid(sid, domain)) ??
    guid ??
    (dn === undefined ? undefined : toDnKey(dn)) ??
    upn?.toLowerCase() ??
    sam?.toLowerCase()
  if (objectId === undefined) return undefined
  const flags = toFlags(attributes.text('userAccountControl'))
  const proxies = readProxyAddresses(attributes)
  const isDeleted = attributes.text('isDeleted')?.toLowerCase() === 'true'
  const time = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseTime(text, about.zone, about.dateOrder)?.us
  return {
    type: 'directory',
    kind,
    objectId,
    sid: sid !== undefined && isUniqueSid(sid) ? sid : undefined,
    guid,
    dn,
    name: attributes.text('name', 'cn', 'ou') ?? (dn === undefined ? (sam ?? objectId) : toCommonName(dn)),
    displayName: attributes.text('displayName'),
    samAccountName: sam,
    upn,
    mail: readMail(attributes.text('mail')),
    proxyAddresses: proxies.length === 0 ? undefined : proxies,
    domain: attributes.text('dnsRoot')?.toLowerCase() ?? domain,
    netbiosDomain: attributes.text('nETBIOSName'),
    dnsHostName: toHost(attributes.text('dNSHostName'))?.toLowerCase(),
    operatingSystem: attributes.text('operatingSystem'),
    department: attributes.text('department', 'departmentNumber'),
    title: attributes.text('title'),
    // a tombstone keeps its names for old events, but nothing of what it could do
    enabled: isDeleted ? false : isEnabled(attributes, flags),
    isDomainController:
      kind !== 'computer' || flags === undefined
        ? undefined
        : (flags & (UAC_DOMAIN_CONTROLLER | UAC_READ_ONLY_CONTROLLER)) !== 0,
    isHighValue: isHighValueId(objectId, kind) || undefined,
    isSharedMailbox: NOBODYS_MAILBOX.has(attributes.text('msExchRecipientTypeDetails') ?? '') || undefined,
    createdAt: time(attributes.text('whenCreated', 'createTimestamp')),
    changedAt: time(attributes.text('whenChanged', 'modifyTimestamp')),
    lastLogonAt:
      latest(
        fromFiletime(attributes.text('lastLogon')),
        fromFiletime(attributes.text('lastLogonTimestamp')),
      ) ?? time(attributes.text('lastLogonDate')),
    passwordSetAt: fromFiletime(attributes.text('pwdLastSet')) ?? time(attributes.text('passwordLastSet')),
    collectedAt: about.collectedAt,
    named: isDeleted ? undefined : about.written.take(attributes),
    edges: isDeleted ? [] : listObjectEdges(attributes, { dn, objectId, kind, sid, domain }, about),
  }
}

const toFlags = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined

/** By the account flags, the column of PowerShell, or the lock of 389 Directory Server. */
function isEnabled(attributes: Attributes, flags: number | undefined): boolean | undefined {
  if (flags !== undefined) return (flags & UAC_DISABLED) === 0
  const written = attributes.text('enabled')?.toLowerCase()
  if (written === 'true' || written === 'false') return written === 'true'
  const lock = attributes.text('nsAccountLock')?.toLowerCase()
  return lock === undefined ? undefined : lock !== 'true'
}

const readMail = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (toAddressKey(text) ?? text.toLowerCase())

const readGuid = (value: AttributeValue | undefined): string | undefined =>
  value === undefined
    ? undefined
    : (toGuid(value.text) ?? (value.bytes?.length === 16 ? decodeGuid(value.bytes) : undefined))

/** SMTP addresses in lower case; `SMTP:` in capitals marks the primary one, which comes first. */
export function readProxyAddresses(attributes: Attributes): string[] {
  const smtp = attributes.texts('proxyAddresses').filter((address) => /^smtp:.+@/i.test(address))
  const ordered = [
    ...smtp.filter((address) => address.startsWith('SMTP:')),
    ...smtp.filter((address) => !address.startsWith('SMTP:')),
  ]
  return [...new Set(ordered.map((address) => address.slice(5).trim().toLowerCase()))]
}
