import type { CsvMeaning } from '../csv/csv-records.ts'
import type { DateOrder } from '../../model/date-order.ts'
import type { EventFields, EventItem } from '../../model/event.ts'
import { toHash } from '../../normalise/hash.ts'
import { toHost, toIp, toPort } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { inner, JsonNamedRow, type NamedRow } from '../log/named-row.ts'
import { connectTarget, describe, targetOf, toCount, toHttpStatus, toLogUrl } from '../log/values.ts'
import { eventAt, readAscWhen, readWhen, type When } from '../log/when.ts'

/** Columns with times in feeds and console exports. */
export const FEED_TIMES = ['datetime', 'Event Time', 'time', 'Logged Time', 'Timestamp'] as const

export type FeedShape = 'web' | 'firewall' | 'dns'

const hasAny = (names: ReadonlySet<string>, ...wanted: readonly string[]): boolean =>
  wanted.some((name) => names.has(name))

/** Which feed a set of folded names belongs to; undefined when to none. */
export function feedShape(names: ReadonlySet<string>): FeedShape | undefined {
  if (!hasAny(names, 'datetime', 'eventtime', 'time', 'epochtime', 'loggedtime')) return undefined
  if (hasAny(names, 'reqaction', 'resaction') && hasAny(names, 'req', 'reqtype')) return 'dns'
  if (
    hasAny(names, 'csip', 'clientsourceip') &&
    hasAny(names, 'cdip', 'sdip', 'nwapp', 'serverdestinationip')
  )
    return 'firewall'
  const isWeb =
    hasAny(names, 'url', 'eurl') &&
    hasAny(names, 'urlcategory', 'urlcat', 'urlsupercategory', 'urlsupercat', 'urlclass') &&
    hasAny(names, 'requestmethod', 'reqmethod', 'policyaction', 'action', 'useragent', 'ua')
  return isWeb ? 'web' : undefined
}

/** The record inside the envelope of a collector (`{"sourcetype": "zscalernss-web", "event": {...}}`). */
export function openEnvelope(row: NamedRow): NamedRow {
  const event = row.value('event')
  return event === undefined || typeof event === 'string' ? row : inner(event)
}

/** `2026-03-02 08:00:00<tab>reason=Allowed<tab>event_id=1`: undefined when the line has another form. */
export function parsePairs(line: string): JsonNamedRow | undefined {
  const parts = line.split('\t', 500)
  const pairs = parts.filter((part) => /^[A-Za-z_][A-Za-z0-9_]{0,63}=/.test(part))
  if (pairs.length < 4 || pairs.length < parts.length - 2) return undefined
  const object = Object.create(null) as Record<string, unknown>
  const [first = ''] = parts
  if (!first.includes('=')) object['datetime'] = first
  for (const pair of pairs) {
    const sign = pair.indexOf('=')
    object[pair.slice(0, sign)] = pair.slice(sign + 1)
  }
  return new JsonNamedRow(object)
}

/** `None` and `N/A` stand for nothing in these feeds. */
const said = (row: NamedRow, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = row.text(name)
    if (value !== undefined && !/^(?:none|na|n\/a|unknown)$/i.test(value)) return value
  }
  return undefined
}

/** One record of a feed. */
export function readFeedRow(outer: NamedRow, zone: string, dateOrder: DateOrder | null): CsvMeaning {
  const row = openEnvelope(outer)
  const shape = shapeOf(row)
  if (shape === undefined) return { items: [], issues: [{ code: 'proxy-feed.not_an_entry', excerpt: '' }] }
  const when = readTime(row, zone, dateOrder)
  const id = said(row, 'event_id', 'recordid', 'Record ID')
  return {
    items: read(shape, row, when),
    key:
      id === undefined || id === '0' || when.at === null
        ? undefined
        : JSON.stringify(['proxy-feed', shape, id, when.at]),
    issues: when.isOdd
      ? [{ code: 'proxy-feed.time', excerpt: row.text(...FEED_TIMES)?.slice(0, 100) ?? '' }]
      : [],
  }
}

function shapeOf(row: NamedRow): FeedShape | undefined {
  if (row.text('reqaction', 'resaction') !== undefined) return 'dns'
  if (row.text('csip', 'Client Source IP') !== undefined) return 'firewall'
  return row.text('url', 'eurl') === undefined ? undefined : 'web'
}

/** Feeds are written in the zone the feed was set to, which no record names; an epoch column needs none. */
function readTime(row: NamedRow, zone: string, dateOrder: DateOrder | null): When {
  const epoch = row.text('epochtime')
  if (epoch !== undefined) return readWhen(epoch, 'UTC')
  const written = row.text(...FEED_TIMES)
  const plain = readWhen(written, zone, dateOrder)
  return plain.isOdd ? readAscWhen(written, zone) : plain
}

const isRefusal = (text: string | undefined): boolean => /block|den(?:y|ied)|drop|reset/i.test(text ?? '')

function person(row: NamedRow): EventFields {
  const user = said(row, 'user', 'login', 'elogin', 'User')
  return {
    account: user,
    accountMail: toAddressKey(user ?? ''),
    sourceHost: toHost(said(row, 'devicehostname', 'Device Hostname')),
    location: said(row, 'location', 'locationname', 'Location'),
  }
}

function read(shape: FeedShape, row: NamedRow, when: When): EventItem[] {
  switch (shape) {
    case 'web':
      return readWeb(row, when)
    case 'firewall':
      return [eventAt(when, 'network-connection', firewallFields(row))]
    case 'dns':
      return [eventAt(when, 'dns-query', dnsFields(row))]
  }
}

