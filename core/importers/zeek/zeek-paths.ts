import type { ZeekRow } from './zeek-row.ts'

/**
 * Fields that together occur in one log only, for JSON without `_path`. The first that fits wins, so the telling ones
 * come first.
 */
const SIGNS: readonly (readonly [string, readonly string[]])[] = [
  ['conn', ['conn_state']],
  ['dns', ['qtype_name']],
  ['dns', ['query', 'trans_id']],
  ['http', ['trans_depth', 'resp_body_len']],
  ['http', ['method', 'uri', 'id.orig_h']],
  ['http', ['method', 'host', 'status_code']],
  ['smtp', ['trans_depth', 'helo']],
  ['smtp', ['mailfrom', 'rcptto']],
  ['ssl', ['cipher', 'server_name']],
  ['ssl', ['established', 'resumed']],
  ['files', ['fuid', 'analyzers']],
  ['files', ['fuid', 'tx_hosts']],
  ['files', ['fuid', 'mime_type', 'seen_bytes']],
  ['x509', ['certificate.subject']],
  ['kerberos', ['request_type', 'till']],
  ['kerberos', ['request_type', 'service', 'client']],
  ['ntlm', ['domainname', 'username']],
  ['ntlm', ['server_nb_computer_name']],
  ['smb_mapping', ['share_type']],
  ['smb_files', ['path', 'name', 'action']],
  ['dce_rpc', ['named_pipe', 'operation']],
  ['rdp', ['cookie', 'security_protocol']],
  ['rdp', ['cookie', 'result']],
  ['ssh', ['auth_success', 'client']],
  ['ssh', ['auth_attempts']],
  ['ftp', ['command', 'reply_code']],
  ['dhcp', ['mac', 'msg_types']],
  ['notice', ['note', 'msg', 'actions']],
  ['weird', ['name', 'notice', 'peer']],
]

/** Which log an entry belongs to: its `_path`, else its fields. */
export function findPath(row: ZeekRow): string | undefined {
  const stated = row.text('_path')
  if (stated !== undefined && /^[a-z][a-z0-9_]{0,40}$/.test(stated)) return stated
  return SIGNS.find(([, names]) => names.every((name) => hasName(row, name)))?.[0]
}

function hasName(row: ZeekRow, name: string): boolean {
  return row.names.includes(name) || (name.includes('.') && row.text(name) !== undefined)
}

/** `dns` out of `logs/2026-03-02/dns.08:00:00-09:00:00.log.gz`, when that is a log we know. */
export function pathOfName(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const path = /^([a-z][a-z0-9_]*)[._-].*\b(?:log|json|ndjson|jsonl)\b/i.exec(base)?.[1]?.toLowerCase()
  return SIGNS.some(([known]) => known === path) ? path : undefined
}
