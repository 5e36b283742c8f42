import { domainToUnicode } from 'node:url'
import { parse } from 'tldts'
import { parseUrl, type NormalUrl } from '../../normalise/url.ts'

/** A crafted address can be 32 KiB of anything; signs look at the beginning only. */
const MAX_LOOKED_AT = 4_096

/** An address taken apart for the signs. */
export interface UrlFacts {
  /** As written, at most {@link MAX_LOOKED_AT} characters; with userinfo and fragment. */
  readonly written: string
  /** Scheme as written, lower case, without `:`. */
  readonly scheme: string
  /** Undefined when it is no web address (`data:`, `javascript:`). */
  readonly url: NormalUrl | undefined
  /** Host as a reader sees it (Unicode). */
  readonly shownHost: string
  /** Registrable name under the public suffix, rented names (`x.web.app`) included; the host itself for addresses. */
  readonly domain: string
  /** Registrable name of whoever owns the ground (`web.app`). */
  readonly owner: string
  /** Labels in front of the registrable name. */
  readonly below: readonly string[]
  readonly suffix: string
  readonly isIp: boolean
  /** Path, query and fragment with escapes undone. */
  readonly path: string
  readonly query: string
  readonly fragment: string
  /** Texts under which mails show it. */
  readonly labels: readonly string[]
}

/** Undoes percent-encoding, as far as it can be read. */
export function unescapePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

/** @param written as it stands in the mail; @param labels visible texts of its links */
export function toUrlFacts(written: string, labels: readonly string[] = []): UrlFacts {
  const text = written.trim().slice(0, MAX_LOOKED_AT)
  const url = parseUrl(text)
  const host = url?.host ?? ''
  const rented = parse(host, { allowPrivateDomains: true, extractHostname: false, validateHostname: false })
  const ground = parse(host, { allowPrivateDomains: false, extractHostname: false, validateHostname: false })
  const domain = rented.domain ?? host
  const isIp = host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
  const hash = text.indexOf('#')
  return {
    written: text,
    scheme: /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '',
    url,
    shownHost: domainToUnicode(host) || host,
    domain,
    owner: ground.domain ?? host,
    below: host.length > domain.length ? host.slice(0, -domain.length - 1).split('.') : [],
    suffix: ground.publicSuffix ?? '',
    isIp,
    path: unescapePercent(url?.path ?? ''),
    query: unescapePercent(url?.query ?? ''),
    fragment: hash < 0 ? '' : unescapePercent(text.slice(hash + 1)),
    labels,
  }
}
