import type { EventItem } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toIp } from '../../normalise/host.ts'
import { isObject, member, scalarText } from '../json/parse-object.ts'
import { DEVICE } from './actor.ts'
import { either, named, type RowMeaning, text } from './picks.ts'
import type { DefenderRow } from './row.ts'

/** Users and addresses kept of one device row: a terminal server has some dozens. */
const MAX_LISTED = 50

/** DeviceInfo: what the endpoint is. Users logged on then come as rows of their own ({@link loggedOnUsers}). */
export const deviceInfo: RowMeaning = {
  kind: 'inventory',
  fields: {
    ...DEVICE,
    target: either(text('OSPlatform'), text('OSDistribution')),
    status: text('OnboardingStatus'),
    severity: text('ExposureLevel'),
    detail: named(
      'OSPlatform',
      'OSVersionInfo',
      'OSVersion',
      'OSBuild',
      'OSArchitecture',
      'DeviceCategory',
      'DeviceType',
      'Model',
      'Vendor',
      'PublicIP',
      'JoinType',
      'IsAzureADJoined',
      'AadDeviceId',
      'MachineGroup',
      'RegistryDeviceTag',
      'DeviceManualTags',
      'AssetValue',
      'IsInternetFacing',
      'SensorHealthState',
      'MergedDeviceIds',
      'MergedToDeviceId',
      'LoggedOnUsers',
    ),
  },
}

/** DeviceNetworkInfo: adapters. Addresses come as rows of their own ({@link ownAddresses}). */
export const deviceNetworkInfo: RowMeaning = {
  kind: 'inventory',
  fields: {
    ...DEVICE,
    target: text('NetworkAdapterName'),
    status: text('NetworkAdapterStatus'),
    detail: named(
      'MacAddress',
      'NetworkAdapterType',
      'IPAddresses',
      'DefaultGateways',
      'DnsAddresses',
      'ConnectedNetworks',
      'IPv4Dhcp',
      'TunnelType',
      'NetworkAdapterVendor',
    ),
  },
}

/** Vulnerability and exposure tables: what is installed, what is weak. Many have no time of their own. */
export const vulnerability: RowMeaning = {
  kind: 'inventory',
  fields: {
    ...DEVICE,
    target: text(
      'CveId',
      'SoftwareName',
      'ProductName',
      'ConfigurationId',
      'NodeName',
      'EdgeLabel',
      'BrowserName',
      'CertificateSerialNumber',
      'Thumbprint',
      'FirmwareVersions',
    ),
    severity: text('VulnerabilitySeverityLevel', 'ConfigurationImpact'),
    detail: named(
      'SoftwareVendor',
      'SoftwareName',
      'SoftwareVersion',
      'ProductVersion',
      'CveId',
      'CvssScore',
      'IsExploitAvailable',
      'RecommendedSecurityUpdate',
      'ConfigurationName',
      'ConfigurationCategory',
      'IsCompliant',
      'IsApplicable',
      'NodeLabel',
      'NodeId',
      'Categories',
      'NodeProperties',
      'EntityIds',
      'EdgeLabel',
      'SourceNodeName',
      'SourceNodeId',
      'TargetNodeName',
      'TargetNodeId',
      'EdgeProperties',
      'DiskPaths',
      'RegistryPaths',
      'OSPlatform',
      'OSVersion',
    ),
  },
}

/** One event per logged-on user beside the device's own, so that each of them is known there. */
export function loggedOnUsers(row: DefenderRow, event: EventItem): EventItem[] {
  return objectsOf(row.json('LoggedOnUsers')).flatMap((user) => {
    const name = (key: string): string | undefined => scalarText(member(user, key))
    const account = toAccount(name('DomainName'), name('UserName'))
    const accountSid = toSid(name('Sid'))
    if (account === undefined && accountSid === undefined) return []
    return [{ ...event, fields: { ...device(event), status: 'logged-on', account, accountSid } }]
  })
}

/** One event per address of the adapter. */
export function ownAddresses(row: DefenderRow, event: EventItem): EventItem[] {
  return objectsOf(row.json('IPAddresses')).flatMap((entry) => {
    const hostIp = toIp(scalarText(member(entry, 'IPAddress')))
    return hostIp === undefined ? [] : [{ ...event, fields: { ...device(event), status: 'address', hostIp } }]
  })
}

const device = ({ fields }: EventItem): EventItem['fields'] => ({
  provider: fields.provider,
  channel: fields.channel,
  host: fields.host,
  hostId: fields.hostId,
})
const objectsOf = (value: unknown): object[] =>
  (Array.isArray(value) ? value : []).filter((one) => isObject(one)).slice(0, MAX_LISTED)
