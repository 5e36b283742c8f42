import type { EventItem } from '../../model/event.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { isObject, member, scalarText } from '../json/parse-object.ts'
import { operationKind } from './operations.ts'
import {
  cut,
  DETAIL_LIMIT,
  either,
  fixed,
  guid,
  ip,
  mail,
  named,
  type Pick,
  type RowMeaning,
  sid,
  text,
  toAddress,
} from './picks.ts'
import type { DefenderRow } from './row.ts'

/** The audit record inside a row of CloudAppEvents. */
const raw =
  (...paths: string[]): Pick<string> =>
  (row) => {
    for (const path of paths) {
      const value = present(row.inside('RawEventData', path))
      if (value !== undefined) return value
    }
    return undefined
  }
const through =
  <T>(pick: Pick<string>, read: (text: string) => T | undefined): Pick<T> =>
  (row) => {
    const value = pick(row)
    return value === undefined ? undefined : read(value)
  }

const operation = (row: DefenderRow): string | undefined => row.first('ActionType', 'Operation')

/** Parameters of a cmdlet or properties of an operation; a crafted record could list thousands. */
const MAX_PARAMETERS = 100

/** `Name: value; Name: value` out of lists of `{Name, Value}`. */
function parameters(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MAX_PARAMETERS).flatMap((entry) => {
    const name = scalarText(member(entry, 'Name'))
    const said = member(entry, 'Value')
    const text = typeof said === 'object' && said !== null ? JSON.stringify(said) : present(scalarText(said))
    return name === undefined || text === undefined ? [] : [`${name}: ${text}`]
  })
}
function parameter(value: unknown, name: string): string | undefined {
  if (!Array.isArray(value)) return undefined
  const entry: unknown = value.find((one) => scalarText(member(one, 'Name')) === name)
  return present(scalarText(member(entry, 'Value')))
}

const rawLists = (row: DefenderRow): unknown[] => {
  const record = row.json('RawEventData')
  return [member(record, 'Parameters'), member(record, 'OperationProperties')]
}
const rest = named(
  'ActivityType',
  'ObjectType',
  'ObjectName',
  'IsAdminOperation',
  'IsAnonymousProxy',
  'ISP',
  'IPTags',
  'AccountType',
  'Permissions',
  'PermissionsAddedTo',
  'OAuthAppId',
)
const cloudDetail: Pick<string> = (row) => {
  const said = rawLists(row).flatMap((value) => parameters(value))
  const other = rest(row)
  const all = [...said, ...(other === undefined ? [] : [other])].join('; ')
  return all === '' ? undefined : cut(all, DETAIL_LIMIT)
}

/** `City, State, Country` of whichever the table has. */
export const location: Pick<string> = (row) => {
  const parts = ['City', 'State', 'CountryCode', 'Country'].flatMap(
    (column) => present(row.text(column)) ?? [],
  )
  return parts.length === 0 ? text('Location')(row) : [...new Set(parts)].join(', ')
}

const OUTCOMES = new Map([
  ['succeeded', 'success'],
  ['success', 'success'],
  ['true', 'success'],
  ['partiallysucceeded', 'success'],
  ['failed', 'failure'],
  ['failure', 'failure'],
  ['false', 'failure'],
])
export const outcomeOf =
  (pick: Pick<string>): Pick<string> =>
  (row) =>
    OUTCOMES.get(pick(row)?.toLowerCase() ?? '')

/** CloudAppEvents: activities in connected cloud applications, with the audit record inside. */
export const cloudActivity: RowMeaning = {
  kind: (row) => operationKind(operation(row)),
  fields: {
    account: either(
      through(raw('UserId'), (value) => toAddressKey(value) ?? value),
      text('UserId', 'AccountDisplayName', 'AccountId'),
    ),
    accountMail: either(mail('UserId', 'AccountId'), through(raw('UserId', 'MailboxOwnerUPN'), toAddressKey)),
    accountId: guid('AccountObjectId'),
    action: text('ActionType'),
    application: text('Application'),
    sourceIp: either(
      ip('IPAddress'),
      through(raw('ClientIPAddress', 'ClientIP', 'ActorIpAddress'), toAddress),
    ),
    location,
    userAgent: either(text('UserAgent', 'UserAgent_string'), raw('ClientInfoString', 'UserAgent')),
    target: either(ruleName, text('ObjectName', 'ObjectId'), raw('ObjectId')),
    recipient: through(raw('MailboxOwnerUPN'), toAddressKey),
    subject: raw('Item.Subject'),
    messageId: through(raw('Item.InternetMessageId'), (value) => toMessageId(value) ?? undefined),
    outcome: outcomeOf(raw('ResultStatus')),
    sessionId: raw('SessionId', 'AppAccessContext.AADSessionId'),
    detail: cloudDetail,
  },
}
function ruleName(row: DefenderRow): string | undefined {
  if (operationKind(operation(row)) !== 'mailbox-rule') return undefined
  return rawLists(row)
    .map((value) => parameter(value, 'Name') ?? parameter(value, 'RuleName'))
    .find((name) => name !== undefined)
}

