import type { PatternScope } from '../model/verdict.ts'
import { parseUrl, type NormalUrl } from '../normalise/url.ts'

/**
 * A pattern in the form in which it is compared (JUDGE.md, "Matching URLs"): http and https are one scheme, the default
 * port is no port, userinfo and fragment are gone.
 */
export interface Pattern {
  readonly scope: PatternScope
  /** Lower-case ASCII host; for `domain` the topmost name covered. */
  readonly host: string
  /** Null: any port. */
  readonly port: number | null
  /** `exact`: path and query; `path`: path without a final slash; empty for `host` and `domain`. */
  readonly rest: string
  /** ftp addresses never equal web addresses. */
  readonly ftp: boolean
}

const DEFAULT_PORTS = { http: 80, https: 443, ftp: 21 } as const

/** The port a URL really goes to. */
export const portOf = (url: NormalUrl): number => url.port ?? DEFAULT_PORTS[url.scheme]

/** Path and query as `exact` patterns hold them. */
export const restOf = (url: NormalUrl): string => (url.query === null ? url.path : `${url.path}?${url.query}`)

const dropSlash = (path: string): string => path.replace(/\/+$/, '')

/**
 * Builds a pattern of a given scope from a URL or a host.
 * @param text `http://host/path?query`, `host[:port]`, `host/path`; for `domain` a leading `*.` or `.` is dropped
 * @returns undefined when no host can be read from it
 */
export function toPattern(scope: PatternScope, text: string): Pattern | undefined {
  const bare = scope === 'domain' ? text.replace(/^(?:\*\.|\.)/, '') : text
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare : `http://${bare}`)
  if (url === undefined || !isHost(url.host)) return undefined
  const rest = scope === 'exact' ? restOf(url) : scope === 'path' ? dropSlash(url.path) : ''
  return { scope, host: url.host, port: url.port, rest, ftp: url.scheme === 'ftp' }
}

/** A name with a dot, an IPv4 address or an IPv6 address in brackets: a single word on a line is no indicator. */
function isHost(host: string): boolean {
  return host.startsWith('[') || (/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(host) && host.length <= 253)
}

/** Column `pack_entry.normal`: everything of a pattern but scope and host, as `[ftp][:port][rest]`. */
export const packNormal = (pattern: Pattern): string =>
  `${pattern.ftp ? 'ftp' : ''}${pattern.port === null ? '' : `:${pattern.port}`}${pattern.rest}`

/** Inverse of {@link packNormal}. */
export function unpackNormal(normal: string): {
  readonly port: number | null
  readonly rest: string
  readonly ftp: boolean
} {
  const ftp = normal.startsWith('ftp')
  const text = ftp ? normal.slice(3) : normal
  if (!text.startsWith(':')) return { port: null, rest: text, ftp }
  const slash = text.indexOf('/')
  const port = Number(slash < 0 ? text.slice(1) : text.slice(1, slash))
  return { port, rest: slash < 0 ? '' : text.slice(slash), ftp }
}
