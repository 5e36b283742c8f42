import type { EventFields, EventKind, EventItem } from '../../model/event.ts'
import { toAccount } from '../../normalise/account.ts'
import { toHost, toInteger, toIp, toPort } from '../../normalise/host.ts'
import {
  connectTarget,
  describe,
  sourceOf,
  splitEndpoint,
  targetOf,
  toCount,
  toHttpStatus,
  toLogUrl,
} from '../log/values.ts'
import { eventAt, type When } from '../log/when.ts'
import type { W3cColumns, W3cRow } from './w3c-columns.ts'

/** What the lines under one `#Fields:` line are. */
export type W3cShape = 'firewall' | 'tmg-firewall' | 'server' | 'proxy'

/** Told from the columns alone, because `#Software` is often missing or a brand of the reseller. */
export function shapeOf(columns: W3cColumns): W3cShape {
  if (columns.has('src-ip', 'dst-ip')) return 'firewall'
  if (columns.has('source', 'destination', 'action')) return 'tmg-firewall'
  const isProxy =
    columns.has('cs-uri') ||
    columns.has('cs-uri-scheme') ||
    columns.has('s-action') ||
    columns.has('r-ip') ||
    columns.has('r-host') ||
    columns.has('x-hierarchy-code')
  return !isProxy && columns.has('cs-uri-stem') ? 'server' : 'proxy'
}

/** The events of one line. */
export function readW3cRow(
  shape: W3cShape,
  row: W3cRow,
  when: When,
  software: string | undefined,
): EventItem[] {
  switch (shape) {
    case 'firewall':
      return [eventAt(when, 'network-connection', { provider: software, ...firewallFields(row) })]
    case 'tmg-firewall':
      return [eventAt(when, 'network-connection', { provider: software, ...tmgFields(row) })]
    case 'server':
      return [eventAt(when, 'http-request', { provider: software, ...serverFields(row) })]
    case 'proxy': {
      const fields = { provider: software, ...proxyFields(row) }
      const events = [eventAt(when, kindOf(row), fields)]
      const virus = row('x-virus-id', 'cs-virus-id')
      if (virus !== undefined && !/^(?:none|0|clean)$/i.test(virus))
        events.push(eventAt(when, 'malware-detected', { ...fields, rule: virus }))
      return events
    }
  }
}

const kindOf = (row: W3cRow): EventKind =>
  /^(?:ssl|tls)$/i.test(row('cs-uri-scheme', 'cs-protocol') ?? '') ? 'tls-connection' : 'http-request'

const isRefusal = (text: string | undefined): boolean =>
  /den(?:y|ied)|block|drop|reject|fail/i.test(text ?? '')

/** ProxySG, TMG web proxy and others: the URL as one field or in parts. */
function proxyFields(row: W3cRow): EventFields {
  const method = row('cs-method', 's-operation', 'method')
  const url = assembleUrl(row)
  const isTunnel = /^CONNECT$/i.test(method ?? '') || url === undefined
  const host = row('cs-host', 'cs-uri-host', 'cs(host)', 'r-host', 's-supplier-name')
  const port = toPort(row('cs-uri-port', 'r-port'))
  const address = toIp(row('r-ip', 'cs-ip', 's-supplier-ip'))
  const action = row('s-action', 'action', 'sc-filter-result', 'x-webcat-code')
  const target = isTunnel ? connectTarget(row('cs-uri') ?? host ?? '') : targetOf(url)
  const agent = row('cs(user-agent)', 'c-agent', 'cs-user-agent')
  return {
    ...sourceOf(row('c-ip', 'cs-ip', 'c-dns')),
    sourcePort: toPort(row('c-port')),
    ...target,
    ...(port === undefined ? {} : { destinationPort: port }),
    ...(address === undefined ? {} : { destinationIp: address }),
    account: accountOf(row),
    httpMethod: method,
    httpStatus: toHttpStatus(row('sc-status', 'cs-status')),
    url: isTunnel ? undefined : url,
    referrer: row('cs(referer)', 'cs(referrer)', 'cs-referred', 'cs-referer'),
    userAgent: agent,
    bytesSent: toCount(row('cs-bytes', 'cs-bodylength')),
    bytesReceived: toCount(row('sc-bytes', 'sc-bodylength')),
    application: unlessNone(row('x-bluecoat-application-name', 'application')),
    rule: row('rule', 'x-rule-name', 'cs-policy'),
    severity: row('cs-threat-risk', 'x-threat-risk', 'x-risk-level'),
    action,
    outcome: [action, row('sc-filter-result')].some(isRefusal) ? 'failure' : undefined,
    detail: describe([
      ['filter', row('sc-filter-result')],
      ['category', row('cs-categories', 'sc-filter-category', 'cs-category', 'cs-uri-categories')],
      ['exception', row('x-exception-id', 'error-info')],
      ['virus', row('x-virus-id')],
      ['operation', unlessNone(row('x-bluecoat-application-operation'))],
      ['type', row('rs(content-type)', 'cs-mime-type', 'sc(content-type)', 'rs-mime-type')],
      ['certificate', row('x-rs-certificate-hostname')],
      ['group', row('cs-auth-group')],
      ['proxy', row('s-computername', 's-ip')],
      ['hierarchy', row('s-hierarchy', 's-object-source')],
    ]),
  }
}

/** ProxySG writes `none` for an application it does not know. */
const unlessNone = (text: string | undefined): string | undefined =>
  text === undefined || /^none$/i.test(text) ? undefined : text

