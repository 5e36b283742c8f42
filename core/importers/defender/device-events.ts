import type { EventKind } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import {
  either,
  extra,
  type FieldPicks,
  filePath,
  hashes,
  host,
  ip,
  named,
  pid,
  type RowMeaning,
  text,
} from './picks.ts'
import { processStart } from './process-table.ts'
import type { DefenderRow } from './row.ts'

import {
  ACCOUNT_CHANGE,
  ALERT,
  DEVICE_CONNECTED,
  FILE,
  GROUP_CHANGE,
  MALWARE,
  ON_PROCESS,
  OPENED_URL,
  SHARE,
  STOPPED,
  TASK,
  access,
  dnsAnswers,
  meaning,
  pipeKind,
  pipeName,
  script,
} from './device-fields.ts'
const both = (kind: EventKind, fields: FieldPicks, ...actions: string[]): [string, RowMeaning][] =>
  actions.map((action) => [action.toLowerCase(), meaning(kind, fields)])

/** DeviceEvents by ActionType, in lower case. */
const ACTIONS: ReadonlyMap<string, RowMeaning> = new Map<string, RowMeaning>([
  ...both('malware-detected', MALWARE, 'AntivirusDetection', 'AmsiScriptDetection'),
  ...both(
    'malware-action',
    MALWARE,
    'AntivirusReport',
    'AntivirusDetectionActionType',
    'AntivirusMalwareActionTaken',
    'AntivirusMalwareBlocked',
    'AntivirusMalwareActionFailed',
  ),
  ...both(
    'protection-change',
    { detail: named('+Value', '+OriginalValue', '+ModifiedValue') },
    'TamperingAttempt',
    'AntivirusDefinitionsUpdateFailed',
    'FirewallServiceStopped',
    'AntivirusTroubleshootModeEvent',
  ),
  ...both(
    'script-block',
    { detail: (row) => script(row) },
    'PowerShellCommand',
    'ScriptContent',
    'AmsiScriptContent',
  ),
  ...both(
    'process-access',
    { ...ON_PROCESS, status: access },
    'OpenProcessApiCall',
    'ReadProcessMemoryApiCall',
  ),
  ...both('remote-thread', ON_PROCESS, 'CreateRemoteThreadApiCall'),
  ...both(
    'process-tamper',
    ON_PROCESS,
    'WriteProcessMemoryApiCall',
    'WriteToLsassProcessMemory',
    'NtAllocateVirtualMemoryRemoteApiCall',
    'NtMapViewOfSectionRemoteApiCall',
    'QueueUserApcRemoteApiCall',
    'SetThreadContextRemoteApiCall',
    'MemoryRemoteProtect',
    'ProcessPrimaryTokenModified',
    'ProcessTampering',
  ),
  [
    'namedpipeevent',
    meaning(pipeKind, {
      target: pipeName,
      detail: named('+FileOperation', '+RemoteClientsAccess', '+DesiredAccess'),
    }),
  ],
  ...both('task-create', TASK, 'ScheduledTaskCreated'),
  ...both('task-change', TASK, 'ScheduledTaskUpdated', 'ScheduledTaskEnabled', 'ScheduledTaskDisabled'),
  ...both('task-delete', TASK, 'ScheduledTaskDeleted'),
  ...both(
    'service-install',
    {
      target: extra('ServiceName'),
      targetAccount: extra('ServiceAccount'),
      detail: either(text('ProcessCommandLine'), filePath('FolderPath', 'FileName')),
      ...hashes(''),
    },
    'ServiceInstalled',
  ),
  ...both('account-create', ACCOUNT_CHANGE, 'UserAccountCreated'),
  ...both('account-change', ACCOUNT_CHANGE, 'UserAccountModified'),
  ...both('account-delete', ACCOUNT_CHANGE, 'UserAccountDeleted'),
  ...both('password-change', ACCOUNT_CHANGE, 'PasswordChangeAttempt'),
  ...both(
    'group-change',
    GROUP_CHANGE,
    'UserAccountAddedToLocalGroup',
    'UserAccountRemovedFromLocalGroup',
    'SecurityGroupCreated',
    'SecurityGroupDeleted',
  ),
  ...both('url-click', OPENED_URL, 'BrowserLaunchedToOpenUrl'),
  ...both(
    'device-connect',
    DEVICE_CONNECTED,
    'UsbDriveMounted',
    'UsbDriveUnmounted',
    'UsbDriveDriveLetterChanged',
    'PnpDeviceConnected',
    'PnpDeviceAllowed',
    'PnpDeviceBlocked',
    'BluetoothPolicyTriggered',
    'RemovableStoragePolicyTriggered',
  ),
  ...both(
    'dns-query',
    {
      target: (row) => toHost(row.extra('DnsQueryString')),
      status: extra('DnsQueryStatus'),
      detail: dnsAnswers,
    },
    'DnsQueryResponse',
    'DnsQueryRequest',
  ),
  ...both(
    'directory-query',
    {
      target: extra('DistinguishedName'),
      detail: named('+SearchFilter', '+ScopeOfSearch', '+AttributeList'),
    },
    'LdapSearch',
  ),
  ...both(
    'directory-change',
    {
      target: extra('ObjectDN', 'DistinguishedName'),
      detail: named('+AttributeName', '+AttributeValue', '+ObjectClass'),
    },
    'DirectoryServiceObjectCreated',
    'DirectoryServiceObjectModified',
  ),
  ...both(
    'wmi-binding',
    { target: extra('Consumer'), detail: named('+Consumer', '+ESS', '+Namespace', '+PossibleCause') },
    'WmiBindEventFilterToConsumer',
  ),
  ...both(
    'session-connect',
    {
      sourceIp: ip('RemoteIP'),
      sourceHost: host('RemoteDeviceName'),
      destinationIp: () => undefined,
      destinationHost: () => undefined,
    },
    'RemoteDesktopConnection',
  ),
  ...both(
    'session-disconnect',
    { sourceIp: ip('RemoteIP'), destinationIp: () => undefined },
    'ContainedUserRemoteDesktopSessionDisconnected',
  ),
  ...both(
    'logon-failure',
    { sourceIp: ip('RemoteIP'), destinationIp: () => undefined },
    'ContainedUserLogonBlocked',
  ),
  ...both('clipboard-change', {}, 'GetClipboardData'),
  ...both(
    'file-create',
    {
      ...FILE,
      detail: named(
        '+ShellLinkWorkingDirectory',
        '+ShellLinkCommandLine',
        '+ShellLinkRunAsAdmin',
        '+ShellLinkIconPath',
      ),
    },
    'ShellLinkCreateFileEvent',
  ),
  ...both(
    'file-time-change',
    { ...FILE, detail: named('+PreviousTimestamp', '+NewTimestamp', '+TimestampType') },
    'FileTimestampModificationEvent',
  ),
  ...both('file-read', FILE, 'SensitiveFileRead'),
  ...both('driver-load', FILE, 'DriverLoad'),
  ...both('image-load', FILE, 'ClrUnbackedModuleLoaded'),
  ...both(
    'object-access',
    { target: extra('ObjectName', 'KeyName'), detail: named('+OperationType', '+DataDescription') },
    'DpapiAccessed',
    'CredentialsBackup',
  ),
  ...both('log-clear', {}, 'SecurityLogCleared'),
  ...both(
    'audit-change',
    { detail: named('+AuditPolicyChanges', '+CategoryId', '+SubcategoryId') },
    'AuditPolicyModification',
  ),
  ...both(
    'share-change',
    SHARE,
    'NetworkShareObjectAdded',
    'NetworkShareObjectModified',
    'NetworkShareObjectDeleted',
  ),
  ...both('share-access', SHARE, 'NetworkShareObjectAccessChecked'),
  ...both(
    'network-connection',
    STOPPED,
    'FirewallInboundConnectionBlocked',
    'FirewallOutboundConnectionBlocked',
    'FirewallInboundConnectionToAppBlocked',
  ),
])

