import type { EventFields, EventKind } from '../../model/event.ts'
import { toHost, toIp, toPort } from '../../normalise/host.ts'
import { toCount } from '../endpoint/values.ts'
import type { EcsDocument } from './document.ts'

const CONNECTIONS: ReadonlySet<EventKind> = new Set([
  'network-connection',
  'network-bind',
  'http-request',
  'tls-connection',
  'dns-query',
  'alert',
])

/** Both ends of a connection and what was asked for over it. */
export function network(document: EcsDocument, kind: EventKind): EventFields {
  const direction = document.text('network.direction')?.toLowerCase()
  const url = document.text('url.full', 'url.original')
  return {
    sourceIp: toIp(document.text('source.ip', 'client.ip', 'source.address')),
    sourcePort: toPort(document.text('source.port', 'client.port')),
    sourceHost: hostName(document.text('source.domain', 'client.domain', 'source.address')),
    destinationIp: toIp(document.text('destination.ip', 'server.ip', 'destination.address')),
    destinationPort: toPort(document.text('destination.port', 'server.port')),
    destinationHost: hostName(
      document.text(
        'destination.domain',
        'server.domain',
        'tls.client.server_name',
        'url.domain',
        'destination.address',
      ),
    ),
    bytesSent: toCount(document.text('source.bytes', 'client.bytes', 'http.request.bytes')),
    bytesReceived: toCount(document.text('destination.bytes', 'server.bytes', 'http.response.bytes')),
    url: url ?? builtUrl(document),
    referrer: document.text('http.request.referrer', 'file.origin_referrer_url'),
    httpMethod: document.text('http.request.method'),
    httpStatus: toCount(document.text('http.response.status_code')),
    userAgent: document.text('user_agent.original'),
    ...(CONNECTIONS.has(kind) && kind !== 'alert' && direction !== undefined
      ? {
          action: /^(?:inbound|ingress)$/.test(direction)
            ? 'inbound'
            : /^(?:outbound|egress)$/.test(direction)
              ? 'outbound'
              : undefined,
        }
      : {}),
  }
}

const hostName = (text: string | undefined): string | undefined =>
  toIp(text) === undefined ? toHost(text) : undefined

function builtUrl(document: EcsDocument): string | undefined {
  const scheme = document.text('url.scheme')
  const domain = document.text('url.domain')
  if (scheme === undefined || domain === undefined) return document.text('file.origin_url')
  const port = document.text('url.port')
  const query = document.text('url.query')
  return `${scheme}://${domain}${port === undefined ? '' : `:${port}`}${document.text('url.path') ?? '/'}${query === undefined ? '' : `?${query}`}`
}

/** Modules that read a wire or a device's log: the host of their records only collected them. */
const WATCHERS =
  /^(?:zeek|suricata|network_traffic|netflow|panw|fortinet|cisco|checkpoint|sophos|juniper|pfsense)/

/**
 * Whether the host of a connection record is neither end of it: a network sensor or collector. To name it as the host would
 * make it the machine that connected.
 */
export function isBystander(document: EcsDocument, kind: EventKind): boolean {
  if (!CONNECTIONS.has(kind) || document.has('process.pid') || document.has('process.executable'))
    return false
  const own = document.list('host.ip').flatMap((text) => toIp(text) ?? [])
  const ends = [document.text('source.ip', 'client.ip'), document.text('destination.ip', 'server.ip')]
  if (own.length > 0 && ends.some((end) => end !== undefined))
    return !ends.some((end) => own.includes(toIp(end) ?? ''))
  const isObserved = ['observer', 'observer.name', 'observer.hostname', 'observer.type'].some((name) =>
    document.has(name),
  )
  return isObserved || WATCHERS.test(document.text('event.module', 'event.dataset') ?? '')
}
