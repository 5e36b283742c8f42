/**
 * The normal form of web addresses (JUDGE.md, "Matching URLs"): what is equal in this form is the same page. It is a
 * key for comparing, not a text for showing; the URL as written stays in the message.
 */

/** A URL of a mail or log can be megabytes of padding; no browser takes addresses beyond this (Chromium: 2 MiB shown, 32 Ki typical). */
export const MAX_URL_LENGTH = 32_768

export type UrlScheme = 'http' | 'https' | 'ftp'

export interface NormalUrl {
  readonly scheme: UrlScheme
  /** Lower case, IDNA to ASCII, IPv4 in dotted form (also where it was mapped into IPv6), IPv6 in brackets, no trailing dot. */
  readonly host: string
  /** Null when it is the default port of the scheme. */
  readonly port: number | null
  /** Begins with `/`. */
  readonly path: string
  /** Without `?`; null when there is none or it is empty. */
  readonly query: string | null
  /** All of it: `scheme://host[:port]path[?query]`; userinfo and fragment are gone. */
  readonly text: string
}

const SCHEMES: ReadonlyMap<string, UrlScheme> = new Map<string, UrlScheme>([
  ['http:', 'http'],
  ['https:', 'https'],
  ['ftp:', 'ftp'],
])

/** Escapes of unreserved characters are decoded, all others written in upper case (RFC 3986, 6.2.2). */
function normaliseEscapes(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%[0-9a-fA-F]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase()
  })
}

const MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/

/**
 * `[::ffff:10.1.2.3]` is how IPv6 programs write the IPv4 address 10.1.2.3 (RFC 4291, 2.5.5.2): a browser goes to the same server, so a
 * pattern for one must cover the other. Addresses behind a translator (`64:ff9b::`) are addresses of their own.
 */
function unmap(host: string): string {
  const [, high, low] = MAPPED.exec(host) ?? []
  if (high === undefined || low === undefined) return host
  return [high, low]
    .map((part) => Number.parseInt(part, 16))
    .flatMap((part) => [part >> 8, part & 255])
    .join('.')
}

/**
 * Parses an absolute http, https or ftp URL as a browser would (WHATWG).
 * @returns undefined for anything else: other schemes, no host, longer than {@link MAX_URL_LENGTH}
 */
export function parseUrl(text: string): NormalUrl | undefined {
  if (text.length > MAX_URL_LENGTH) return undefined
  const url = URL.parse(text.trim())
  if (url === null) return undefined
  const scheme = SCHEMES.get(url.protocol)
  if (scheme === undefined) return undefined
  const host = unmap(url.hostname.replace(/\.+$/, ''))
  if (host === '') return undefined
  const port = url.port === '' ? null : Number(url.port)
  const path = normaliseEscapes(url.pathname) || '/'
  const query = url.search.length > 1 ? normaliseEscapes(url.search.slice(1)) : null
  const whole = `${scheme}://${host}${port === null ? '' : `:${port}`}${path}${query === null ? '' : `?${query}`}`
  return { scheme, host, port, path, query, text: whole }
}

/** The normal form as text, undefined when `text` is no web address. */
export function toNormalUrl(text: string): string | undefined {
  return parseUrl(text)?.text
}

/**
 * The address a browser would go to for a URL as written: absolute, tabs and line breaks dropped, host in ASCII; fragment and
 * userinfo kept, because kits put the victim's address there. A scheme-less `www.` or `host/path` is read as http.
 * @returns undefined when it is no web address
 */
export function toReachedUrl(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return undefined
  const written = text.trim()
  const absolute = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(written)
    ? written
    : written.startsWith('//')
      ? `http:${written}`
      : /^[^\s/?#@]+\.[^\s/?#@.]{2,}(?:[/?#:]|$)/.test(written)
        ? `http://${written}`
        : undefined
  if (absolute === undefined) return undefined
  const url = URL.parse(absolute) ?? URL.parse(`http://${written}`)
  return url !== null && SCHEMES.has(url.protocol) && url.hostname !== '' ? url.href : undefined
}
