import type { EventKind } from '../../model/event.ts'
import { toHost, toInteger } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { DEVICE, IMAGE_HASHES, PROCESS, REMOTE_SESSION, remoteHost, remoteUrl } from './actor.ts'
import { extra, type FieldPicks, ip, named, type Pick, port, type RowMeaning, text, toUrl } from './picks.ts'
import type { DefenderRow } from './row.ts'

const actionOf = (row: DefenderRow): string => row.text('ActionType')?.toLowerCase() ?? ''

const KINDS: ReadonlyMap<string, EventKind> = new Map<string, EventKind>([
  ['listeningconnectioncreated', 'network-bind'],
  ['dnsconnectioninspected', 'dns-query'],
  ['httpconnectioninspected', 'http-request'],
  ['sslconnectioninspected', 'tls-connection'],
])

const isInbound = (row: DefenderRow): boolean =>
  actionOf(row).startsWith('inbound') || /^in/i.test(row.extra('direction') ?? '')

/** The rules read the direction in `action`; what the sensor called it stands in `status`. */
const direction: Pick<string> = (row) =>
  actionOf(row) === 'listeningconnectioncreated' ? 'listen' : isInbound(row) ? 'inbound' : 'outbound'

const outcome: Pick<string> = (row) => {
  const action = actionOf(row)
  if (/failed|blocked/.test(action)) return 'failure'
  if (/success|accepted|acknowledged|found/.test(action)) return 'success'
  const established = row.extra('established')?.toLowerCase()
  return established === 'false' ? 'failure' : established === 'true' ? 'success' : undefined
}

/** Addresses from the connection's side: whoever opened it is the source. */
const side =
  <T>(local: Pick<T>, remote: Pick<T>, isSource: boolean): Pick<T> =>
  (row) =>
    isInbound(row) === isSource ? remote(row) : local(row)
const SIDES: FieldPicks = {
  sourceIp: side(ip('LocalIP'), ip('RemoteIP'), true),
  sourcePort: side(port('LocalPort'), port('RemotePort'), true),
  destinationIp: side(ip('LocalIP'), ip('RemoteIP'), false),
  destinationPort: side(port('LocalPort'), port('RemotePort'), false),
}

/** Answers of an inspected query, `; ` between them as the DNS rules read them. */
const answers: Pick<string> = (row) => {
  const found = row.extra('answers')
  const list = found === undefined ? undefined : toList(found)
  return list === undefined || list.length === 0 ? undefined : list.join('; ')
}
/** Answers kept of one query; a real one has at most some dozens. */
const MAX_ANSWERS = 100
function toList(text: string): string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .slice(0, MAX_ANSWERS)
    .flatMap((part) => present(part.trim().replace(/^"|"$/g, '')) ?? [])
}

const requestUrl: Pick<string> = (row) => {
  const path = row.extra('uri')
  if (path !== undefined && /^https?:\/\//i.test(path)) return toUrl(path)
  const name = row.extra('host') ?? row.text('RemoteUrl') ?? row.text('RemoteIP')
  if (name === undefined || /\s/.test(name)) return undefined
  if (/^https?:\/\//i.test(name)) return toUrl(name)
  return toUrl(`http://${name}${path === undefined || path.startsWith('/') ? (path ?? '/') : `/${path}`}`)
}

/** A query may drop ActionType; an action nobody has told us of is no connection. */
const otherKind = (action: string): EventKind =>
  action === '' || /connection|inspected/.test(action) ? 'network-connection' : 'generic'
const kindOf = (row: DefenderRow): EventKind => KINDS.get(actionOf(row)) ?? otherKind(actionOf(row))
const when =
  <T>(kind: EventKind, pick: Pick<T>, otherwise?: Pick<T>): Pick<T> =>
  (row) =>
    kindOf(row) === kind ? pick(row) : otherwise?.(row)

const detail = named(
  'LocalIPType',
  'RemoteIPType',
  '+SignatureName',
  '+conn_state',
  '+qtype_name',
  '+rcode_name',
  '+subject',
  '+issuer',
  '+version',
  '+cipher',
  '+ja3',
  ...REMOTE_SESSION,
)

/** DeviceNetworkEvents: connections, listening ports, and what the sensor saw inside of DNS, HTTP and TLS. */
export const networkEvent: RowMeaning = {
  kind: kindOf,
  fields: {
    ...DEVICE,
    ...PROCESS,
    ...IMAGE_HASHES,
    ...SIDES,
    hostIp: ip('LocalIP'),
    action: direction,
    status: text('ActionType'),
    outcome,
    destinationHost: (row) =>
      (isInbound(row) ? undefined : remoteHost(row)) ??
      toHost(row.extra(kindOf(row) === 'tls-connection' ? 'server_name' : 'host')?.replace(/:\d{1,5}$/, '')),
    sourceHost: (row) => (isInbound(row) ? remoteHost(row) : undefined),
    url: when('http-request', requestUrl, remoteUrl),
    referrer: when('http-request', (row) => toUrl(row.extra('referrer') ?? '')),
    httpMethod: when('http-request', extra('method')),
    httpStatus: when('http-request', (row) => toInteger(row.extra('status_code'))),
    userAgent: when('http-request', extra('user_agent')),
    bytesSent: (row) => toInteger(row.extra('request_body_len', 'orig_bytes')),
    bytesReceived: (row) => toInteger(row.extra('response_body_len', 'resp_bytes')),
    target: when('dns-query', (row) => toHost(row.extra('query'))),
    protocol: text('Protocol'),
    rule: extra('SignatureName'),
    detail: when('dns-query', answers, detail),
  },
}
