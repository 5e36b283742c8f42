import type { EventKind } from '../../model/event.ts'

/** Which fields of a record describe what (threat-investigation.md 5.4); each shape has its own mapping. */
export type TelemetryShape =
  | 'process-start'
  | 'process-end'
  | 'two-processes'
  | 'file'
  | 'registry'
  | 'network'
  | 'dns'
  | 'http'
  | 'account'
  | 'logon'
  | 'script'
  | 'pipe'
  | 'other'

export interface TelemetryClass {
  /** The vendor's label without `TELEMETRY_`. */
  readonly label: string
  readonly kind: EventKind
  readonly shape: TelemetryShape
}

const table: readonly (readonly [number, string, EventKind, TelemetryShape])[] = [
  [1, 'PROCESS_OPEN', 'process-access', 'two-processes'],
  [2, 'PROCESS_CREATE', 'process-start', 'process-start'],
  [3, 'PROCESS_TERMINATE', 'process-end', 'process-end'],
  [4, 'PROCESS_LOAD_IMAGE', 'image-load', 'file'],
  [5, 'PROCESS_EXECUTE', 'process-start', 'process-start'],
  [6, 'PROCESS_CONNECT', 'process-access', 'two-processes'],
  [7, 'PROCESS_TRACME', 'process-access', 'two-processes'],
  [8, 'PROCESS_LOAD_KERNEL_IMAGE', 'driver-load', 'file'],
  [101, 'FILE_CREATE', 'file-create', 'file'],
  [102, 'FILE_OPEN', 'file-read', 'file'],
  [103, 'FILE_DELETE', 'file-delete', 'file'],
  [104, 'FILE_SET_SECURITY', 'file-modify', 'file'],
  [105, 'FILE_COPY', 'file-create', 'file'],
  [106, 'FILE_MOVE', 'file-rename', 'file'],
  [107, 'FILE_CLOSE', 'object-access', 'file'],
  [108, 'FILE_MODIFY_TIMESTAMP', 'file-time-change', 'file'],
  [109, 'FILE_MODIFY', 'file-modify', 'file'],
  [110, 'FILE_SET_ATTRIBUTES', 'file-modify', 'file'],
  [111, 'FILE_ENUMERATE', 'object-access', 'file'],
  [112, 'FILE_SET_EXTENDED_ATTRIBUTE', 'file-modify', 'file'],
  [113, 'FILE_DELETE_EXTENDED_ATTRIBUTE', 'file-modify', 'file'],
  [201, 'CONNECTION_CONNECT', 'network-connection', 'network'],
  [202, 'CONNECTION_LISTEN', 'network-bind', 'network'],
  [203, 'CONNECTION_CONNECT_INBOUND', 'network-connection', 'network'],
  [204, 'CONNECTION_CONNECT_OUTBOUND', 'network-connection', 'network'],
  [301, 'DNS_QUERY', 'dns-query', 'dns'],
  [401, 'REGISTRY_CREATE', 'registry-key', 'registry'],
  [402, 'REGISTRY_SET', 'registry-set', 'registry'],
  [403, 'REGISTRY_DELETE', 'registry-delete', 'registry'],
  [404, 'REGISTRY_RENAME', 'registry-rename', 'registry'],
  [405, 'REGISTRY_ENUMERATE', 'object-access', 'registry'],
  [406, 'REGISTRY_ENUMERATEVALUE', 'object-access', 'registry'],
  [407, 'REGISTRY_QUERYVALUE', 'object-access', 'registry'],
  [408, 'REGISTRY_SAVE', 'object-access', 'registry'],
  [501, 'ACCOUNT_ADD', 'account-create', 'account'],
  [502, 'ACCOUNT_DELETE', 'account-delete', 'account'],
  [503, 'ACCOUNT_IMPERSONATE', 'explicit-credentials', 'account'],
  [504, 'ACCOUNT_MODIFY', 'account-change', 'account'],
  [505, 'ACCOUNT_LOGIN', 'logon', 'logon'],
  [506, 'ACCOUNT_LOGOUT', 'logoff', 'logon'],
  [601, 'INTERNET_OPEN', 'http-request', 'http'],
  [602, 'INTERNET_CONNECT', 'http-request', 'http'],
  [603, 'INTERNET_DOWNLOAD', 'http-request', 'http'],
  [701, 'MODIFIED_PROCESS_CREATE_REMOTETHREAD', 'remote-thread', 'two-processes'],
  [702, 'MODIFIED_PROCESS_WRITE_MEMORY', 'process-access', 'two-processes'],
  [703, 'MODIFIED_PROCESS_WRITE_PROCESS', 'process-access', 'two-processes'],
  [704, 'MODIFIED_PROCESS_READ_PROCESS', 'process-access', 'two-processes'],
  [705, 'MODIFIED_PROCESS_WRITE_PROCESS_NAME', 'process-tamper', 'two-processes'],
  [801, 'WINDOWS_HOOK_SET', 'generic', 'other'],
  [901, 'AMSI_EXECUTE', 'script-block', 'script'],
  [1001, 'MEMORY_MODIFY', 'process-access', 'two-processes'],
  [1002, 'MEMORY_MODIFY_PERMISSION', 'process-access', 'two-processes'],
  [1003, 'MEMORY_READ', 'process-access', 'two-processes'],
  [1101, 'BM_INVOKE', 'generic', 'other'],
  [1102, 'BM_INVOKE_API', 'generic', 'other'],
  [1201, 'APP_START', 'generic', 'other'],
  [1202, 'APP_STOP', 'generic', 'other'],
  [1203, 'APP_INSTALL', 'generic', 'other'],
  [1204, 'APP_UNINSTALL', 'generic', 'other'],
  [1205, 'APP_BEHAVIOR', 'generic', 'other'],
  [1301, 'SYSTEM_ENABLE', 'generic', 'other'],
  [1302, 'SYSTEM_DISABLE', 'generic', 'other'],
  [1303, 'SYSTEM_CERTIFICATION_INSTALL', 'generic', 'other'],
  [1304, 'SYSTEM_DEVICE_ROOTED', 'generic', 'other'],
  [1401, 'PIPE_CREATE', 'pipe-create', 'pipe'],
  [1402, 'PIPE_CONNECT', 'pipe-connect', 'pipe'],
  [1601, 'MAC_SYS_LOG_COLLECT', 'generic', 'other'],
  [10101, 'ASSOCIATION_PROCESS_IMAGE_FILE', 'generic', 'other'],
  [10102, 'ASSOCIATION_AUTO_RUN_KEY_FULL_PATH', 'generic', 'other'],
  [10103, 'ASSOCIATION_HOST_PROC_CMD_FULL_PATH', 'generic', 'other'],
  [10104, 'ASSOCIATION_SERVICE_DLL', 'generic', 'other'],
  [10105, 'ASSOCIATION_ARCHIVE_FILE', 'generic', 'other'],
  [10106, 'ASSOCIATION_BROWSER_PROCESS', 'generic', 'other'],
]

