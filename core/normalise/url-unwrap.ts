/**
 * Mail gateways rewrite links to their own checking service. Without undoing it the URLs of a mail never meet those that
 * endpoints and proxies saw (threat-investigation.md 4.4), so both forms are kept: the rewritten and the one behind it.
 */
import { MAX_URL_LENGTH } from './url.ts'

/** Gateways in a row rewrite each other's links; a crafted chain must not go on for ever. */
export const MAX_UNWRAPS = 8

interface Rewriter {
  readonly host: RegExp
  readonly path: RegExp
  /** The URL inside, undefined when it is not there after all. */
  readonly inner: (url: URL) => string | undefined
}

const parameter =
  (...names: readonly string[]) =>
  (url: URL): string | undefined =>
    names.map((name) => url.searchParams.get(name)).find((value) => value !== null && value !== '') ??
    undefined

const REWRITERS: readonly Rewriter[] = [
  {
    host: /(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us)$/,
    path: /^/,
    inner: parameter('url'),
  },
  { host: /(?:^|\.)urldefense\.(?:proofpoint\.)?com$/, path: /^\/v1\/url$/, inner: parameter('u') },
  {
    host: /(?:^|\.)urldefense\.(?:proofpoint\.)?com$/,
    path: /^\/v2\/url$/,
    inner: (url) => fromVersion2(parameter('u')(url)),
  },
  {
    host: /(?:^|\.)urldefense\.(?:com|us|proofpoint\.com)$/,
    path: /^\/v3\/__/,
    inner: (url) => fromVersion3(url.href),
  },
  { host: /\.trendmicro\.com$/, path: /^\/wis\/clicktime\/v\d+\/query$/, inner: parameter('url') },
  { host: /^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/, path: /^\/url$/, inner: parameter('q', 'url') },
  { host: /^linkprotect\.cudasvc\.com$/, path: /^\/url$/, inner: parameter('a') },
]

/** Version 2 writes `%` as `-` and `/` as `_`. */
function fromVersion2(coded: string | undefined): string | undefined {
  return coded === undefined ? undefined : decodeEscapes(coded.replaceAll('-', '%').replaceAll('_', '/'))
}

/** `decodeURIComponent` that answers undefined for broken escapes. */
function decodeEscapes(text: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(text)
    ? undefined
    : Buffer.from(unescapeBytes(text), 'latin1').toString('utf8')
}
const unescapeBytes = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Version 3: `/v3/__URL__;CHARS!!signature`. Each `*` of URL stands for the next character of base64url CHARS, `**X` for a
 * run of them: `A` is 2, `B` is 3 and so on.
 */
function fromVersion3(href: string): string | undefined {
  const match = /\/v3\/__(.+?)__;([A-Za-z0-9_-]*=*)!/s.exec(href)
  if (match === null) return undefined
  const [, pattern = '', coded = ''] = match
  const replaced = [...Buffer.from(coded, 'base64url').toString('utf8')]
  let next = 0
  const url = pattern.replace(/\*(?:\*([A-Za-z0-9_-]))?/g, (star, run: string | undefined) => {
    const count = run === undefined ? 1 : RUN_LENGTHS.indexOf(run) + 2
    const characters = replaced.slice(next, next + count)
    next += count
    return characters.length === 0 ? star : characters.join('')
  })
  return url.replace(/^([a-z][a-z0-9+.-]*:\/)(?!\/)/i, '$1/')
}

/** One step: the URL inside a rewritten one, undefined when `text` is not rewritten. */
function unwrapOnce(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  for (const rewriter of REWRITERS) {
    if (!rewriter.host.test(url.hostname) || !rewriter.path.test(url.pathname)) continue
    const inner = URL.parse(rewriter.inner(url)?.trim() ?? '')
    if (inner !== null && /^(?:https?|ftp):$/.test(inner.protocol) && inner.hostname !== '') return inner.href
  }
  return undefined
}

/**
 * Undoes link rewriting, also several layers of it.
 * @returns the URL the reader would reach, or undefined when `text` is not a rewritten link
 */
export function unwrapUrl(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return undefined
  let found: string | undefined
  for (let step = 0; step < MAX_UNWRAPS; step++) {
    const inner = unwrapOnce(found ?? text)
    if (inner === undefined) break
    found = inner
  }
  return found
}
