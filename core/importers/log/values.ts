import { toHost, toInteger, toIp, toPort } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { toReachedUrl } from '../../normalise/url.ts'
import type { EventFields } from '../../model/event.ts'

/** An address and a port out of `1.2.3.4:5555`, `[2001:db8::1]:443` or a bare address. */
export function splitEndpoint(text: string | undefined): { ip?: string; port?: number } {
  const written = present(text)
  if (written === undefined) return {}
  const match = /^\[([0-9a-f:.%]+)\](?::(\d{1,5}))?$/i.exec(written) ?? /^([\d.]+):(\d{1,5})$/.exec(written)
  const ip = toIp(match?.[1] ?? written)
  const port = toPort(match?.[2])
  return { ...(ip === undefined ? {} : { ip }), ...(port === undefined ? {} : { port }) }
}

/** The source of a connection: an address when it is one, else a host name. */
export function sourceOf(text: string | undefined): EventFields {
  const { ip, port } = splitEndpoint(text)
  return ip === undefined ? { sourceHost: toHost(text) } : { sourceIp: ip, sourcePort: port }
}

/** Host and port a URL leads to; the address fields when the host is one. */
export function targetOf(url: string | undefined): EventFields {
  const parsed = url === undefined ? null : URL.parse(url)
  if (parsed === null || parsed.hostname === '') return {}
  const ip = toIp(parsed.hostname)
  const port = parsed.port === '' ? DEFAULT_PORTS.get(parsed.protocol) : toPort(parsed.port)
  return {
    ...(ip === undefined ? { destinationHost: toHost(parsed.hostname) } : { destinationIp: ip }),
    destinationPort: port,
    protocol: parsed.protocol.slice(0, -1),
  }
}
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
  ['ftp:', 21],
])

/** A URL as it stands in a log; without scheme (`host/path`) it is read as http. */
export const toLogUrl = (text: string | undefined): string | undefined => {
  const written = present(text)
  return written === undefined ? undefined : toReachedUrl(written)
}

/** DNS names end at 253 characters; a log line can hold megabytes in their place. */
const MAX_HOST_LENGTH = 300

/** `host:port` of a CONNECT request. */
export function connectTarget(text: string): EventFields {
  if (text.length > MAX_HOST_LENGTH) return {}
  const match = /^\[?([^\s/\]]+?)\]?(?::(\d{1,5}))?$/.exec(text)
  if (match === null) return {}
  const ip = toIp(match[1])
  const port = toPort(match[2])
  return {
    ...(ip === undefined ? { destinationHost: toHost(match[1]) } : { destinationIp: ip }),
    destinationPort: port,
  }
}

/** A count of bytes or the like; undefined for placeholders and what is no number. */
export const toCount = (text: string | undefined): number | undefined => toInteger(present(text))

/** An HTTP status; 0 means that none was seen. */
export function toHttpStatus(text: string | undefined): number | undefined {
  const status = toInteger(present(text))
  return status !== undefined && status >= 100 && status <= 999 ? status : undefined
}

/** A detail is for reading; the whole record stays as raw text. */
const DETAIL_LIMIT = 2_000

/** `name: value` pairs of what was written, joined by `; `. */
export function describe(pairs: readonly (readonly [string, string | undefined])[]): string | undefined {
  const text = pairs
    .flatMap(([name, value]) => {
      const written = present(value)
      return written === undefined ? [] : [name === '' ? written : `${name}: ${written}`]
    })
    .join('; ')
  return text === '' ? undefined : text.slice(0, DETAIL_LIMIT)
}

/** `decodeURIComponent` that leaves text with broken escapes as it is. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return text
  }
}
