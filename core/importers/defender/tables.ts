import { alertRow, behaviorRow, securityAlert } from './alert-tables.ts'
import { cloudActivity, directoryAudit } from './cloud-tables.ts'
import { deviceEvent } from './device-events.ts'
import { emailAttachment, emailCopy, emailUrl, postDelivery, teamsMessage, urlClick } from './email-tables.ts'
import { certificate, fileEvent, imageLoad, registryEvent } from './file-tables.ts'
import { identityDirectory, identityLogon, identityQuery } from './identity-tables.ts'
import { deviceInfo, deviceNetworkInfo, vulnerability } from './inventory-tables.ts'
import {
  cloudItems,
  deviceItems,
  eventItems,
  identityItems,
  messageItem,
  networkInfoItems,
  officeItems,
  type ReadItems,
} from './items.ts'
import { deviceLogon } from './logon-table.ts'
import { networkEvent } from './network-table.ts'
import { processStart } from './process-table.ts'
import { entraSignIn, signIn } from './sign-in-tables.ts'

/** One table of the hunting schema. */
export interface HuntingTable {
  readonly name: string
  /** What a row means. */
  readonly items: ReadItems
  /** Columns whose presence makes the table: all of one of the lists. None: told by name or ActionType only. */
  readonly signs: readonly (readonly string[])[]
  /** Rows of this table need not state a time. */
  readonly isTimeless: boolean
}

const table = (
  name: string,
  items: ReadItems,
  signs: HuntingTable['signs'],
  isTimeless = false,
): HuntingTable => ({ name, items, signs, isTimeless })
const timeless = (name: string, signs: HuntingTable['signs']): HuntingTable =>
  table(name, eventItems(vulnerability), signs, true)

