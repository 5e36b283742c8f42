import type { RecordItem } from '../importer.ts'
import type { EventFields } from '../../model/event.ts'
import { toHost, toIp } from '../../normalise/host.ts'
import { describe, toCount } from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'
import { readHttp } from './zeek-http.ts'
import type { ZeekRow } from './zeek-row.ts'
import { readSmtp } from './zeek-smtp.ts'
import { ends, hashOf, type Meaning, one, outcome, pairs } from './zeek-values.ts'
import { readKerberos, readNtlm, readSmbFile, readSmbMapping } from './zeek-windows.ts'

/** Connection states without an answer, or with a refusal. */
const FAILED_STATES: ReadonlySet<string> = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR'])

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [
    'conn',
    (row) => {
      const state = one(row, 'conn_state')
      return {
        kind: 'network-connection',
        fields: {
          ...ends(row),
          protocol: one(row, 'service', 'proto'),
          bytesSent: toCount(one(row, 'orig_bytes')),
          bytesReceived: toCount(one(row, 'resp_bytes')),
          status: state,
          outcome: state === undefined ? undefined : FAILED_STATES.has(state) ? 'failure' : 'success',
          detail: pairs(row, 'proto', 'duration', 'history', 'local_orig', 'local_resp'),
        },
      }
    },
  ],
  [
    'dns',
    (row) => {
      const status = one(row, 'rcode_name', 'rcode')
      return {
        kind: 'dns-query',
        fields: {
          ...ends(row),
          protocol: 'dns',
          target: toHost(one(row, 'query')),
          status,
          outcome:
            status === undefined ? undefined : status === 'NOERROR' || status === '0' ? 'success' : 'failure',
          // bare answers first: rules read addresses from here
          detail: describe([
            ['', row.list('answers').join('; ')],
            ['type', one(row, 'qtype_name', 'qtype')],
            ['proto', one(row, 'proto')],
          ]),
        },
      }
    },
  ],
  ['http', (row) => ({ kind: 'http-request', fields: readHttp(row) })],
  [
    'ssl',
    (row) => ({
      kind: 'tls-connection',
      fields: {
        ...ends(row),
        destinationHost: toHost(one(row, 'server_name')),
        protocol: 'tls',
        status: one(row, 'validation_status', 'last_alert'),
        outcome: outcome(one(row, 'established')),
        detail: pairs(row, 'version', 'cipher', 'subject', 'issuer', 'ja3', 'ja3s', 'ja4', 'next_protocol'),
      },
    }),
  ],
  [
    'files',
    (row) => ({
      kind: 'generic',
      fields: {
        ...ends(row),
        action: 'file-transfer',
        sourceIp: toIp(row.list('tx_hosts')[0] ?? one(row, 'id.orig_h')),
        destinationIp: toIp(row.list('rx_hosts')[0] ?? one(row, 'id.resp_h')),
        target: one(row, 'filename'),
        sha256: hashOf(row, 'sha256'),
        sha1: hashOf(row, 'sha1'),
        md5: hashOf(row, 'md5'),
        protocol: one(row, 'source')?.toLowerCase(),
        bytesSent: toCount(one(row, 'seen_bytes')),
        detail: pairs(row, 'fuid', 'mime_type', 'total_bytes', 'missing_bytes', 'extracted'),
      },
    }),
  ],
  [
    'x509',
    (row) => ({
      kind: 'generic',
      fields: {
        provider: 'Zeek',
        action: 'certificate',
        target: one(row, 'certificate.subject'),
        destinationHost: toHost(row.list('san.dns')[0]),
        sha256: hashOf(row, 'fingerprint'),
        detail: pairs(
          row,
          'certificate.issuer',
          'certificate.serial',
          'certificate.not_valid_before',
          'certificate.not_valid_after',
          'san.dns',
          'san.ip',
        ),
      },
    }),
  ],
  ['kerberos', readKerberos],
  ['ntlm', readNtlm],
  ['smb_mapping', readSmbMapping],
  ['smb_files', readSmbFile],
  [
    'dce_rpc',
    (row) => ({
      kind: 'network-connection',
      fields: {
        ...ends(row),
        protocol: 'dce_rpc',
        action: one(row, 'operation'),
        target: one(row, 'named_pipe'),
        detail: pairs(row, 'endpoint', 'rtt'),
      },
    }),
  ],
  [
    'rdp',
    (row) => ({
      kind: 'network-connection',
      fields: {
        ...ends(row),
        protocol: 'rdp',
        // the cookie is what the client typed, cut after nine characters by some clients
        account: one(row, 'cookie'),
        sourceHost: toHost(one(row, 'client_name')),
        status: one(row, 'result'),
        detail: pairs(
          row,
          'security_protocol',
          'client_build',
          'keyboard_layout',
          'cert_type',
          'encryption_level',
        ),
      },
    }),
  ],
  [
    'ssh',
    (row) => ({
      kind: 'network-connection',
      fields: {
        ...ends(row),
        protocol: 'ssh',
        outcome: outcome(one(row, 'auth_success')),
        userAgent: one(row, 'client'),
        detail: pairs(row, 'server', 'auth_attempts', 'direction', 'cipher_alg', 'host_key', 'hassh'),
      },
    }),
  ],
  [
    'ftp',
    (row) => ({
      kind: 'network-connection',
      fields: {
        ...ends(row),
        protocol: 'ftp',
        account: one(row, 'user'),
        action: one(row, 'command'),
        target: one(row, 'arg'),
        status: one(row, 'reply_code'),
        detail: pairs(row, 'reply_msg', 'mime_type', 'file_size', 'fuid'),
      },
    }),
  ],
  [
    'dhcp',
    (row) => ({
      kind: 'address-lease',
      fields: {
        provider: 'Zeek',
        sessionId: row.list('uids')[0],
        sourceIp: toIp(one(row, 'assigned_addr', 'assigned_ip', 'requested_addr', 'client_addr')),
        sourceHost: toHost(one(row, 'client_fqdn', 'host_name')),
        destinationIp: toIp(one(row, 'server_addr')),
        action: row.list('msg_types').join(', ') || undefined,
        detail: pairs(row, 'mac', 'domain', 'lease_time'),
      },
    }),
  ],
  [
    'notice',
    (row) => ({
      kind: 'alert',
      fields: {
        ...ends(row),
        rule: one(row, 'note'),
        action: row.list('actions').join(', ') || undefined,
        detail: describe([
          ['', one(row, 'msg')],
          ['', one(row, 'sub')],
          ['file', one(row, 'file_desc')],
        ]),
      },
    }),
  ],
])

/** Any other log: its connection, and its first values for reading. */
const OTHER_VALUES = 12
function readOther(path: string, row: ZeekRow): EventFields {
  const shown = row.names.filter((name) => !/^(?:ts|uid|_.*|id[._].*)$/.test(name)).slice(0, OTHER_VALUES)
  return { ...ends(row), action: path, detail: pairs(row, ...shown) }
}

/** What an entry of that log is. */
export function readZeekRow(path: string, row: ZeekRow, when: When): RecordItem[] {
  if (path === 'smtp') return readSmtp(row, when)
  const meaning = MEANINGS.get(path)
  if (meaning === undefined) return [eventAt(when, 'generic', readOther(path, row))]
  const { kind, fields } = meaning(row)
  return [eventAt(when, kind, fields)]
}
