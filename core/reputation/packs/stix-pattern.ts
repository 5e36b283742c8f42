import type { IndicatorKind } from './indicator.ts'

/** An address that a STIX pattern asks for. */
export interface StixAddress {
  readonly kind: IndicatorKind
  readonly value: string
}

const KINDS: Readonly<Record<string, IndicatorKind>> = {
  'url:value': 'url',
  'domain-name:value': 'domain',
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
}
const COMPARISON =
  /([a-z0-9-]+:[a-z0-9_.'-]+)\s*(NOT\s+)?(=|!=|IN|LIKE|MATCHES|ISSUBSET|ISSUPERSET|<=|>=|<|>)\s*(\((?:[^)'\\]|'(?:[^'\\]|\\.)*')*\)|'(?:[^'\\]|\\.)*')/gi
/** A pattern can be megabytes; a list of addresses is not. */
const MAX_PATTERN = 65_536

/**
 * Addresses any one of which fulfils a STIX pattern (formats.md D3): `=` and `IN` on url, domain-name and ip values that are
 * joined by OR only.
 * @returns undefined when the pattern asks for more than one thing at a time, negates, or compares in another way: it is not
 *   evaluated, and counted as rejected
 */
export function stixAddresses(pattern: string): StixAddress[] | undefined {
  if (pattern.length > MAX_PATTERN) return undefined
  const bare = pattern.replace(/'(?:[^'\\]|\\.)*'/g, "''")
  if (/\b(?:AND|NOT|FOLLOWEDBY|WITHIN|REPEATS|START|EXISTS)\b/i.test(bare)) return undefined
  const found: StixAddress[] = []
  for (const [, path = '', not, operator = '', literal = ''] of pattern.matchAll(COMPARISON)) {
    const kind = KINDS[path.toLowerCase()]
    if (not !== undefined || kind === undefined || !/^(?:=|IN)$/i.test(operator)) return undefined
    for (const [, text = ''] of literal.matchAll(/'((?:[^'\\]|\\.)*)'/g))
      found.push({ kind, value: text.replace(/\\(.)/g, '$1') })
  }
  return found.length === 0 ? undefined : found
}