/** Exports write the number, or the console's label with `TELEMETRY_`. */
const byName: ReadonlyMap<string, TelemetryClass> = new Map(
  table.flatMap(([id, label, kind, shape]) => {
    const entry: TelemetryClass = { label, kind, shape }
    return [
      [String(id), entry],
      [label, entry],
    ] as const
  }),
)
const numbers: ReadonlyMap<string, number> = new Map(table.map(([id, label]) => [label, id]))

const bare = (text: string): string =>
  text
    .trim()
    .toUpperCase()
    .replace(/^TELEMETRY_/, '')

/** What an `eventSubId` means; undefined for one that is not known. */
export function telemetryClass(subId: string | undefined): TelemetryClass | undefined {
  return subId === undefined ? undefined : byName.get(bare(subId))
}

/** The number of an `eventSubId`, also when it was written as its label. */
export function subIdNumber(subId: string | undefined): number | undefined {
  if (subId === undefined) return undefined
  if (/^\d{1,6}$/.test(subId.trim())) return Number(subId)
  return numbers.get(bare(subId))
}

const FAMILIES: readonly string[] = [
  '',
  'PROCESS',
  'FILE',
  'CONNECTION',
  'DNS',
  'REGISTRY',
  'ACCOUNT',
  'INTERNET',
  'MODIFIED_PROCESS',
  'WINDOWS_HOOK',
  'WINDOWS_EVENT',
  'AMSI',
  'WMI',
  'MEMORY',
  'BM',
  'APP',
  'SYSTEM_EVENT',
  'EVENT_PIPE',
  'MAC_SYS_LOG',
  'DDR',
]

/** The label of an `eventId` (5.2): `PROCESS`, `WINDOWS_EVENT`, ... */
export function familyOf(eventId: string | undefined): string | undefined {
  if (eventId === undefined) return undefined
  const text = bare(eventId)
  if (text === '101') return 'ASSOCIATION'
  return /^\d{1,3}$/.test(text) ? FAMILIES[Number(text)] : text
}