/** All tables known, most special first: the first whose columns are all there is the table of a file that names none. */
const TABLES: readonly HuntingTable[] = [
  table('DeviceFileCertificateInfo', eventItems(certificate), [
    ['SHA1', 'IsSigned', 'SignatureType'],
    ['SHA1', 'IsTrusted', 'Issuer'],
  ]),
  table('DeviceNetworkInfo', networkInfoItems(deviceNetworkInfo), [
    ['DeviceId', 'NetworkAdapterName'],
    ['DeviceName', 'IPAddresses', 'MacAddress'],
  ]),
  table('DeviceInfo', deviceItems(deviceInfo), [
    ['DeviceId', 'OSPlatform', 'LoggedOnUsers'],
    ['DeviceId', 'OSPlatform', 'OnboardingStatus'],
    ['DeviceName', 'OSPlatform', 'ClientVersion'],
    ['DeviceName', 'OSBuild', 'PublicIP'],
  ]),
  table('AlertEvidence', eventItems(alertRow), [
    ['AlertId', 'EntityType'],
    ['AlertId', 'EvidenceRole'],
  ]),
  table('AlertInfo', eventItems(alertRow), [
    ['AlertId', 'Title', 'Severity'],
    ['AlertId', 'Category', 'DetectionSource'],
  ]),
  table('BehaviorEntities', eventItems(behaviorRow), [['BehaviorId', 'EntityType']]),
  table('BehaviorInfo', eventItems(behaviorRow), [
    ['BehaviorId', 'Description'],
    ['BehaviorId', 'ActionType'],
  ]),
  table('EmailAttachmentInfo', messageItem(emailAttachment), [
    ['NetworkMessageId', 'FileName', 'RecipientEmailAddress'],
    ['NetworkMessageId', 'FileName', 'FileType', 'SHA256'],
  ]),
  table('EmailPostDeliveryEvents', eventItems(postDelivery), [
    ['NetworkMessageId', 'ActionTrigger'],
    ['NetworkMessageId', 'ActionResult', 'RecipientEmailAddress'],
  ]),
  table('UrlClickEvents', eventItems(urlClick), [
    ['Url', 'IsClickedThrough'],
    ['Url', 'AccountUpn', 'UrlChain'],
    ['Url', 'AccountUpn', 'Workload', 'ActionType'],
  ]),
  table('EmailUrlInfo', messageItem(emailUrl), [
    ['NetworkMessageId', 'Url', 'UrlDomain'],
    ['NetworkMessageId', 'Url', 'UrlLocation'],
  ]),
  table('EmailEvents', messageItem(emailCopy), [
    ['NetworkMessageId', 'RecipientEmailAddress', 'Subject'],
    ['NetworkMessageId', 'SenderFromAddress', 'DeliveryAction'],
    ['NetworkMessageId', 'EmailDirection'],
  ]),
  table('MessageEvents', eventItems(teamsMessage), [['TeamsMessageId', 'SenderEmailAddress']]),
  table('MessagePostDeliveryEvents', eventItems(teamsMessage), [['TeamsMessageId', 'ActionTrigger']]),
  table('MessageUrlInfo', eventItems(teamsMessage), [['TeamsMessageId', 'Url']]),
  table('IdentityInfo', identityItems, [
    ['AccountObjectId', 'OnPremSid'],
    ['AccountUpn', 'CloudSid'],
    ['AccountUpn', 'AccountDisplayName', 'JobTitle'],
    ['AccountUpn', 'IsAccountEnabled', 'Department'],
  ]),
  table('EntraIdSpnSignInEvents', eventItems(signIn), [
    ['ServicePrincipalId', 'ServicePrincipalName', 'ErrorCode'],
  ]),
  table('AADSpnSignInEventsBeta', eventItems(signIn), []),
  table('AADSignInEventsBeta', eventItems(signIn), [
    ['AccountUpn', 'ErrorCode', 'AadDeviceId'],
    ['AccountUpn', 'ErrorCode', 'IPAddress', 'Application'],
  ]),
  table('EntraIdSignInEvents', eventItems(signIn), [['AccountUpn', 'ErrorCode', 'EntraIdDeviceId']]),
  table('CloudAppEvents', cloudItems(cloudActivity), [
    ['RawEventData', 'ActionType', 'Application'],
    ['ActionType', 'Application', 'ActivityType'],
    ['ActionType', 'Application', 'ApplicationId', 'CountryCode'],
    ['ActionType', 'Application', 'ActivityObjects'],
  ]),
  table('IdentityQueryEvents', eventItems(identityQuery), [
    ['ActionType', 'QueryType', 'QueryTarget'],
    ['ActionType', 'Query', 'QueryTarget'],
  ]),
  table('IdentityLogonEvents', eventItems(identityLogon), [
    ['ActionType', 'LogonType', 'Application', 'AccountUpn'],
    ['LogonType', 'TargetDeviceName', 'DestinationDeviceName'],
    ['LogonType', 'Application', 'IPAddress', 'AccountName'],
  ]),
  table('IdentityDirectoryEvents', eventItems(identityDirectory), [
    ['ActionType', 'Application', 'TargetAccountUpn'],
    ['ActionType', 'TargetDeviceName', 'DestinationDeviceName'],
    ['ActionType', 'TargetAccountUpn', 'DestinationDeviceName'],
  ]),
  table('DeviceNetworkEvents', eventItems(networkEvent), [
    ['RemoteIP', 'RemotePort', 'LocalIP', 'Protocol', 'InitiatingProcessFileName'],
    ['ActionType', 'RemoteIP', 'RemotePort', 'InitiatingProcessFileName', 'RemoteUrl'],
    ['ActionType', 'RemoteIP', 'RemotePort', 'DeviceName'],
  ]),
  table('DeviceRegistryEvents', eventItems(registryEvent), [
    ['RegistryKey', 'RegistryValueData', 'InitiatingProcessFileName'],
    ['RegistryKey', 'RegistryValueType'],
    ['RegistryKey', 'RegistryValueName', 'DeviceName', 'ActionType'],
  ]),
  table('DeviceFileEvents', eventItems(fileEvent), [
    ['PreviousFileName', 'FileName'],
    ['FileOriginUrl', 'FileName'],
    ['RequestProtocol', 'FileName'],
    ['ActionType', 'FileName', 'FolderPath', 'SensitivityLabel'],
  ]),
  table('DeviceLogonEvents', eventItems(deviceLogon), [
    ['LogonType', 'IsLocalAdmin'],
    ['LogonType', 'RemoteDeviceName'],
    ['LogonType', 'AccountName', 'DeviceName', 'RemoteIP'],
  ]),
  table('DeviceProcessEvents', eventItems(processStart), [
    ['ProcessCommandLine', 'InitiatingProcessFileName', 'ActionType'],
    ['ProcessCommandLine', 'ProcessId', 'FileName', 'DeviceName'],
    ['ProcessCommandLine', 'DeviceName', 'InitiatingProcessCommandLine'],
  ]),
  table('DeviceImageLoadEvents', eventItems(imageLoad), []),
  table('DeviceEvents', eventItems(deviceEvent), [
    ['ActionType', 'DeviceId', 'AdditionalFields'],
    ['ActionType', 'DeviceName', 'InitiatingProcessFileName'],
  ]),
  timeless('DeviceTvmSoftwareVulnerabilities', [['CveId', 'SoftwareName', 'SoftwareVersion']]),
  timeless('DeviceTvmSoftwareInventory', [
    ['SoftwareVendor', 'SoftwareName', 'SoftwareVersion', 'DeviceId'],
    ['DeviceName', 'SoftwareName', 'SoftwareVersion'],
  ]),
  timeless('DeviceTvmSoftwareEvidenceBeta', [['SoftwareName', 'DiskPaths']]),
  timeless('DeviceTvmSoftwareVulnerabilitiesKB', [['CveId', 'CvssScore', 'VulnerabilitySeverityLevel']]),
  timeless('DeviceTvmSecureConfigurationAssessment', [['ConfigurationId', 'IsCompliant']]),
  timeless('DeviceTvmSecureConfigurationAssessmentKB', [['ConfigurationId', 'ConfigurationName']]),
  timeless('DeviceTvmInfoGathering', []),
  timeless('DeviceTvmInfoGatheringKB', []),
  timeless('DeviceTvmHardwareFirmware', [['DeviceId', 'ComponentType', 'ComponentFamily']]),
  timeless('DeviceTvmCertificateInfo', [['DeviceId', 'Thumbprint', 'SignatureAlgorithm']]),
  timeless('DeviceTvmBrowserExtensions', [['DeviceId', 'BrowserName', 'ExtensionId']]),
  timeless('DeviceTvmBrowserExtensionsKB', []),
  timeless('ExposureGraphNodes', [
    ['NodeId', 'NodeLabel', 'NodeProperties'],
    ['NodeId', 'NodeLabel', 'EntityIds'],
  ]),
  timeless('ExposureGraphEdges', [['EdgeLabel', 'SourceNodeId', 'TargetNodeId']]),
  table('SigninLogs', eventItems(entraSignIn), [['UserPrincipalName', 'ResultType', 'AppDisplayName']]),
  table('AADNonInteractiveUserSignInLogs', eventItems(entraSignIn), []),
  table('AADServicePrincipalSignInLogs', eventItems(entraSignIn), [['ServicePrincipalId', 'ResultType']]),
  table('AADManagedIdentitySignInLogs', eventItems(entraSignIn), []),
  table('AuditLogs', eventItems(directoryAudit), [['InitiatedBy', 'TargetResources', 'OperationName']]),
  table('OfficeActivity', officeItems, [['OfficeWorkload', 'Operation', 'UserId']]),
  table('SecurityAlert', eventItems(securityAlert), [
    ['SystemAlertId', 'AlertName'],
    ['AlertName', 'AlertSeverity', 'Entities'],
  ]),
]

const BY_NAME: ReadonlyMap<string, HuntingTable> = new Map(TABLES.map((one) => [one.name.toLowerCase(), one]))

/** The table of that name (`AdvancedHunting-` before it, or `_CL` behind, are no part of it). */
export const tableNamed = (name: string | undefined): HuntingTable | undefined =>
  name === undefined
    ? undefined
    : BY_NAME.get(
        name
          .trim()
          .toLowerCase()
          .replace(/^advancedhunting-/, '')
          .replace(/_cl$/, ''),
      )

/** All tables whose columns are there, most special first. */
export function tablesWith(has: (column: string) => boolean): HuntingTable[] {
  return TABLES.filter((one) => one.signs.some((list) => list.every((column) => has(column))))
}
