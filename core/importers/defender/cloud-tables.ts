import { directoryKind } from '../audit/directory-operations.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import { either, fixed, guid, ip, mail, named, type Pick, type RowMeaning, text, toAddress } from './picks.ts'

const through =
  <T>(pick: Pick<string>, read: (text: string) => T | undefined): Pick<T> =>
  (row) => {
    const value = pick(row)
    return value === undefined ? undefined : read(value)
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

/** CloudAppEvents: what the columns say; the audit record inside says more (items.ts). */
export const cloudActivity: RowMeaning = {
  kind: (row) => directoryKind(row.text('ActionType') ?? ''),
  fields: {
    account: either(mail('UserId', 'AccountId'), text('UserId', 'AccountDisplayName', 'AccountId')),
    accountMail: mail('UserId', 'AccountId'),
    accountId: guid('AccountObjectId'),
    action: text('ActionType'),
    application: text('Application'),
    sourceIp: ip('IPAddress'),
    location,
    userAgent: text('UserAgent', 'UserAgent_string'),
    target: text('ObjectName', 'ObjectId'),
    detail: named(
      'ActivityType',
      'ObjectType',
      'ObjectName',
      '?IsAdminOperation',
      '?IsAnonymousProxy',
      '?IsExternalUser',
      '?IsImpersonated',
      'ISP',
      'IPTags',
      'IPCategory',
      'AccountType',
      'Permissions',
      'PermissionsAddedTo',
      'OAuthAppId',
    ),
  },
}

const initiator =
  (path: string): Pick<string> =>
  (row) =>
    present(row.inside('InitiatedBy', path))

/** AuditLogs of Entra ID: who changed what in the directory. */
export const directoryAudit: RowMeaning = {
  kind: (row) => directoryKind(row.first('OperationName', 'ActivityDisplayName')?.trim() ?? ''),
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
