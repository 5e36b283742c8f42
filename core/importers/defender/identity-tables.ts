import type { DirectoryItem } from '../../model/directory.ts'
import type { EventKind } from '../../model/event.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { directoryKind as cloudKind } from '../audit/directory-operations.ts'
import { IDENTITY_ACCOUNT } from './actor.ts'
import { location } from './cloud-tables.ts'
import { logonType } from './logon-table.ts'
import {
  either,
  extra,
  type FieldPicks,
  guid,
  host,
  ip,
  mail,
  named,
  type Pick,
  port,
  type RowMeaning,
  sid,
  text,
  toBoolean,
} from './picks.ts'
import type { DefenderRow } from './row.ts'

const low = (row: DefenderRow, column: string): string => row.text(column)?.trim().toLowerCase() ?? ''

/** What the identity sensor sees between two machines: the domain controller wrote it, the account came from another. */
const BETWEEN: FieldPicks = {
  ...IDENTITY_ACCOUNT,
  sourceIp: ip('IPAddress'),
  sourcePort: port('Port'),
  destinationIp: ip('DestinationIPAddress'),
  destinationPort: port('DestinationPort'),
  destinationHost: host('DestinationDeviceName', 'TargetDeviceName'),
  protocol: text('Protocol'),
  application: text('Application'),
  location,
  action: text('ActionType'),
}

const isDirectory = (row: DefenderRow): boolean =>
  row.text('Application') === undefined || low(row, 'Application') === 'active directory'
const isFailed = (row: DefenderRow): boolean =>
  low(row, 'ActionType').includes('fail') || low(row, 'LogonType') === 'failed logon'

function logonKind(row: DefenderRow): EventKind {
  if (!isDirectory(row)) return 'cloud-sign-in'
  const type = low(row, 'LogonType')
  const protocol = low(row, 'Protocol')
  if (protocol === 'ntlm') return 'ntlm-validation'
  if (type === 'vpn connection') return 'session-connect'
  if (/^(?:interactive|remote desktop|ldap cleartext)$/.test(type))
    return isFailed(row) ? 'logon-failure' : 'logon'
  if (protocol === 'kerberos') {
    if (isFailed(row)) return 'kerberos-failure'
    return type === 'resource access' ? 'kerberos-service' : 'kerberos-tgt'
  }
  return isFailed(row) ? 'logon-failure' : 'logon'
}

/** The machine the record is about: where the session is, else the domain controller that was asked. */
const logonHost: Pick<string> = (row) => {
  const type = low(row, 'LogonType')
  if (type === 'interactive') return host('DeviceName')(row)
  // The domain controller only heard of it: nobody has a session there.
  if (type === 'vpn connection') return undefined
  if (type === 'remote desktop') return host('TargetDeviceName', 'DestinationDeviceName')(row)
  return isDirectory(row) ? host('DestinationDeviceName', 'TargetDeviceName')(row) : undefined
}

/** IdentityLogonEvents: logons that domain controllers and cloud services answered. */
export const identityLogon: RowMeaning = {
  kind: logonKind,
  fields: {
    ...BETWEEN,
    host: logonHost,
    sourceHost: host('DeviceName'),
    logonType,
    authentication: text('Protocol'),
    outcome: (row) => (isFailed(row) ? 'failure' : 'success'),
    status: text('FailureReason'),
    target: text('TargetDeviceName'),
    targetAccount: text('TargetAccountDisplayName'),
    userAgent: extra('UserAgent'),
    detail: named(
      'LogonType',
      'DeviceType',
      'OSPlatform',
      'Isp',
      'ISP',
      'AccountDisplayName',
      '+AttackTechniques',
      '+Category',
    ),
  },
}

/** IdentityQueryEvents: what was asked of the directory (LDAP, SAMR) and of its DNS. */
export const identityQuery: RowMeaning = {
  kind: (row) =>
    low(row, 'ActionType').startsWith('dns') || low(row, 'Protocol') === 'dns'
      ? 'dns-query'
      : 'directory-query',
  fields: {
    ...BETWEEN,
    host: host('DeviceName'),
    target: text('QueryTarget', 'TargetAccountUpn', 'TargetAccountDisplayName', 'TargetDeviceName'),
    targetAccount: text('TargetAccountUpn', 'TargetAccountDisplayName'),
    status: text('QueryType'),
    detail: named('Query', 'QueryType', '+SearchFilter', '+Count'),
  },
}

