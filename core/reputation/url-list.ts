import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import { refang } from '../normalise/defang.ts'
import { parseUrl, type NormalUrl } from '../normalise/url.ts'
import { portOf, restOf } from './pattern.ts'
import type { Service } from './policy-document.ts'

/** One entry of an approved or blocked URL list (W45-W48). */
type ListEntry =
  | {
      readonly kind: 'page'
      readonly host: string
      readonly port: number | null
      readonly rest: string
      readonly ftp: boolean
    }
  | { readonly kind: 'host'; readonly host: string; readonly port: number | null }
  | { readonly kind: 'below'; readonly domain: string; readonly path: string | null }

/** Why an entry is refused: the W-number. */
export type ListEntryFault = 'W45' | 'W47' | 'W48'

/**
 * Reads one entry as JUDGE.md "Matching URLs" settles it:
 * with a query: that page alone (W46) · `*.example.com`: hosts below · `*.example.com/example/*`: their path and below (W47) ·
 * `example.com`: every page of that host · otherwise that page, no query. Gmail knows no query (W48). Defanged entries (`hxxp://`,
 * `[.]`) are read as the address they stand for. A wildcard stands before a name somebody owns: `*.com` and `*.co.uk` are refused (W47).
 */
export function readListEntry(text: string, service: Service): ListEntry | ListEntryFault {
  const entry = refang(text.trim())
  if (service === 'gmail' && entry.includes('?')) return 'W48'
  if (entry.includes('*')) return readWildcard(entry)
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(entry)
  // `boss@bank.example` and `mailto:` would be read as a whole host, `/login` and `\\server\share` as hosts of that name.
  if (!hasScheme && /^(?:\/(?!\/)|[^/?#]*[@\\])/.test(entry)) return 'W45'
  const url = parseUrl(hasScheme ? entry : `http://${entry}`)
  // What no browser reads as an address is most likely a regular expression.
  if (url === undefined || !/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(url.host)) return 'W45'
  if (!hasScheme && !/[/?]/.test(entry)) return { kind: 'host', host: url.host, port: url.port }
  return { kind: 'page', host: url.host, port: url.port, rest: restOf(url), ftp: url.scheme === 'ftp' }
}

function readWildcard(entry: string): ListEntry | ListEntryFault {
  const match = /^\*\.([^*/?#:]+)(?:(\/[^*?#]+)\/\*)?$/.exec(entry)
  const url = match === null ? undefined : parseUrl(`http://${match[1]}${match[2] ?? ''}`)
  if (match === null || url === undefined || !/^[a-z0-9._-]+$/.test(url.host)) return 'W47'
  if (isPublicSuffix(url.host)) return 'W47'
  return { kind: 'below', domain: url.host, path: match[2] === undefined ? null : url.path }
}

/**
 * A name under which strangers register: one label (`com`), or an ending of a registry (`co.uk`). Rented ground (`web.app`) is none:
 * blocking all of it is a decision somebody may take.
 */
export function isPublicSuffix(host: string): boolean {
  if (!host.includes('.')) return true
  const { isIcann, publicSuffix } = parse(host, { allowPrivateDomains: false, validateHostname: false })
  return isIcann === true && publicSuffix === host
}

/** A list ready to be asked. */
export class UrlList {
  readonly #pages = new Map<string, { port: number | null; ftp: boolean }[]>()
  readonly #hosts = new Map<string, (number | null)[]>()
  readonly #below = new Map<string, (string | null)[]>()

  /** Entries that cannot be read are left out: a stored policy has been validated. */
  constructor(entries: readonly string[], service: Service) {
    for (const text of entries) {
      const entry = readListEntry(text, service)
      if (typeof entry === 'string') continue
      if (entry.kind === 'page')
        put(this.#pages, `${entry.host}${entry.rest}`, { port: entry.port, ftp: entry.ftp })
      else if (entry.kind === 'host') put(this.#hosts, entry.host, entry.port)
      else put(this.#below, entry.domain, entry.path)
    }
  }

  covers(url: NormalUrl): boolean {
    const fits = (port: number | null): boolean => port === null || port === portOf(url)
    const isFtp = url.scheme === 'ftp'
    const pages = this.#pages.get(`${url.host}${restOf(url)}`)
    if (pages?.some((page) => fits(page.port) && page.ftp === isFtp)) return true
    if (this.#hosts.get(url.host)?.some(fits)) return true
    return this.#below.size > 0 && this.#coversBelow(url)
  }

  #coversBelow(url: NormalUrl): boolean {
    for (let dot = url.host.indexOf('.'); dot >= 0; dot = url.host.indexOf('.', dot + 1)) {
      const paths = this.#below.get(url.host.slice(dot + 1))
      if (paths?.some((path) => path === null || url.path === path || url.path.startsWith(`${path}/`)))
        return true
    }
    return false
  }
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

/** Lower case, IDNA to ASCII, no final dot, as hosts of URLs are; a leading `*.` stays. What is no domain stays as it is. */
export function toAsciiDomain(text: string): string {
  const lower = text.toLowerCase().replace(/\.$/, '')
  if (/^[\x00-\x7f]*$/.test(lower)) return lower
  const star = lower.startsWith('*.') ? '*.' : ''
  const ascii = domainToASCII(lower.slice(star.length))
  return ascii === '' ? lower : `${star}${ascii}`
}

/** Internal domains (W14): exactly that domain; subdomains only when written `*.corp.test`. */
export class DomainList {
  readonly #exact = new Set<string>()
  readonly #below = new Set<string>()
  constructor(domains: readonly string[]) {
    for (const text of domains) {
      const domain = toAsciiDomain(text.trim())
      if (domain.startsWith('*.')) this.#below.add(domain.slice(2))
      else this.#exact.add(domain)
    }
  }
  /** @param host lower-case ASCII host or mail domain, see {@link toAsciiDomain} */
  covers(host: string): boolean {
    if (this.#exact.has(host)) return true
    if (this.#below.size === 0) return false
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      if (this.#below.has(host.slice(dot + 1))) return true
    }
    return false
  }
}
