import { toCoordinates } from '../../normalise/coordinates.ts'
import { present } from '../../normalise/placeholder.ts'
import { location, outcomeOf } from './cloud-tables.ts'
import { either, fixed, guid, host, ip, mail, named, type Pick, type RowMeaning, text } from './picks.ts'
import type { DefenderRow } from './row.ts'

/** Error 0 is success; 50125, 50140 and others interrupt the sign-in but do not refuse it, so they stay a failure here. */
const byError =
  (column: string): Pick<string> =>
  (row) => {
    const code = present(row.text(column))
    return code === undefined ? undefined : /^(?:0|success)$/i.test(code) ? 'success' : 'failure'
  }

const RISK = [
  'RiskLevelAggregated',
  'RiskLevelDuringSignIn',
  'RiskEventTypes',
  'RiskState',
  'RiskEventTypes_V2',
] as const
/** Risk levels are numbers in the beta tables (0 none ... 100 high), words elsewhere. */
const RISK_WORDS = new Map([
  ['0', 'none'],
  ['1', 'low'],
  ['10', 'low'],
  ['50', 'medium'],
  ['100', 'high'],
])
const risk: Pick<string> = (row) => {
  const level = text('RiskLevelDuringSignIn', 'RiskLevelAggregated')(row)
  return level === undefined ? undefined : (RISK_WORDS.get(level) ?? level)
}

const inside =
  (column: string, ...paths: string[]): Pick<string> =>
  (row: DefenderRow) => {
    for (const path of paths) {
      const value = present(row.inside(column, path))
      if (value !== undefined) return value
    }
    return undefined
  }

/** Where the provider puts the address, as columns or inside the place; then the columns named. */
const placed =
  (...columns: string[]): Pick<string> =>
  (row) => {
    const geo = (name: string): string | undefined =>
      inside('LocationDetails', `geoCoordinates.${name}`)(row) ??
      inside('Location', `geoCoordinates.${name}`)(row)
    const at = toCoordinates(
      present(row.text('Latitude')) ?? geo('latitude'),
      present(row.text('Longitude')) ?? geo('longitude'),
    )
    const rest = named(...columns)(row)
    return at === undefined ? rest : `coordinates: ${at}${rest === undefined ? '' : `; ${rest}`}`
  }

/** AADSignInEventsBeta, EntraIdSignInEvents and their tables of service principals. */
export const signIn: RowMeaning = {
  kind: 'cloud-sign-in',
  fields: {
    provider: fixed('Microsoft Entra ID'),
    account: text('AccountUpn', 'AccountDisplayName', 'ServicePrincipalName', 'ServicePrincipalId'),
    accountMail: mail('AccountUpn'),
    accountId: guid('AccountObjectId', 'ServicePrincipalId'),
    sourceHost: host('DeviceName'),
    hostId: text('AadDeviceId', 'EntraIdDeviceId'),
    sourceIp: ip('IPAddress'),
    location,
    application: text('Application', 'ResourceDisplayName'),
    target: text('ResourceDisplayName'),
    userAgent: text('UserAgent'),
    authentication: text('AuthenticationRequirement'),
    outcome: byError('ErrorCode'),
    status: text('ErrorCode'),
    severity: risk,
    action: (row) => present(row.text('LogonType')?.replace(/[[\]"]/g, '')),
    sessionId: text('SessionId', 'CorrelationId'),
    detail: placed(
      'ClientAppUsed',
      'Browser',
      'OSPlatform',
      'DeviceTrustType',
      'IsManaged',
      'IsCompliant',
      'ConditionalAccessStatus',
      'AuthenticationProcessingDetails',
      ...RISK,
      '?IsGuestUser',
      '?IsExternalUser',
      'NetworkLocationDetails',
      'RequestId',
      'CorrelationId',
    ),
  },
}

const place: Pick<string> = (row) => {
  const parts = ['city', 'state', 'countryOrRegion'].flatMap(
    (name) => inside('LocationDetails', name)(row) ?? inside('Location', name)(row) ?? [],
  )
  return parts.length === 0 ? location(row) : parts.join(', ')
}

const errorCode: Pick<string> = (row) => {
  const code = inside('Status', 'errorCode')(row)
  return code === undefined ? undefined : code === '0' ? 'success' : 'failure'
}

/** SigninLogs of Entra ID and its sisters (non-interactive, service principal, managed identity). */
export const entraSignIn: RowMeaning = {
  kind: 'cloud-sign-in',
  fields: {
    provider: fixed('Microsoft Entra ID'),
    account: text('UserPrincipalName', 'Identity', 'ServicePrincipalName', 'UserDisplayName'),
    accountMail: mail('UserPrincipalName'),
    accountId: guid('UserId', 'ServicePrincipalId'),
    sourceHost: (row) => host('DeviceName')(row) ?? inside('DeviceDetail', 'displayName')(row),
    hostId: inside('DeviceDetail', 'deviceId'),
    sourceIp: ip('IPAddress'),
    location: place,
    application: text('AppDisplayName', 'ResourceDisplayName'),
    target: text('ResourceDisplayName'),
    userAgent: text('UserAgent'),
    authentication: text('AuthenticationRequirement'),
    outcome: either(byError('ResultType'), errorCode, outcomeOf(text('ResultSignature'))),
    status: either(text('ResultType'), inside('Status', 'errorCode')),
    severity: risk,
    action: text('Category', 'OperationName'),
    sessionId: text('SessionId', 'CorrelationId'),
    detail: placed(
      'ResultDescription',
      'Id',
      'ClientAppUsed',
      'ConditionalAccessStatus',
      ...RISK,
      'DeviceDetail',
      'Status',
      'AuthenticationDetails',
      'CorrelationId',
    ),
  },
}