const DIRECTORY_KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/password/, 'password-change'],
  [/group membership|added to group|removed from group/, 'group-change'],
  [/(?:account|principal|user|computer) created/, 'account-create'],
  [/(?:account|principal|user|computer) deleted/, 'account-delete'],
  [/replication/, 'directory-access'],
  [/service creation/, 'service-install'],
  [/task scheduling/, 'task-create'],
  [/smb (?:file copy|session)/, 'share-access'],
  [/powershell/, 'script-block'],
  [/private data retrieval/, 'object-access'],
  [/account|sid-history|delegation|unlock|expir|disabled|enabled/, 'account-change'],
]
const directoryKind = (row: DefenderRow): EventKind => {
  if (!isDirectory(row)) return cloudKind(row.text('ActionType') ?? '')
  const action = low(row, 'ActionType')
  return DIRECTORY_KINDS.find(([pattern]) => pattern.test(action))?.[1] ?? 'directory-change'
}

/** Kinds whose detail is what runs, as the rules read it. */
const RUNS: ReadonlySet<EventKind> = new Set(['service-install', 'task-create', 'script-block'])

/** IdentityDirectoryEvents: changes of the directory and what was done on domain controllers. */
export const identityDirectory: RowMeaning = {
  kind: directoryKind,
  fields: {
    ...BETWEEN,
    host: (row) => (isDirectory(row) ? host('DestinationDeviceName', 'TargetDeviceName')(row) : undefined),
    sourceHost: host('DeviceName'),
    targetAccount: text('TargetAccountUpn', 'TargetAccountDisplayName'),
    target: either(
      extra('ServiceName', 'TaskName', 'FilePath', 'FileName', 'ACTOR.ALIAS', 'ARG.TASK', 'TO.GROUP'),
      text('TargetDeviceName', 'TargetAccountDisplayName'),
    ),
    detail: either(
      (row) => (RUNS.has(directoryKind(row)) ? present(row.extra('ServiceCommand', 'Command')) : undefined),
      named(
        '+Command',
        '+ServiceCommand',
        '+FROM.DEVICE',
        '+TO.DEVICE',
        '+TO.GROUP',
        '+Count',
        'TargetAccountDisplayName',
        'ISP',
      ),
    ),
  },
}

/** An identity that names neither SID nor object id: kept as inventory. */
export const identityInventory: RowMeaning = {
  kind: 'inventory',
  fields: {
    ...IDENTITY_ACCOUNT,
    action: text('Type', 'ChangeSource'),
    accountMail: mail('AccountUpn', 'EmailAddress'),
    severity: text('RiskLevel', 'BlastRadius', 'CriticalityLevel'),
    status: text('RiskStatus'),
    detail: named(
      'AccountDisplayName',
      'Department',
      'JobTitle',
      'Manager',
      'IsAccountEnabled',
      'AssignedRoles',
      'PrivilegedEntraPimRoles',
      'GroupMembership',
      'Tags',
      'RiskLevel',
      'IdentityEnvironment',
      'CloudSid',
    ),
  },
}

/** Addresses kept of one identity. */
const MAX_ADDRESSES = 100

/** IdentityInfo: the account as the directory knows it; undefined when nothing identifies it. */
export function identityUser(row: DefenderRow, collectedAt: number | undefined): DirectoryItem | undefined {
  const onPrem = sid('OnPremSid', 'AccountSid')(row)
  const objectGuid = guid('AccountObjectId', 'OnPremObjectId')(row)
  const known = onPrem ?? sid('CloudSid')(row)
  const objectId = known ?? objectGuid
  if (objectId === undefined) return undefined
  const upn = text('AccountUpn')(row)
  const samAccountName = text('AccountName')(row)
  const displayName = text('AccountDisplayName')(row)
  const domain = text('AccountDomain')(row)
  const mailAddress = mail('EmailAddress')(row)
  const others = row.json('OtherMailAddresses')
  const listed = (Array.isArray(others) ? others : [])
    .slice(0, MAX_ADDRESSES)
    .flatMap((one) => (typeof one === 'string' ? (toAddressKey(one) ?? []) : []))
  const proxyAddresses = [...new Set([...(mailAddress === undefined ? [] : [mailAddress]), ...listed])]
  const createdAt = row.time('CreatedDateTime')?.us
  const isDns = domain?.includes('.') === true
  return {
    type: 'directory',
    kind: 'user',
    objectId,
    name: upn ?? samAccountName ?? displayName ?? objectId,
    edges: [],
    ...definedOnly({
      sid: known,
      guid: objectGuid,
      dn: text('DistinguishedName')(row),
      displayName,
      samAccountName,
      upn,
      mail: mailAddress,
      proxyAddresses: proxyAddresses.length === 0 ? undefined : proxyAddresses,
      domain: isDns ? domain?.toLowerCase() : undefined,
      netbiosDomain: isDns ? undefined : domain,
      department: text('Department')(row),
      title: text('JobTitle')(row),
      enabled: toBoolean(row.text('IsAccountEnabled')),
      createdAt,
      collectedAt,
    }),
  }
}

type Facts = Omit<DirectoryItem, 'type' | 'kind' | 'objectId' | 'name' | 'edges'>
/** Facts without those that are not known, so that golden files and equality see only what was said. */
function definedOnly(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
