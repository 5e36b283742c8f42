/**
 * The normalised event: one thing that happened at a time, as a flat row of named fields.
 * `EVENT_FIELDS` is the single declaration: the store's columns, the search syntax and the CLI's `fields` derive from it.
 */
export const EVENT_KINDS = [
  'generic',
  'process-start',
  'process-end',
  'image-load',
  'driver-load',
  'process-access',
  'remote-thread',
  'process-tamper',
  'raw-disk-read',
  'file-create',
  'file-delete',
  'file-time-change',
  'file-stream',
  'registry-key',
  'registry-set',
  'registry-rename',
  'network-connection',
  'network-bind',
  'dns-query',
  'pipe-create',
  'pipe-connect',
  'wmi-filter',
  'wmi-consumer',
  'wmi-binding',
  'clipboard-change',
  'logon',
  'logon-failure',
  'logoff',
  'explicit-credentials',
  'privileges-assigned',
  'kerberos-tgt',
  'kerberos-service',
  'kerberos-failure',
  'ntlm-validation',
  'session-connect',
  'session-disconnect',
  'workstation-lock',
  'share-access',
  'object-access',
  'directory-access',
  'directory-change',
  'service-install',
  'service-change',
  'task-create',
  'task-change',
  'task-delete',
  'task-run',
  'account-create',
  'account-change',
  'account-delete',
  'password-change',
  'group-change',
  'log-clear',
  'audit-change',
  'time-change',
  'malware-detected',
  'malware-action',
  'protection-change',
  'script-block',
  'script-module',
  'bits-transfer',
  'system-start',
  'system-stop',
  'mail-delivered',
  'mail-sent',
  'url-click',
  'cloud-sign-in',
  'mailbox-access',
  'mailbox-rule',
  'alert',
  'http-request',
  'tls-connection',
  'file-modify',
  'file-rename',
  'file-read',
  'registry-delete',
  'share-change',
  'mail-removed',
  'mailbox-change',
  'cloud-activity',
  'device-connect',
  'inventory',
  'address-lease',
  'directory-query',
  'mail-released',
] as const
/** Kinds are stored by position: append only, never reorder. */
export type EventKind = (typeof EVENT_KINDS)[number]

export interface FieldSpec {
  readonly type: 'text' | 'int'
  /** Public name, ECS where ECS has one; used by search (`field:value`), CLI `fields` and the grid. */
  readonly name: string
}

/**
 * Every event field. `sha256`/`sha1`/`md5` describe the file the event is about (the started image, the created file).
 * `target` is the object acted on: file, registry key, pipe, share path, service or task name, accessed process image.
 * `hostId` is the sensor's or directory's own id of the endpoint; `accountId` the Entra object id, `accountMail` the UPN or
 * SMTP address where a source gives one beside the account. `technique` holds ATT&CK ids joined by a blank. `rule` and
 * `severity` are what another product's detection said, in its words. `bytesSent` go from the source, `bytesReceived` to it.
 * The order is the order of the store's columns: append only.
 */
export const EVENT_FIELDS = {
  provider: { type: 'text', name: 'event.provider' },
  code: { type: 'int', name: 'event.code' },
  channel: { type: 'text', name: 'event.channel' },
  host: { type: 'text', name: 'host.name' },
  hostIp: { type: 'text', name: 'host.ip' },
  account: { type: 'text', name: 'user.name' },
  accountSid: { type: 'text', name: 'user.id' },
  logonId: { type: 'text', name: 'logon.id' },
  processPath: { type: 'text', name: 'process.executable' },
  commandLine: { type: 'text', name: 'process.command_line' },
  pid: { type: 'int', name: 'process.pid' },
  processGuid: { type: 'text', name: 'process.entity_id' },
  parentPath: { type: 'text', name: 'process.parent.executable' },
  parentCommandLine: { type: 'text', name: 'process.parent.command_line' },
  parentPid: { type: 'int', name: 'process.parent.pid' },
  parentGuid: { type: 'text', name: 'process.parent.entity_id' },
  target: { type: 'text', name: 'target.path' },
  targetPid: { type: 'int', name: 'target.pid' },
  targetGuid: { type: 'text', name: 'target.entity_id' },
  targetAccount: { type: 'text', name: 'target.user.name' },
  targetSid: { type: 'text', name: 'target.user.id' },
  targetLogonId: { type: 'text', name: 'target.logon.id' },
  sha256: { type: 'text', name: 'file.hash.sha256' },
  sha1: { type: 'text', name: 'file.hash.sha1' },
  md5: { type: 'text', name: 'file.hash.md5' },
  logonType: { type: 'int', name: 'logon.type' },
  authentication: { type: 'text', name: 'logon.authentication' },
  sourceIp: { type: 'text', name: 'source.ip' },
  sourcePort: { type: 'int', name: 'source.port' },
  sourceHost: { type: 'text', name: 'source.host' },
  destinationIp: { type: 'text', name: 'destination.ip' },
  destinationPort: { type: 'int', name: 'destination.port' },
  destinationHost: { type: 'text', name: 'destination.host' },
  url: { type: 'text', name: 'url.full' },
  referrer: { type: 'text', name: 'url.referrer' },
  outcome: { type: 'text', name: 'event.outcome' },
  status: { type: 'text', name: 'event.status' },
  action: { type: 'text', name: 'event.action' },
  detail: { type: 'text', name: 'event.detail' },
  messageId: { type: 'text', name: 'email.message_id' },
  sender: { type: 'text', name: 'email.from' },
  recipient: { type: 'text', name: 'email.to' },
  subject: { type: 'text', name: 'email.subject' },
  hostId: { type: 'text', name: 'host.id' },
  accountId: { type: 'text', name: 'user.object_id' },
  accountMail: { type: 'text', name: 'user.email' },
  networkMessageId: { type: 'text', name: 'email.network_message_id' },
  attachment: { type: 'text', name: 'email.attachment' },
  rule: { type: 'text', name: 'rule.name' },
  severity: { type: 'text', name: 'event.severity' },
  technique: { type: 'text', name: 'threat.technique.id' },
  protocol: { type: 'text', name: 'network.protocol' },
  bytesSent: { type: 'int', name: 'source.bytes' },
  bytesReceived: { type: 'int', name: 'destination.bytes' },
  httpMethod: { type: 'text', name: 'http.request.method' },
  httpStatus: { type: 'int', name: 'http.response.status_code' },
  userAgent: { type: 'text', name: 'user_agent.original' },
  location: { type: 'text', name: 'source.geo.name' },
  application: { type: 'text', name: 'application.name' },
  originalName: { type: 'text', name: 'process.pe.original_file_name' },
  integrity: { type: 'text', name: 'process.integrity_level' },
  sessionId: { type: 'text', name: 'session.id' },
} as const satisfies Record<string, FieldSpec>

export type EventFieldName = keyof typeof EVENT_FIELDS
export const EVENT_FIELD_NAMES = Object.keys(EVENT_FIELDS) as readonly EventFieldName[]

type FieldValue<K extends EventFieldName> = (typeof EVENT_FIELDS)[K]['type'] extends 'int' ? number : string
/** Event fields with their values; what a source does not say is absent. */
export type EventFields = { readonly [K in EventFieldName]?: FieldValue<K> | undefined }

/**
 * An event as an importer yields it.
 * @property at microseconds since 1970-01-01 UTC; null when the record carries no usable time
 * @property zoneAssumed true when the source text had no zone and the import's zone was applied
 */
export interface EventItem {
  readonly type: 'event'
  readonly kind: EventKind
  readonly at: number | null
  readonly zoneAssumed?: boolean
  readonly fields: EventFields
}
