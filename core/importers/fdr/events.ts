import type { EventKind } from '../../model/event.ts'

/** Which fields describe what; each shape has its own mapping. */
export type FdrShape =
  | 'process-start'
  | 'process-end'
  | 'two-processes'
  | 'file'
  | 'image'
  | 'registry'
  | 'network'
  | 'dns'
  | 'http'
  | 'logon'
  | 'account'
  | 'service'
  | 'task'
  | 'script'
  | 'share'
  | 'wmi'
  | 'other'

export interface FdrEvent {
  readonly kind: EventKind
  readonly shape: FdrShape
}

const named: ReadonlyMap<string, FdrEvent> = new Map(
  (
    [
      ['ProcessRollup2', 'process-start', 'process-start'],
      ['SyntheticProcessRollup2', 'process-start', 'process-start'],
      ['EndOfProcess', 'process-end', 'process-end'],
      ['TerminateProcess', 'process-end', 'process-end'],
      ['ProcessBlocked', 'malware-action', 'process-start'],
      ['PrivilegedProcessHandle', 'process-access', 'two-processes'],
      ['PrivilegedProcessHandleFromUnsignedModule', 'process-access', 'two-processes'],
      ['LsassHandleFromUnsignedModule', 'process-access', 'two-processes'],
      ['InjectedThread', 'remote-thread', 'two-processes'],
      ['InjectedThreadFromUnsignedModule', 'remote-thread', 'two-processes'],
      ['ProcessInjection', 'remote-thread', 'two-processes'],
      ['DnsRequest', 'dns-query', 'dns'],
      ['SuspiciousDnsRequest', 'dns-query', 'dns'],
      ['NetworkConnectIP4', 'network-connection', 'network'],
      ['NetworkConnectIP6', 'network-connection', 'network'],
      ['NetworkReceiveAcceptIP4', 'network-connection', 'network'],
      ['NetworkReceiveAcceptIP6', 'network-connection', 'network'],
      ['NetworkListenIP4', 'network-bind', 'network'],
      ['NetworkListenIP6', 'network-bind', 'network'],
      ['RawBindIP4', 'network-bind', 'network'],
      ['RawBindIP6', 'network-bind', 'network'],
      ['HttpRequest', 'http-request', 'http'],
      ['HttpRequestDetect', 'http-request', 'http'],
      ['ClassifiedModuleLoad', 'image-load', 'image'],
      ['UnsignedModuleLoad', 'image-load', 'image'],
      ['ImageHash', 'image-load', 'image'],
      ['DriverLoad', 'driver-load', 'image'],
      ['FileDeleteInfo', 'file-delete', 'file'],
      ['ExecutableDeleted', 'file-delete', 'file'],
      ['DirectoryCreate', 'file-create', 'file'],
      ['FileCreateInfo', 'file-create', 'file'],
      ['NewScriptWritten', 'file-create', 'file'],
      ['NewExecutableWritten', 'file-create', 'file'],
      ['NewExecutableRenamed', 'file-rename', 'file'],
      ['FileRenameInfo', 'file-rename', 'file'],
      ['FileOpenInfo', 'file-read', 'file'],
      ['CriticalFileAccessed', 'file-read', 'file'],
      ['CriticalFileModified', 'file-modify', 'file'],
      ['AsepFileChange', 'file-modify', 'file'],
      ['FileTimestampMetadata', 'file-time-change', 'file'],
      ['AsepValueUpdate', 'registry-set', 'registry'],
      ['SuspiciousRegAsepUpdate', 'registry-set', 'registry'],
      ['RegGenericValueUpdate', 'registry-set', 'registry'],
      ['RegSystemConfigValueUpdate', 'registry-set', 'registry'],
      ['RegCrowdstrikeValueUpdate', 'registry-set', 'registry'],
      ['AsepKeyUpdate', 'registry-key', 'registry'],
      ['RegSystemConfigKeyUpdate', 'registry-key', 'registry'],
      ['UserLogon', 'logon', 'logon'],
      ['UserLogonFailed', 'logon-failure', 'logon'],
      ['UserLogonFailed2', 'logon-failure', 'logon'],
      ['UserLogoff', 'logoff', 'logon'],
      ['UserIdentity', 'inventory', 'logon'],
      ['UserAccountCreated', 'account-create', 'account'],
      ['UserAccountDeleted', 'account-delete', 'account'],
      ['UserAccountAddedToGroup', 'group-change', 'account'],
      ['UserAccountRemovedFromGroup', 'group-change', 'account'],
      ['CreateService', 'service-install', 'service'],
      ['ModifyServiceBinary', 'service-change', 'service'],
      ['ServiceStarted', 'service-change', 'service'],
      ['HostedServiceStarted', 'service-change', 'service'],
      ['ServicesStatusInfo', 'inventory', 'service'],
      ['ScheduledTaskRegistered', 'task-create', 'task'],
      ['ScheduledTaskModified', 'task-change', 'task'],
      ['ScheduledTaskDeleted', 'task-delete', 'task'],
      ['ScriptControlScanTelemetry', 'script-block', 'script'],
      ['ScriptControlScanInfo', 'script-block', 'script'],
      ['ScriptControlDetectInfo', 'script-block', 'script'],
      ['ScriptControlBlocked', 'script-block', 'script'],
      ['SmbServerShareOpenedEtw', 'share-access', 'share'],
      ['SmbClientShareOpenedEtw', 'share-access', 'share'],
      ['WmiFilterConsumerBindingEtw', 'wmi-binding', 'wmi'],
      ['EventLogCleared', 'log-clear', 'other'],
      ['RemovableMediaVolumeMounted', 'device-connect', 'other'],
      ['DcUsbDeviceConnected', 'device-connect', 'other'],
      ['FirewallSetRule', 'protection-change', 'other'],
      ['FirewallDisabled', 'protection-change', 'other'],
      ['AgentOnline', 'inventory', 'other'],
      ['SensorHeartbeat', 'inventory', 'other'],
      ['OsVersionInfo', 'inventory', 'other'],
      ['SystemCapacity', 'inventory', 'other'],
      ['InstalledApplication', 'inventory', 'other'],
      ['DetectionSummaryEvent', 'alert', 'other'],
      ['EPPDetectionSummaryEvent', 'alert', 'other'],
      ['IdpDetectionSummaryEvent', 'alert', 'other'],
    ] as const
  ).map(([name, kind, shape]) => [name, { kind, shape }]),
)

/** What an event name means. Kinds of written files are many (`PeFileWritten`, `ZipFileWritten`): the ending tells. */
export function fdrEvent(name: string): FdrEvent {
  const known = named.get(name)
  if (known !== undefined) return known
  if (name.endsWith('FileWritten')) return { kind: 'file-create', shape: 'file' }
  if (name.endsWith('FileDeleted')) return { kind: 'file-delete', shape: 'file' }
  return { kind: 'generic', shape: 'other' }
}