/** OfficeActivity of Sentinel: the same audit records with their members as columns. */
export const officeActivity: RowMeaning = {
  kind: (row) => operationKind(row.text('Operation')),
  fields: {
    provider: fixed('Microsoft 365'),
    account: text('UserId', 'MailboxOwnerUPN'),
    accountMail: mail('UserId', 'MailboxOwnerUPN'),
    accountSid: sid('LogonUserSid', 'MailboxOwnerSid'),
    action: text('Operation'),
    application: text('OfficeWorkload'),
    sourceIp: ip('ClientIP', 'Client_IPAddress', 'ClientIP_'),
    userAgent: text('UserAgent', 'ClientInfoString'),
    target: either(
      (row) =>
        operationKind(row.text('Operation')) === 'mailbox-rule'
          ? parameter(row.json('Parameters'), 'Name')
          : undefined,
      text('OfficeObjectId', 'SourceFileName', 'DestFolder'),
    ),
    recipient: mail('MailboxOwnerUPN'),
    subject: (row) => present(row.inside('Item', 'Subject')),
    outcome: outcomeOf(text('ResultStatus')),
    detail: (row) => {
      const said = [
        ...parameters(row.json('Parameters')),
        ...parameters(row.json('OperationProperties')),
      ].join('; ')
      return said === ''
        ? named('Logon_Type', 'ExternalAccess', 'SourceFileName', 'Site_Url')(row)
        : cut(said, DETAIL_LIMIT)
    },
  },
}

/** Messages one access record names; a throttled one names thousands. */
const MAX_MESSAGES = 500

/** One event for every further message that a mailbox access names, each with its Message-ID. */
export function accessedMessages(row: DefenderRow, event: EventItem): EventItem[] {
  if (event.kind !== 'mailbox-access') return [event]
  const record = row.json('RawEventData')
  const ids = [record === undefined ? row.json('Folders') : member(record, 'Folders')].flatMap((folders) =>
    listOf(folders).flatMap((folder) =>
      listOf(member(folder, 'FolderItems')).flatMap(
        (item) => toMessageId(scalarText(member(item, 'InternetMessageId'))) ?? [],
      ),
    ),
  )
  const distinct = [...new Set(ids)].slice(0, MAX_MESSAGES)
  if (distinct.length === 0) return [event]
  return distinct.map((messageId) => ({ ...event, fields: { ...event.fields, messageId } }))
}
const listOf = (value: unknown): object[] =>
  Array.isArray(value) ? value.filter((one) => isObject(one)) : []

const initiator =
  (path: string): Pick<string> =>
  (row) =>
    present(row.inside('InitiatedBy', path))

/** AuditLogs of Entra ID: who changed what in the directory. */
export const directoryAudit: RowMeaning = {
  kind: (row) =>
    /password/i.test(row.first('OperationName', 'ActivityDisplayName') ?? '')
      ? 'password-change'
      : 'cloud-activity',
  fields: {
    provider: fixed('Microsoft Entra ID'),
    account: either(
      initiator('user.userPrincipalName'),
      initiator('user.displayName'),
      initiator('app.displayName'),
      text('Identity'),
    ),
    accountMail: through(initiator('user.userPrincipalName'), toAddressKey),
    accountId: initiator('user.id'),
    sourceIp: through(initiator('user.ipAddress'), toAddress),
    action: text('OperationName', 'ActivityDisplayName'),
    application: text('LoggedByService'),
    outcome: outcomeOf(text('Result')),
    status: text('ResultReason', 'ResultDescription'),
    target: (row) =>
      present(row.inside('TargetResources', '0.displayName')) ??
      present(row.inside('TargetResources', '0.userPrincipalName')),
    targetAccount: (row) => present(row.inside('TargetResources', '0.userPrincipalName')),
    userAgent: text('UserAgent'),
    detail: named('Category', 'TargetResources', 'AdditionalDetails'),
  },
}
