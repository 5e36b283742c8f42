import type { EventItem } from '../../model/event.ts'
import { toCoordinates } from '../../normalise/coordinates.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { scalarText } from '../json/parse-object.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, splitEndpoint } from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'

/** Risk words that mean "no risk was seen". */
const noRisk = (text: string | undefined): string | undefined =>
  text === undefined || /^(?:none|hidden|unknownFutureValue)$/i.test(text) ? undefined : text

/** `City, State, Country` of a Graph location, or the text of the portal. */
export function placeOf(row: NamedRow): string | undefined {
  const value = row.value('location')
  if (typeof value === 'string') return value
  const place = inner(value)
  const parts = ['city', 'state', 'countryOrRegion'].flatMap((name) => place.text(name) ?? [])
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Where the provider puts the address: kept in the detail, for how far apart two sign-ins are. */
function coordinatesOf(row: NamedRow): string | undefined {
  const place = inner(inner(row.value('location')).value('geoCoordinates'))
  return toCoordinates(place.text('latitude'), place.text('longitude'))
}

/** `success`, `failure`, or nothing for an interrupted sign-in that goes on elsewhere. */
function outcomeOf(code: string | undefined, status: string | undefined): string | undefined {
  if (code !== undefined && /^\d+$/.test(code)) return code === '0' ? 'success' : 'failure'
  if (status === undefined) return undefined
  return /^succ/i.test(status) ? 'success' : /^fail/i.test(status) ? 'failure' : undefined
}

/** A sign-in of Graph (`signIns`), of a diagnostic setting, or of the portal's CSV. */
export function readSignIn(row: NamedRow, when: When, category: string | undefined): EventItem {
  const status = inner(row.value('status'))
  const device = inner(row.value('deviceDetail'))
  const code = status.text('errorCode') ?? row.text('Sign-in error code', 'resultType')
  const account = row.text(
    'userPrincipalName',
    'Username',
    'servicePrincipalName',
    'Service principal name',
    'User',
  )
  const { ip, port } = splitEndpoint(row.text('ipAddress', 'IP address', 'callerIpAddress'))
  const interactive = row.text('isInteractive')
  return eventAt(when, 'cloud-sign-in', {
    provider: 'Microsoft Entra ID',
    account,
    accountMail: toAddressKey(account ?? ''),
    accountId: toGuid(row.text('userId', 'User ID', 'servicePrincipalId', 'Service principal ID')),
    sourceIp: ip,
    sourcePort: port,
    sourceHost: toHost(device.text('displayName') ?? row.text('Device name')),
    hostId: toGuid(device.text('deviceId') ?? row.text('Device ID')),
    location: placeOf(row),
    application: row.text('appDisplayName', 'Application'),
    target: row.text('resourceDisplayName', 'Resource'),
    userAgent: row.text('userAgent', 'User agent'),
    protocol: protocolOf(row.text('authenticationProtocol')),
    authentication: row.text('authenticationRequirement', 'Authentication requirement'),
    sessionId: row.text('sessionId', 'Session ID'),
    outcome: outcomeOf(code, scalarText(row.value('status'))),
    status: code ?? scalarText(row.value('status')),
    severity: noRisk(row.text('riskLevelDuringSignIn')) ?? noRisk(row.text('riskLevelAggregated')),
    action:
      category ??
      (interactive === undefined ? undefined : interactive === 'true' ? 'interactive' : 'non-interactive'),
    detail: describe([
      ['coordinates', coordinatesOf(row)],
      ['token issuer', issuerOf(row.text('tokenIssuerType'))],
      // Graph writes "Other." as the reason of a success
      [
        'reason',
        unlessOther(status.text('failureReason') ?? row.text('Failure reason', 'resultDescription')),
      ],
      ['', status.text('additionalDetails')],
      ['client', row.text('clientAppUsed', 'Client app')],
      ['conditional access', row.text('conditionalAccessStatus', 'Conditional Access')],
      ['operating system', device.text('operatingSystem') ?? row.text('Operating System')],
      ['browser', device.text('browser') ?? row.text('Browser')],
      ['managed', device.text('isManaged') ?? row.text('Managed')],
      [
        'risk',
        row
          .list('riskEventTypes_v2', 'riskEventTypes')
          .map((one) => scalarText(one) ?? '')
          .join(', '),
      ],
      ['risk state', noRisk(row.text('riskState'))],
      [
        'mfa',
        row.text('Multifactor authentication result') ?? inner(row.value('mfaDetail')).text('authMethod'),
      ],
      ['methods', methodsOf(row)],
      ['transfer', noRisk(row.text('originalTransferMethod'))],
      ['correlation', row.text('correlationId', 'Correlation ID')],
      // Other logs of the tenant name the sign-in by it.
      ['sign-in', toGuid(row.text('id', 'Request ID'))],
    ]),
  })
}

/** Entra ID itself is the rule and says nothing. */
const issuerOf = (text: string | undefined): string | undefined =>
  text === undefined || /^AzureAD$/i.test(text) ? undefined : text

const unlessOther = (text: string | undefined): string | undefined => (text === 'Other.' ? undefined : text)

const protocolOf = (text: string | undefined): string | undefined =>
  text === undefined || /^none$/i.test(text) ? undefined : text

/** Steps of one authentication. */
const MAX_STEPS = 20
function methodsOf(row: NamedRow): string | undefined {
  const steps = row
    .list('authenticationDetails')
    .slice(0, MAX_STEPS)
    .flatMap((entry) => {
      const step = inner(entry)
      const method = step.text('authenticationMethod')
      return method === undefined
        ? []
        : [`${method} (${step.text('authenticationStepResultDetail') ?? step.text('succeeded') ?? ''})`]
    })
  return steps.length === 0 ? undefined : steps.join(', ')
}
