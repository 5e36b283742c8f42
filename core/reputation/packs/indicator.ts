import { refang } from '../../normalise/defang.ts'
import { type Pattern, toPattern } from '../pattern.ts'

/** What an indicator of a feed names, as far as a URL can be judged by it. */
export type IndicatorKind = 'url' | 'domain' | 'hostname' | 'ip' | 'ip:port'

/**
 * The pattern an indicator means (W2: no more than it says): a URL its page, a domain the name and all below, a host or
 * address that host, with its port where one is given.
 */
export function toIndicatorPattern(kind: IndicatorKind, value: string): Pattern | undefined {
  const text = refang(value.trim())
  if (text === '' || /\s/.test(text)) return undefined
  if (kind === 'url') return toPattern('exact', text)
  if (/[/?*]/.test(text.replace(/^\*\./, ''))) return undefined
  if (kind === 'domain') return toPattern('domain', text)
  const isIpv6 = kind !== 'ip:port' && text.split(':').length > 2 && !text.startsWith('[')
  return toPattern('host', isIpv6 ? `[${text}]` : text)
}