/** Families of actions that grow with the product: what its protection found, blocked or would have blocked. */
const PROTECTION = /^(?:asr|exploitguard|appcontrol|controlledfolderaccess|smartscreen|networkprotection)/
const alert = meaning('alert', ALERT)
const other = meaning('generic', {
  ...FILE,
  ...hashes(''),
  target: either(filePath('FolderPath', 'FileName'), text('RegistryKey')),
  detail: named(
    'ProcessCommandLine',
    'RegistryValueName',
    'RegistryValueData',
    'AdditionalFields',
    'AdditionalFields_string',
  ),
})

/** A process that WMI made: only with a PID it is one that can be told from others. */
const byWmi: RowMeaning = {
  kind: 'process-start',
  fields: {
    ...processStart.fields,
    detail: named('+Namespace', '+Operation', '+IsWmiLocalOperation', '+WmiQuery'),
  },
}

/** What a row of DeviceEvents means, by its ActionType. */
export function deviceEvent(row: DefenderRow): RowMeaning {
  const action = row.text('ActionType')?.toLowerCase() ?? ''
  if (action === 'processcreatedusingwmiquery' && pid('ProcessId')(row) !== undefined) return byWmi
  return ACTIONS.get(action) ?? (PROTECTION.test(action) ? alert : other)
}

/** Whether the action is one that only DeviceEvents has. */
export const isDeviceAction = (action: string): boolean =>
  ACTIONS.has(action) || PROTECTION.test(action) || action === 'processcreatedusingwmiquery'