/** TMG writes `anonymous` for requests without a sign-in. */
function accountOf(row: W3cRow): string | undefined {
  const name = row('cs-username', 'cs-user', 'cs-userdn')
  return name === undefined || /^anonymous$/i.test(name)
    ? undefined
    : toAccount(row('cs-auth-domain', 'x-cs-auth-domain'), name)
}

/** `cs-uri` when it is absolute, else scheme, host, port, path and query put together. */
function assembleUrl(row: W3cRow): string | undefined {
  const whole = row('cs-uri', 'c-uri', 'cs-url', 'x-uri')
  if (whole !== undefined && /^(?:https?|ftp):\/\//i.test(whole)) return toLogUrl(whole)
  const scheme = row('cs-uri-scheme', 'cs-protocol')?.toLowerCase() ?? 'http'
  const host = row('cs-host', 'cs-uri-host', 'cs(host)', 'r-host')
  if (host === undefined || !/^(?:https?|ftp)$/.test(scheme)) return undefined
  const port = toPort(row('cs-uri-port'))
  const bracketed =
    host.includes(':') && !host.startsWith('[') && toIp(host) !== undefined ? `[${host}]` : host
  const authority = port === undefined || /:\d+$/.test(bracketed) ? bracketed : `${bracketed}:${port}`
  const path = row('cs-uri-path', 'cs-uri-stem') ?? (whole?.startsWith('/') === true ? whole : '/')
  const query = row('cs-uri-query')
  const tail = query === undefined || path.includes('?') ? '' : query.startsWith('?') ? query : `?${query}`
  return toLogUrl(`${scheme}://${authority}${path.startsWith('/') ? path : `/${path}`}${tail}`)
}

/** IIS and its relatives: the log of the server, which is both the endpoint and the destination. */
function serverFields(row: W3cRow): EventFields {
  const port = toPort(row('s-port'))
  const named = row('cs-host', 'cs(host)')
  const path = row('cs-uri-stem') ?? '/'
  const query = row('cs-uri-query')
  const tail = query === undefined ? '' : `?${query.replace(/^\?/, '')}`
  // the log does not say whether TLS was used; the usual port of HTTPS does
  const scheme = port === 443 ? 'https' : 'http'
  const suffix =
    port === undefined || port === 443 || port === 80 || /:\d+$/.test(named ?? '') ? '' : `:${port}`
  const status = toHttpStatus(row('sc-status'))
  return {
    host: toHost(row('s-computername')),
    hostIp: toIp(row('s-ip')),
    ...sourceOf(row('c-ip')),
    sourcePort: toPort(row('c-port')),
    destinationIp: toIp(row('s-ip')),
    destinationPort: port,
    destinationHost: toHost(named?.replace(/:\d+$/, '')),
    protocol: scheme,
    account: row('cs-username'),
    action: 'inbound',
    httpMethod: row('cs-method'),
    httpStatus: status,
    outcome: status === 401 || status === 403 ? 'failure' : undefined,
    url: named === undefined ? undefined : toLogUrl(`${scheme}://${named}${suffix}${path}${tail}`),
    target: named === undefined ? `${path}${tail}` : undefined,
    referrer: row('cs(referer)'),
    userAgent: row('cs(user-agent)')?.replaceAll('+', ' '),
    bytesSent: toCount(row('cs-bytes')),
    bytesReceived: toCount(row('sc-bytes')),
    application: row('s-sitename'),
    detail: describe([
      ['substatus', row('sc-substatus') === '0' ? undefined : row('sc-substatus')],
      ['win32 status', row('sc-win32-status') === '0' ? undefined : row('sc-win32-status')],
      ['forwarded for', row('x-forwarded-for')],
    ]),
  }
}

/** Windows Firewall's pfirewall.log. */
function firewallFields(row: W3cRow): EventFields {
  const path = row('path')?.toUpperCase()
  const action = row('action')
  return {
    action: path === 'RECEIVE' ? 'inbound' : path === 'SEND' ? 'outbound' : action?.toLowerCase(),
    outcome: isRefusal(action) ? 'failure' : 'success',
    protocol: row('protocol')?.toLowerCase(),
    sourceIp: toIp(row('src-ip')),
    sourcePort: toPort(row('src-port')),
    destinationIp: toIp(row('dst-ip')),
    destinationPort: toPort(row('dst-port')),
    pid: toInteger(row('pid')),
    detail: describe([
      ['', action],
      ['size', row('size')],
      ['flags', row('tcpflags')],
      ['icmp', row('icmptype')],
      ['info', row('info')],
    ]),
  }
}

/** Forefront TMG and ISA firewall logs. */
function tmgFields(row: W3cRow): EventFields {
  const source = splitEndpoint(row('source', 'source-ip', 'original-client-ip'))
  const destination = splitEndpoint(row('destination', 'destination-ip'))
  const action = row('action')
  return {
    sourceIp: source.ip,
    sourcePort: source.port ?? toPort(row('source-port')),
    destinationIp: destination.ip,
    destinationPort: destination.port ?? toPort(row('destination-port')),
    destinationHost: toHost(row('destination-name')),
    protocol: row('application-protocol', 'ip-protocol')?.toLowerCase(),
    account: row('username'),
    userAgent: row('agent'),
    rule: row('rule'),
    sessionId: row('session-id'),
    bytesSent: toCount(row('bytes-sent')),
    bytesReceived: toCount(row('bytes-received')),
    status: row('status'),
    action,
    outcome: isRefusal(action) ? 'failure' : undefined,
    detail: describe([
      ['firewall', row('computer')],
      ['from', row('source-network')],
      ['to', row('destination-network')],
      ['connection ms', row('connection-time')],
    ]),
  }
}