function readWeb(row: NamedRow, when: When): EventItem[] {
  const protocol = said(row, 'protocol', 'proto', 'Protocol')?.toLowerCase()
  const written = said(row, 'url', 'eurl')
  const method = said(row, 'requestmethod', 'reqmethod', 'Request Method')?.toUpperCase()
  const isTunnel = method === 'CONNECT' || /tunnel/.test(protocol ?? '')
  const scheme = /https|ssl|http2/.test(protocol ?? '') ? 'https' : 'http'
  const url =
    written === undefined || isTunnel || /^[a-z][a-z0-9+.-]*:(?!\d|\/\/)/i.test(written)
      ? undefined
      : toLogUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `${scheme}://${written}`)
  const action = said(row, 'action', 'Policy Action')
  const threat = said(row, 'threatname', 'Threat Name')
  const sha256 = toHash(said(row, 'sha256'))
  const md5 = toHash(said(row, 'md5', 'bamd5', 'MD5'))
  const serverIp = toIp(said(row, 'serverip', 'sip', 'Server IP'))
  const fields: EventFields = {
    provider: said(row, 'vendor') ?? 'Zscaler',
    ...person(row),
    sourceIp: toIp(said(row, 'ClientIP', 'cip', 'cintip', 'Client IP')),
    ...(isTunnel ? connectTarget(written ?? '') : targetOf(url)),
    ...(serverIp === undefined ? {} : { destinationIp: serverIp }),
    url,
    httpMethod: method,
    httpStatus: toHttpStatus(said(row, 'status', 'respcode', 'Response Code')?.slice(0, 3)),
    referrer: toLogUrl(said(row, 'refererURL', 'ereferer', 'Referrer URL')),
    userAgent: said(row, 'useragent', 'ua', 'User Agent'),
    bytesSent: toCount(said(row, 'requestsize', 'reqsize', 'Request Size', 'Sent Bytes')),
    bytesReceived: toCount(said(row, 'responsesize', 'respsize', 'Response Size', 'Received Bytes')),
    application: said(row, 'appname', 'Cloud Application'),
    rule: said(row, 'rulelabel', 'urlfilterrulelabel', 'Rule Name', 'Policy Rule'),
    severity: said(row, 'threatseverity', 'pagerisk', 'riskscore', 'Page Risk Score'),
    sha256: sha256?.kind === 'sha256' ? sha256.hash : undefined,
    md5: md5?.kind === 'md5' ? md5.hash : undefined,
    action,
    outcome: isRefusal(action) ? 'failure' : undefined,
    detail: describe([
      ['reason', said(row, 'reason', 'Policy Reason')],
      ['category', said(row, 'urlcategory', 'urlcat', 'URL Category')],
      ['class', said(row, 'urlclass', 'URL Class')],
      ['threat', threat],
      ['threat category', said(row, 'threatcategory', 'malwarecat', 'Threat Category')],
      ['file', said(row, 'filename', 'filetype', 'File Type')],
      ['type', said(row, 'contenttype')],
      ['public address', said(row, 'clientpublicIP', 'cpubip')],
      ['department', said(row, 'department', 'dept', 'Department')],
      ['device owner', said(row, 'deviceowner')],
    ]),
  }
  const request = eventAt(when, 'http-request', fields)
  return threat === undefined
    ? [request]
    : [request, eventAt(when, 'malware-detected', { ...fields, rule: threat })]
}

function firewallFields(row: NamedRow): EventFields {
  const action = said(row, 'action', 'Action')
  return {
    provider: said(row, 'vendor') ?? 'Zscaler',
    ...person(row),
    sourceIp: toIp(said(row, 'csip', 'Client Source IP')),
    sourcePort: toPort(said(row, 'csport')),
    destinationIp: toIp(said(row, 'cdip', 'sdip', 'Server Destination IP')),
    destinationPort: toPort(said(row, 'cdport', 'sdport')),
    destinationHost: toHost(said(row, 'cdfqdn')),
    protocol: said(row, 'nwsvc', 'proto', 'protocol')?.toLowerCase(),
    application: said(row, 'nwapp'),
    rule: said(row, 'rulelabel', 'ipsrulelabel'),
    bytesSent: toCount(said(row, 'outbytes')),
    bytesReceived: toCount(said(row, 'inbytes')),
    action,
    outcome: isRefusal(action) ? 'failure' : 'success',
    detail: describe([
      ['proto', said(row, 'proto')],
      ['country', said(row, 'destcountry')],
      ['category', said(row, 'ipcat')],
      ['threat', said(row, 'threatname')],
      ['sessions', said(row, 'numsessions')],
    ]),
  }
}

function dnsFields(row: NamedRow): EventFields {
  const action = said(row, 'reqaction', 'resaction')
  return {
    provider: said(row, 'vendor') ?? 'Zscaler',
    ...person(row),
    sourceIp: toIp(said(row, 'clt_sip', 'cip')),
    destinationIp: toIp(said(row, 'srv_dip')),
    destinationPort: toPort(said(row, 'sport')),
    protocol: 'dns',
    target: toHost(said(row, 'req')),
    rule: said(row, 'reqrulelabel', 'resrulelabel'),
    action,
    outcome: isRefusal(action) || isRefusal(said(row, 'resaction')) ? 'failure' : 'success',
    detail: describe([
      // bare answers first: rules read addresses from here
      ['', said(row, 'res')?.split(/[;,]/).join('; ')],
      ['type', said(row, 'reqtype')],
      ['category', said(row, 'category', 'domcat')],
    ]),
  }
}
