import { toAccount, toSid } from '../../normalise/account.ts'
import {
  account,
  either,
  filePath,
  fixed,
  guid,
  hashes,
  host,
  ip,
  mail,
  named,
  networkMessageId,
  type Pick,
  type RowMeaning,
  sid,
  techniques,
  text,
} from './picks.ts'
import { remoteHost, remoteUrl } from './actor.ts'
import type { DefenderRow } from './row.ts'

const joinKey: Pick<string> = (row) => {
  const key = text('RegistryKey')(row)
  const name = text('RegistryValueName')(row)
  return key === undefined || name === undefined ? key : `${key}\\${name}`
}

/** AlertInfo, AlertEvidence: the alert with what it names. Several rows may tell of one alert, each of another entity. */
export const alertRow: RowMeaning = {
  kind: 'alert',
  fields: {
    host: host('DeviceName'),
    hostId: text('DeviceId'),
    account: either(account('Account'), text('AccountUpn')),
    accountSid: sid('AccountSid'),
    accountId: guid('AccountObjectId'),
    accountMail: mail('AccountUpn'),
    commandLine: text('ProcessCommandLine'),
    target: either(filePath('FolderPath', 'FileName'), joinKey, text('CloudResource', 'ResourceID')),
    ...hashes(''),
    hostIp: ip('LocalIP'),
    destinationIp: ip('RemoteIP'),
    destinationHost: remoteHost,
    url: remoteUrl,
    networkMessageId,
    subject: text('EmailSubject'),
    application: text('Application'),
    rule: text('Title'),
    severity: text('Severity'),
    technique: techniques('AttackTechniques'),
    action: text('EntityType', 'Category'),
    status: text('EvidenceRole'),
    sessionId: text('AlertId'),
    detail: named(
      'Category',
      'Categories',
      'ServiceSource',
      'DetectionSource',
      'EvidenceDirection',
      'ThreatFamily',
      'AttackTechniques',
      'RegistryValueData',
      'OAuthApplicationId',
      'CloudPlatform',
      'ResourceType',
      'SubscriptionId',
    ),
  },
}

/** BehaviorInfo, BehaviorEntities: what the product noticed without raising an alert. */
export const behaviorRow: RowMeaning = {
  kind: 'alert',
  fields: {
    ...alertRow.fields,
    rule: text('Description', 'Title', 'ActionType'),
    action: text('ActionType'),
    status: either(text('EntityRole'), text('EntityType')),
    sessionId: text('BehaviorId'),
    detail: named(
      'Categories',
      'ServiceSource',
      'DetectionSource',
      'DataSources',
      'EntityType',
      'StartTime',
      'EndTime',
      'ThreatFamily',
      'AttackTechniques',
    ),
  },
}

/** SecurityAlert of Sentinel: entities stand in one cell. */
export const securityAlert: RowMeaning = {
  kind: 'alert',
  fields: {
    provider: fixed('Microsoft Sentinel'),
    host: (row) => host('CompromisedEntity')(row) ?? entityText(row, 'host', 'HostName'),
    account: (row) => sentinelAccount(row),
    accountSid: (row) => toSid(entityText(row, 'account', 'Sid')),
    destinationIp: (row) => entityText(row, 'ip', 'Address'),
    target: (row) => entityText(row, 'file', 'Name'),
    commandLine: (row) => entityText(row, 'process', 'CommandLine'),
    rule: text('AlertName', 'DisplayName'),
    severity: text('AlertSeverity', 'Severity'),
    technique: techniques('Techniques', 'SubTechniques', 'ExtendedProperties'),
    status: text('Status'),
    action: text('AlertType'),
    sessionId: text('SystemAlertId', 'VendorOriginalId'),
    detail: named('Description', 'Tactics', 'ProviderName', 'VendorName', 'ProductName', 'RemediationSteps'),
  },
}

/** Entities looked at in one alert. */
const MAX_ENTITIES = 200
function entityText(row: DefenderRow, type: string, name: string): string | undefined {
  const entities = row.json('Entities')
  if (!Array.isArray(entities)) return undefined
  for (let place = 0; place < Math.min(entities.length, MAX_ENTITIES); place++) {
    if (row.inside('Entities', `${place}.Type`)?.toLowerCase() !== type) continue
    const value = row.inside('Entities', `${place}.${name}`)
    if (value !== undefined && value !== '') return value
  }
  return undefined
}
const sentinelAccount = (row: DefenderRow): string | undefined => {
  const name = entityText(row, 'account', 'Name')
  const suffix = entityText(row, 'account', 'UPNSuffix')
  if (name !== undefined && suffix !== undefined) return `${name}@${suffix}`
  return toAccount(entityText(row, 'account', 'NTDomain'), name)
}
