import type { EventKind } from '../../model/event.ts'

/** What a class of OCSF 1.x is called and what its activities mean; `kind` for those not listed (formats.md A7.2). */
interface OcsfClass {
  readonly name: string
  readonly kind: EventKind
  readonly activities?: Readonly<Record<number, EventKind>>
}

const classes: readonly (readonly [number, OcsfClass])[] = [
  [
    1001,
    {
      name: 'file_activity',
      kind: 'object-access',
      activities: {
        1: 'file-create',
        2: 'file-read',
        3: 'file-modify',
        4: 'file-delete',
        5: 'file-rename',
        6: 'file-modify',
        7: 'file-modify',
        10: 'file-modify',
        11: 'file-modify',
        14: 'file-read',
      },
    },
  ],
  [1002, { name: 'kernel_extension_activity', kind: 'driver-load', activities: { 2: 'generic' } }],
  [1003, { name: 'kernel_activity', kind: 'generic' }],
  [1004, { name: 'memory_activity', kind: 'process-access' }],
  [1005, { name: 'module_activity', kind: 'image-load', activities: { 2: 'generic' } }],
  [
    1006,
    {
      name: 'scheduled_job_activity',
      kind: 'task-change',
      activities: { 1: 'task-create', 3: 'task-delete', 6: 'task-run' },
    },
  ],
  [
    1007,
    {
      name: 'process_activity',
      kind: 'generic',
      activities: { 1: 'process-start', 2: 'process-end', 3: 'process-access', 4: 'remote-thread' },
    },
  ],
  [
    1008,
    { name: 'event_log_activity', kind: 'audit-change', activities: { 1: 'log-clear', 2: 'log-clear' } },
  ],
  [1009, { name: 'script_activity', kind: 'script-block' }],
  [1010, { name: 'peripheral_activity', kind: 'device-connect' }],
  [
    201001,
    {
      name: 'registry_key_activity',
      kind: 'object-access',
      activities: {
        1: 'registry-key',
        3: 'registry-key',
        4: 'registry-delete',
        5: 'registry-rename',
        6: 'registry-key',
        7: 'registry-key',
        8: 'registry-key',
      },
    },
  ],
  [
    201002,
    {
      name: 'registry_value_activity',
      kind: 'object-access',
      activities: { 2: 'registry-set', 3: 'registry-set', 4: 'registry-delete' },
    },
  ],
  [201003, { name: 'windows_resource_activity', kind: 'object-access' }],
  [
    201004,
    { name: 'windows_service_activity', kind: 'service-change', activities: { 1: 'service-install' } },
  ],
  [2001, { name: 'security_finding', kind: 'alert' }],
  [2002, { name: 'vulnerability_finding', kind: 'alert' }],
  [2003, { name: 'compliance_finding', kind: 'alert' }],
  [2004, { name: 'detection_finding', kind: 'alert' }],
  [2005, { name: 'incident_finding', kind: 'alert' }],
  [2006, { name: 'data_security_finding', kind: 'alert' }],
  [
    3001,
    {
      name: 'account_change',
      kind: 'account-change',
      activities: { 1: 'account-create', 3: 'password-change', 4: 'password-change', 6: 'account-delete' },
    },
  ],
  [
    3002,
    {
      name: 'authentication',
      kind: 'logon',
      activities: {
        2: 'logoff',
        3: 'kerberos-tgt',
        4: 'kerberos-service',
        5: 'kerberos-service',
        6: 'kerberos-tgt',
      },
    },
  ],
  [3003, { name: 'authorize_session', kind: 'privileges-assigned' }],
  [3004, { name: 'entity_management', kind: 'directory-change' }],
  [3005, { name: 'user_access_management', kind: 'account-change' }],
  [3006, { name: 'group_management', kind: 'group-change' }],
  [4001, { name: 'network_activity', kind: 'network-connection', activities: { 7: 'network-bind' } }],
  [4002, { name: 'http_activity', kind: 'http-request' }],
  [4003, { name: 'dns_activity', kind: 'dns-query' }],
  [4004, { name: 'dhcp_activity', kind: 'address-lease' }],
  [4005, { name: 'rdp_activity', kind: 'network-connection' }],
  [4006, { name: 'smb_activity', kind: 'share-access' }],
  [4007, { name: 'ssh_activity', kind: 'network-connection' }],
  [4008, { name: 'ftp_activity', kind: 'network-connection' }],
  [4009, { name: 'email_activity', kind: 'mail-delivered', activities: { 1: 'mail-sent' } }],
  [4010, { name: 'network_file_activity', kind: 'share-access' }],
  [4011, { name: 'email_file_activity', kind: 'mail-delivered', activities: { 1: 'mail-sent' } }],
  [4012, { name: 'email_url_activity', kind: 'mail-delivered', activities: { 1: 'mail-sent' } }],
  [4013, { name: 'ntp_activity', kind: 'network-connection' }],
  [4014, { name: 'tunnel_activity', kind: 'network-connection' }],
  [5001, { name: 'inventory_info', kind: 'inventory' }],
  [5002, { name: 'config_state', kind: 'inventory' }],
  [5003, { name: 'user_inventory', kind: 'inventory' }],
  [6001, { name: 'web_resources_activity', kind: 'cloud-activity' }],
  [6002, { name: 'application_lifecycle', kind: 'generic' }],
  [6003, { name: 'api_activity', kind: 'cloud-activity' }],
  [6004, { name: 'web_resource_access_activity', kind: 'http-request' }],
  [6005, { name: 'datastore_activity', kind: 'cloud-activity' }],
  [6006, { name: 'file_hosting_activity', kind: 'cloud-activity' }],
]
const byUid: ReadonlyMap<number, OcsfClass> = new Map(classes)

/** Name of a class as the schema writes it; undefined for one that is not known. */
export const className = (uid: number): string | undefined => byUid.get(uid)?.name

/** Kind of an activity of a class. Discovery classes (category 5) that are not listed are inventory. */
export function kindOf(uid: number, activity: number | undefined, failed: boolean): EventKind {
  const found = byUid.get(uid)
  if (found === undefined) return Math.floor((uid % 100_000) / 1000) === 5 ? 'inventory' : 'generic'
  const kind = (activity === undefined ? undefined : found.activities?.[activity]) ?? found.kind
  if (!failed) return kind
  if (kind === 'logon') return 'logon-failure'
  return kind === 'kerberos-tgt' || kind === 'kerberos-service' ? 'kerberos-failure' : kind
}
