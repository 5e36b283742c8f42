import type { MailHeader, MessageItem } from '../../model/message.ts'
import { listHeader } from './headers.ts'

type Authentication = MessageItem['authentication']
const METHODS = ['spf', 'dkim', 'dmarc'] as const

/** Results that a method can have (RFC 8601, 2.7); `bestguesspass` is what Exchange Online writes for a missing record. */
const RESULTS: ReadonlySet<string> = new Set([
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'temperror',
  'permerror',
  'policy',
  'hardfail',
  'bestguesspass',
  'nxdomain',
  'error',
  'unknown',
  'timeout',
])

/**
 * SPF, DKIM and DMARC results in lower case. The newest (topmost) Authentication-Results that names a method decides: older
 * ones can be forged by the sender. Received-SPF fills in for SPF.
 */
export function readAuthentication(headers: readonly MailHeader[]): Authentication {
  const found: { spf?: string; dkim?: string; dmarc?: string } = {}
  const values = listHeader(headers, 'Authentication-Results')
  for (const value of values.length > 0 ? values : listHeader(headers, 'ARC-Authentication-Results')) {
    // a domain can have several DKIM signatures: one that passes is enough (RFC 6376, 6.1)
    for (const method of METHODS) {
      const result = bestResult(value, method)
      if (result !== undefined) found[method] ??= result
    }
  }
  const spf = /^\s*(\w+)/.exec(listHeader(headers, 'Received-SPF')[0] ?? '')?.[1]?.toLowerCase()
  if (spf !== undefined && RESULTS.has(spf)) found.spf ??= spf
  return found
}

function bestResult(value: string, method: string): string | undefined {
  const results = [...value.matchAll(new RegExp(`(?:^|[\\s;])${method}\\s*=\\s*([a-z]+)`, 'gi'))]
    .map((match) => (match[1] ?? '').toLowerCase())
    .filter((result) => RESULTS.has(result))
  return results.find((result) => result === 'pass') ?? results[0]
}
