/**
 * Who writes one address into another: mail gateways that check at the time of the click, and redirectors of large sites that
 * kits hide behind. Hosts and parameters are those the products document or write into mail (threat-investigation.md 4.4).
 */
interface Rewriter {
  readonly host: RegExp
  readonly path: RegExp
  /** The URL inside as text, undefined when it is not there after all. */
  readonly inner: (url: URL) => string | undefined
}

const parameter =
  (...names: readonly string[]) =>
  (url: URL): string | undefined =>
    names.map((name) => url.searchParams.get(name)).find((value) => value !== null && value !== '') ??
    undefined

/** A web address in base64, with or without the URL alphabet. */
function fromBase64(text: string | undefined): string | undefined {
  // a `+` of plain base64 arrives as a space
  const inner = text === undefined ? '' : Buffer.from(text.replaceAll(' ', '+'), 'base64').toString('utf8')
  return /^https?:\/\//i.test(inner) ? inner : undefined
}

/** `decodeURIComponent` that answers undefined for broken escapes. */
export function decodeEscapes(text: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(text)
    ? undefined
    : Buffer.from(unescapeBytes(text), 'latin1').toString('utf8')
}
const unescapeBytes = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Proofpoint version 2 writes `%` as `-` and `/` as `_`. */
function fromVersion2(coded: string | undefined): string | undefined {
  return coded === undefined ? undefined : decodeEscapes(coded.replaceAll('-', '%').replaceAll('_', '/'))
}

const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Proofpoint version 3: `/v3/__URL__;CHARS!!signature`. Each `*` of URL stands for the next character of base64url CHARS, `**X`
 * for a run of them: `A` is 2, `B` is 3 and so on.
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

/** Mimecast keeps the address on its servers; the link tells the domain alone, and so do we. */
function fromMimecast(url: URL): string | undefined {
  const whole = parameter('u', 'url')(url)
  if (whole !== undefined) return whole
  const domain = url.searchParams.get('domain') ?? ''
  return /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\.[a-z0-9-]{2,}$/i.test(domain)
    ? `https://${domain}/`
    : undefined
}

const anyPath = /^/

/** Where the address stands in the path of any host: gateways that answer under the name of the customer. */
const FORTINET_PATH = /^\/fmlurlsvc\/?$/

const REWRITERS: readonly Rewriter[] = [
  // Microsoft Safe Links, its page for Teams, and the proxy of Defender for Cloud Apps
  {
    host: /(?:^|\.)safelinks\.protection\.(?:outlook\.(?:com|cn)|partner\.outlook\.cn|office365\.us)$/,
    path: anyPath,
    inner: parameter('url'),
  },
  { host: /^statics\.teams\.cdn\.office\.net$/, path: /safelinks/, inner: parameter('url') },
  {
    host: /\.[a-z]{2,}\.(?:mcas|mcas-gov|cas)\.ms$/,
    path: anyPath,
    inner: (url) => url.href.replace(/^(https?:\/\/[^/?#]+)\.(?:mcas|mcas-gov|cas)\.ms(?=[:/?#]|$)/, '$1'),
  },
  // Proofpoint
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
  // the vendor's time-of-click protection
  { host: /\.trendmicro\.(?:com|eu)$/, path: /^\/wis\/clicktime\/v\d+\/query$/, inner: parameter('url') },
  // Mimecast
  { host: /(?:^|\.)mimecast(?:protect)?\.com$/, path: /^\/(?:s|r|redirect)(?:\/|$)/, inner: fromMimecast },
  // Barracuda
  { host: /^linkprotect\.cudasvc\.com$/, path: /^\/url$/, inner: parameter('a') },
  // Cisco: the address is the last piece of the path, escaped
  {
    host: /^secure-web\.cisco\.com$/,
    path: /^\/[^/]+\/./,
    inner: (url) => decodeEscapes(url.pathname.replace(/^\/[^/]+\//, '')),
  },
  // Sophos
  { host: /\.protection\.sophos\.com$/, path: anyPath, inner: (url) => fromBase64(parameter('u')(url)) },
  // FireEye and Trellix, Symantec, Zix, Vade
  { host: /^protect\d?\.fireeye\.com$|\.fireeyecloud\.com$/, path: /url$/, inner: parameter('u') },
  { host: /^clicktime\.symantec\.com$/, path: anyPath, inner: parameter('u') },
  { host: /^link\.zixcentral\.com$/, path: anyPath, inner: parameter('u') },
  { host: /\.vadesecure\.com$/, path: anyPath, inner: parameter('u') },
  // Fortinet
  { host: anyPath, path: FORTINET_PATH, inner: parameter('url') },
  // Check Point (Avanan): between three low lines
  {
    host: /^url\.avanan\.click$|\.checkpoint\.com$/,
    path: /^\/v\d+\/.*___/,
    inner: (url) => /___(https?:\/\/?.+?)___/is.exec(url.href)?.[1]?.replace(/^(https?:\/)(?!\/)/i, '$1/'),
  },
  // click counting of mail services: Amazon SES, Postmark
  {
    host: /\.awstrack\.me$/,
    path: /^\/L\d\/./,
    inner: (url) => decodeEscapes(url.pathname.split('/', 3)[2] ?? ''),
  },
  {
    host: /^track\.pstmrk\.it$/,
    path: /^\/3?s\/./,
    inner: (url) => `https://${decodeEscapes(url.pathname.split('/', 3)[2] ?? '') ?? ''}`,
  },
  // redirectors of large sites
  { host: /^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/, path: /^\/url$/, inner: parameter('q', 'url') },
  {
    host: /^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/,
    path: /^\/amp\/s?\/?./,
    inner: (url) => `https://${url.pathname.replace(/^\/amp\/(?:s\/)?/, '')}${url.search}`,
  },
  {
    host: /(?:^|\.)(?:googleadservices\.com|doubleclick\.net|google\.com)$/,
    path: /\/(?:aclk|click|clk)\b/,
    inner: parameter('adurl'),
  },
  { host: /^(?:www\.)?youtube\.com$/, path: /^\/redirect$/, inner: parameter('q') },
  { host: /^lm?\.(?:facebook|instagram)\.com$/, path: anyPath, inner: parameter('u') },
  { host: /^(?:www\.)?linkedin\.com$/, path: /^\/(?:redir|safety)\//, inner: parameter('url') },
  { host: /^slack-redir\.net$/, path: /^\/link$/, inner: parameter('url') },
  {
    host: /^(?:www\.)?bing\.com$/,
    path: /^\/ck\/a$/,
    inner: (url) => fromBase64(parameter('u')(url)?.replace(/^a1/, '')),
  },
]

/** One look instead of thirty: nearly every link of nearly every mail is none of these. */
const ANY_HOST = new RegExp(
  REWRITERS.filter((rewriter) => rewriter.host !== anyPath)
    .map((rewriter) => `(?:${rewriter.host.source})`)
    .join('|'),
)

/** Those that may have rewritten this URL. */
export function findRewriters(url: URL): readonly Rewriter[] {
  if (!ANY_HOST.test(url.hostname) && !FORTINET_PATH.test(url.pathname)) return []
  return REWRITERS.filter((rewriter) => rewriter.host.test(url.hostname) && rewriter.path.test(url.pathname))
}
