import type { PatternScope } from '../../model/verdict.ts'
import { refang } from '../../normalise/defang.ts'
import { toPattern, type Pattern } from '../pattern.ts'

/** Names that stand in every hosts file and mean the machine itself, never a danger. */
const HOSTS_FILE_OWN = new Set([
  'localhost', 'localhost.localdomain', 'local', 'broadcasthost', 'ip6-localhost', 'ip6-loopback', 'ip6-localnet',
  'ip6-mcastprefix', 'ip6-allnodes', 'ip6-allrouters', 'ip6-allhosts', '0.0.0.0', '127.0.0.1', '255.255.255.255', '::1',
]) // prettier-ignore

/** What a line of a plain list is. */
export type PlainLine =
  | {
      readonly kind: 'patterns'
      readonly patterns: readonly { readonly pattern: Pattern; readonly text: string }[]
      /** The list takes these out of what it blocks (`@@`). */
      readonly isException?: true
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'broken' }

const NOTHING: PlainLine = { kind: 'nothing' }
const BROKEN: PlainLine = { kind: 'broken' }

const one = (scope: PatternScope, text: string, shown: string): PlainLine => {
  const pattern = toPattern(scope, text)
  return pattern === undefined ? BROKEN : { kind: 'patterns', patterns: [{ pattern, text: shown }] }
}

/** Is the line a remark (or empty)? `#`, `!`, `;` and `//` at its beginning, `[Adblock Plus 2.0]` and the like. */
export const isRemark = (line: string): boolean => /^\s*(?:$|[#!;]|\/\/|\[Ad[A-Za-z .0-9]*\]\s*$)/.test(line)

/**
 * Reads one line of a plain list. The scope follows from how it is written (W2: a rating belongs to a page, not a site):
 * - a URL: that page (`exact`); `host/path/*`: the path and below (`path`)
 * - a bare host or address, with or without port: that host (`host`); also the names of a hosts-file line
 * - `*.example.com` or `.example.com`: the name and everything below (`domain`)
 * - `||example.com^` (ad-block style): `domain`; `||example.com/path^`: `path`; options after `$` are ignored;
 *   `@@||example.com^` is an exception of the list: the same scopes, marked
 */
export function readPlainLine(line: string): PlainLine {
  if (isRemark(line)) return NOTHING
  const text = refang(line.trim().replace(/\s+#.*$/, ''))
  if (text.startsWith('||')) return readAdBlock(text)
  if (text.startsWith('@@||')) return exception(readAdBlock(text.slice(2)), text)
  const hosts =
    /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?|fe80::1%lo0|255\.255\.255\.255|ff0[0-2]::\d?)\s+(\S.*)$/.exec(text)
  if (hosts !== null) return readHostsLine(hosts[1] ?? '')
  if (/\s/.test(text)) return BROKEN
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return readUrl(text)
  if (/^(?:\*\.|\.)[^*/]+$/.test(text)) return one('domain', text, text)
  if (/^[^*/?]+\/[^*?]*\/?\*$/.test(text)) return one('path', text.replace(/\*$/, ''), text)
  if (text.includes('*') || /^@@|##|^\//.test(text)) return BROKEN
  if (/\/\d{1,3}$/.test(text) && /^[\d.:a-f]+\/\d{1,3}$/i.test(text)) return BROKEN
  if (isIpv6(text)) return one('host', `[${text}]`, text)
  return one(/[/?]/.test(text) ? 'exact' : 'host', text, text)
}

function readUrl(text: string): PlainLine {
  if (!text.includes('*')) return one('exact', text, text)
  return /^[^*?]+\/\*$/.test(text) ? one('path', text.slice(0, -1), text) : BROKEN
}

function readAdBlock(text: string): PlainLine {
  const bare = text.slice(2).replace(/\$[^/]*$/, '').replace(/[\^|]+$/, '') // prettier-ignore
  if (bare === '' || /[*|^]/.test(bare)) return BROKEN
  return one(bare.includes('/') ? 'path' : 'domain', bare, text)
}

/** The same patterns, shown as the list writes them. */
const exception = (line: PlainLine, shown: string): PlainLine =>
  line.kind === 'patterns'
    ? {
        kind: 'patterns',
        patterns: line.patterns.map(({ pattern }) => ({ pattern, text: shown })),
        isException: true,
      }
    : line

function readHostsLine(names: string): PlainLine {
  const patterns: { pattern: Pattern; text: string }[] = []
  let isBroken = false
  for (const name of names.split(/\s+/)) {
    if (HOSTS_FILE_OWN.has(name.toLowerCase())) continue
    const pattern = /[/*?]/.test(name) ? undefined : toPattern('host', name)
    if (pattern === undefined) isBroken = true
    else patterns.push({ pattern, text: name })
  }
  if (patterns.length > 0) return { kind: 'patterns', patterns }
  return isBroken ? BROKEN : NOTHING
}

const isIpv6 = (text: string): boolean => /^[0-9a-f:.]+$/i.test(text) && text.split(':').length > 2
