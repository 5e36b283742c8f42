/**
 * What the receiving server found out about the sender: Authentication-Results (RFC 8601). Only the fields of the server that
 * took the mail in count: the sender can write any number of them below.
 */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

export type AuthenticationMethod = 'spf' | 'dkim' | 'dmarc' | 'arc' | 'compauth'
const METHODS: readonly AuthenticationMethod[] = ['spf', 'dkim', 'dmarc', 'arc', 'compauth']

export interface MethodResult {
  readonly method: AuthenticationMethod
  /** Lower case: `pass`, `fail`, `softfail`, `none`, ... */
  readonly result: string
  /** Domain or address it was checked for: `smtp.mailfrom`, `header.d`, `header.from`. */
  readonly about: string | null
}

export interface TrustedResults {
  /** Server that wrote them (authserv-id); null when it did not say, as Exchange Online. */
  readonly server: string | null
  readonly results: readonly MethodResult[]
  /** Fields that were left out because another server, or the sender, wrote them. */
  readonly untrusted: number
}

/** Results that a method can have (RFC 8601, 2.7); `bestguesspass` is what Exchange Online writes for a missing record. */
const RESULTS: ReadonlySet<string> = new Set(
  (
    'pass fail softfail neutral none temperror permerror policy hardfail bestguesspass nxdomain error unknown timeout ' +
    'softpass'
  ).split(' '),
)
/** One field may hold thousands of results; a real one has some dozens. */
const MAX_VALUE = 16_384

/** Quoted strings and comments are the sender's words: `smtp.mailfrom="x; dmarc=pass"@evil.example`. */
const withoutQuotes = (value: string): string =>
  value
    .slice(0, MAX_VALUE)
    .replace(/"(?:[^"\\]|\\.)*"?/g, '""')
    .replace(/\([^()]*\)/g, ' ')

/** Name of the server at the beginning of the field, with or without a version. */
function serverOf(value: string): string | null {
  const id = /^\s*(?:i\s*=\s*\d+\s*;\s*)?([a-z0-9._-]+)(?:\s+\d+)?\s*(?:;|$)/i.exec(withoutQuotes(value))?.[1]
  return id?.toLowerCase() ?? null
}

/**
 * The results of the newest server. Its fields are the topmost one and those that follow with the same server name before the
 * next Received field. Without any, the sealed results of the last forwarder stand in (ARC-Authentication-Results).
 * @param headers in order, newest first
 */
export function readTrustedResults(headers: readonly HeaderField[]): TrustedResults {
  const named = (wanted: string): HeaderField[] =>
    headers.filter((field) => field.name.toLowerCase() === wanted)
  const all = named('authentication-results')
  const first = all[0] ?? named('arc-authentication-results')[0]
  if (first === undefined) return { server: null, results: [], untrusted: 0 }
  const server = serverOf(first.value)
  const trusted = [first]
  for (const field of headers.slice(headers.indexOf(first) + 1)) {
    const name = field.name.toLowerCase()
    if (name === 'received') break
    if (name === first.name.toLowerCase() && serverOf(field.value) === server) trusted.push(field)
  }
  const results = trusted.flatMap((field) => readResults(field.value))
  return { server, results, untrusted: Math.max(0, all.length - trusted.length) }
}

function readResults(value: string): MethodResult[] {
  const found: MethodResult[] = []
  for (const part of withoutQuotes(value).split(';')) {
    const match = /^\s*([a-z]+)(?:\/\d+)?\s*=\s*([a-z]+)/i.exec(part)
    const method = METHODS.find((candidate) => candidate === match?.[1]?.toLowerCase())
    const result = match?.[2]?.toLowerCase() ?? ''
    if (method === undefined || !RESULTS.has(result)) continue
    const about = /(?:smtp\.mailfrom|header\.d|header\.i|header\.from|smtp\.helo)\s*=\s*([^\s;]+)/i.exec(
      part,
    )?.[1]
    found.push({ method, result, about: about?.toLowerCase().replace(/^@/, '') ?? null })
  }
  return found
}

/** The result that counts: of several signatures one that passes is enough (RFC 6376, 6.1). */
export function resultOf(results: readonly MethodResult[], method: AuthenticationMethod): string | undefined {
  const own = results.filter((result) => result.method === method).map((result) => result.result)
  return own.find((result) => result === 'pass') ?? own[0]
}

/** Result of a Received-SPF field (RFC 7208, 9.1), where no Authentication-Results names SPF. */
export function spfOf(value: string | undefined): string | undefined {
  const result = /^\s*(\w+)/.exec(value ?? '')?.[1]?.toLowerCase()
  return result !== undefined && RESULTS.has(result) ? result : undefined
}
