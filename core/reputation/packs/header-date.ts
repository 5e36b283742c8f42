import { parseMailDate } from '../../normalise/mail.ts'
import { parseIso } from '../../store/time.ts'

/**
 * The time of a list as its header writes it: ISO 8601, `2026-03-01 09:30:00 UTC`, `1 Mar 2026 09:30 UTC`, or mail style.
 * Feeds write UTC; a text without a zone is read as UTC.
 * @returns microseconds UTC, undefined when it is no date
 */
export function parseHeaderDate(text: string): number | undefined {
  const trimmed = text.trim().replace(/\s*\(?(?:UTC|GMT)\)?$/i, '')
  const iso = parseIso(trimmed.replace(/^(\d{4}-\d\d-\d\d) (?=\d\d:)/, '$1T'))
  return iso ?? parseMailDate(trimmed, 'UTC')?.at
}
