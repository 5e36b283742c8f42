import type { RecordItem } from '../importer.ts'
import type { EventFields, EventKind } from '../../model/event.ts'
import { toAccount } from '../../normalise/account.ts'
import { toHash } from '../../normalise/hash.ts'
import { toHost, toIp, toPort } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { connectTarget, describe, targetOf, toCount, toHttpStatus, toLogUrl } from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'
import { readSmtp } from './zeek-smtp.ts'
import type { ZeekRow } from './zeek-row.ts'

type Meaning = (row: ZeekRow) => { readonly kind: EventKind; readonly fields: EventFields }

/** Result of a `T`/`F` field. */
const outcome = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : /^(?:T|true)$/i.test(text) ? 'success' : 'failure'

const one = (row: ZeekRow, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = present(row.text(name))
    if (value !== undefined) return value
  }
  return undefined
}
const pairs = (row: ZeekRow, ...names: readonly string[]): string | undefined =>
  describe(names.map((name) => [name, row.text(name)] as const))

/** Both ends of the connection, which nearly every log carries. */
function ends(row: ZeekRow): EventFields {
  return {
    provider: 'Zeek',
    sessionId: one(row, 'uid', 'conn_uids'),
    sourceIp: toIp(one(row, 'id.orig_h', 'src')),
    sourcePort: toPort(one(row, 'id.orig_p')),
    destinationIp: toIp(one(row, 'id.resp_h', 'dst')),
    destinationPort: toPort(one(row, 'id.resp_p', 'p')),
  }
}

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
  ['kerberos', (row) => readKerberos(row)],
  [
    'ntlm',
    (row) => ({
      kind: 'ntlm-validation',
      fields: {
        ...ends(row),
        account: toAccount(one(row, 'domainname'), one(row, 'username')),
        sourceHost: toHost(one(row, 'hostname')),
        destinationHost: toHost(one(row, 'server_dns_computer_name', 'server_nb_computer_name')),
        authentication: 'NTLM',
        status: one(row, 'status'),
        outcome: outcome(one(row, 'success')),
      },
    }),
  ],
  [
    'smb_mapping',
    (row) => ({
      kind: 'share-access',
      fields: {
        ...ends(row),
        protocol: 'smb',
        target: one(row, 'path'),
        detail: pairs(row, 'share_type', 'service', 'native_file_system'),
      },
    }),
  ],
  ['smb_files', (row) => readSmbFile(row)],
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

const hashOf = (row: ZeekRow, kind: 'sha256' | 'sha1' | 'md5' | 'fingerprint'): string | undefined => {
  const hash = toHash(row.text(kind))
  return hash !== undefined && (hash.kind === kind || (kind === 'fingerprint' && hash.kind === 'sha256'))
    ? hash.hash
    : undefined
}

/** A server name with its port, `[v6]` unpacked. */
function readHttp(row: ZeekRow): EventFields {
  const shared = ends(row)
  const host = one(row, 'host')
  const uri = one(row, 'uri') ?? '/'
  const port = shared.destinationPort
  const address = shared.destinationIp
  const named = host ?? (address?.includes(':') === true ? `[${address}]` : address)
  const suffix = port === undefined || port === 80 || /:\d+$/.test(named ?? '') ? '' : `:${port}`
  const method = one(row, 'method')
  const isTunnel = method === 'CONNECT'
  const url = isTunnel
    ? undefined
    : /^[a-z][a-z0-9+.-]*:\/\//i.test(uri)
      ? toLogUrl(uri)
      : named === undefined
        ? undefined
        : toLogUrl(`http://${named}${suffix}${uri.startsWith('/') ? uri : `/${uri}`}`)
  return {
    ...shared,
    destinationHost: targetOf(url).destinationHost ?? toHost(host?.replace(/:\d+$/, '')),
    // the far end of the connection is the proxy, not the server
    ...(isTunnel ? { destinationIp: undefined, ...connectTarget(uri) } : {}),
    protocol: 'http',
    url,
    target: url === undefined ? uri : undefined,
    httpMethod: method,
    httpStatus: toHttpStatus(one(row, 'status_code')),
    userAgent: one(row, 'user_agent'),
    referrer: one(row, 'referrer'),
    account: one(row, 'username'),
    bytesSent: toCount(one(row, 'request_body_len')),
    bytesReceived: toCount(one(row, 'response_body_len')),
    detail: pairs(
      row,
      'status_msg',
      'resp_mime_types',
      'resp_filenames',
      'resp_fuids',
      'orig_fuids',
      'proxied',
      'tags',
    ),
  }
}

function readKerberos(row: ZeekRow): ReturnType<Meaning> {
  const isFailure = outcome(one(row, 'success')) === 'failure'
  // `alice/CORP.EXAMPLE`
  const client = one(row, 'client')
  const slash = client?.lastIndexOf('/') ?? -1
  return {
    kind: isFailure
      ? 'kerberos-failure'
      : one(row, 'request_type') === 'TGS'
        ? 'kerberos-service'
        : 'kerberos-tgt',
    fields: {
      ...ends(row),
      account:
        client === undefined || slash < 1 ? client : `${client.slice(0, slash)}@${client.slice(slash + 1)}`,
      target: one(row, 'service'),
      authentication: 'Kerberos',
      outcome: outcome(one(row, 'success')),
      status: one(row, 'error_msg'),
      detail: pairs(row, 'request_type', 'cipher', 'till', 'forwardable', 'renewable'),
    },
  }
}

const SMB_KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/DELETE/, 'file-delete'],
  [/RENAME/, 'file-rename'],
  [/WRITE/, 'file-modify'],
  [/READ/, 'file-read'],
]

function readSmbFile(row: ZeekRow): ReturnType<Meaning> {
  const action = one(row, 'action')
  const share = one(row, 'path')
  const name = one(row, 'name')
  return {
    kind: SMB_KINDS.find(([pattern]) => pattern.test(action ?? ''))?.[1] ?? 'share-access',
    fields: {
      ...ends(row),
      protocol: 'smb',
      action,
      target:
        share === undefined || name === undefined ? (name ?? share) : `${share.replace(/\\+$/, '')}\\${name}`,
      detail: pairs(row, 'prev_name', 'size', 'fuid', 'times.modified', 'times.created'),
    },
  }
}

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
