import type { RiskLevel } from '../../model/verdict.ts'
import { parseHeaderDate } from './header-date.ts'
import { toIndicatorPattern, type IndicatorKind } from './indicator.ts'
import { levelOf, type PackEntryUnit, type PackReadOptions } from './pack-reader.ts'

/** What the threat types of ThreatFox mean (W7-W9). */
export const THREATFOX_LEVELS: Readonly<Record<string, RiskLevel>> = {
  botnet_cc: 'dangerous',
  payload_delivery: 'dangerous',
  payload: 'dangerous',
  '*': 'highly-suspicious',
}

const KINDS: Readonly<Record<string, IndicatorKind>> = {
  url: 'url',
  domain: 'domain',
  'ip:port': 'ip:port',
  ip: 'ip',
}

/** Types that are no addresses (hashes): nothing a URL is judged by, and no mistake either. */
export const isOtherThreatfoxType = (type: string): boolean => /_hash$|^(?:email|envelope)/.test(type)

/** One entry of ThreatFox (formats.md D1); undefined when its value cannot be read. */
export function toThreatfoxEntry(
  text: (name: string) => string,
  options: PackReadOptions,
): PackEntryUnit | undefined {
  const value = text('ioc_value')
  const kind = KINDS[text('ioc_type').toLowerCase()]
  const pattern = kind && toIndicatorPattern(kind, value)
  if (pattern === undefined) return undefined
  const threat = text('threat_type')
  const note = [text('malware_printable') || text('malware'), text('tags')]
    .filter((part) => part !== '')
    .join('; ')
  return {
    kind: 'entry',
    pattern,
    text: value,
    level: levelOf(options, THREATFOX_LEVELS, threat),
    category: threat === '' ? undefined : threat,
    firstSeenAt: parseHeaderDate(text('first_seen_utc') || text('first_seen')),
    note: note === '' ? undefined : note,
  }
}
