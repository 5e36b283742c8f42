import { parseIso } from '../../store/time.ts'
import { toPattern } from '../pattern.ts'
import { levelOf, type PackEntryUnit, type PackReadOptions } from './pack-reader.ts'

/** A page somebody checked is known to be fraudulent (W7); one that waits to be checked may be (W8). */
export const PHISHTANK_LEVELS = { verified: 'dangerous', '*': 'highly-suspicious' } as const

/** One entry of PhishTank (formats.md D1); undefined when its URL or time cannot be read. */
export function toPhishtankEntry(
  text: (name: string) => string,
  options: PackReadOptions,
): PackEntryUnit | undefined {
  const url = text('url')
  const pattern = url.includes('://') ? toPattern('exact', url) : undefined
  if (pattern === undefined) return undefined
  const target = text('target')
  return {
    kind: 'entry',
    pattern,
    text: url,
    level: levelOf(
      options,
      PHISHTANK_LEVELS,
      text('verified').toLowerCase() === 'yes' ? 'verified' : 'unverified',
    ),
    category: 'phishing',
    firstSeenAt: parseIso(text('submission_time')),
    note: target === '' ? undefined : target,
  }
}

/** The feed is as new as its newest entry. */
export const newer = (before: number | undefined, at: number | undefined): number | undefined =>
  at === undefined || (before !== undefined && before >= at) ? before : at
