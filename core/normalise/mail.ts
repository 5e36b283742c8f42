import { addressParser } from 'postal-mime'
import { DateTime } from 'luxon'
import type { MailAddress } from '../model/message.ts'
import { decodeEncodedWords } from './encoded-words.ts'
import { instantOf } from './wall-clock.ts'

/** A crafted To header can hold millions of addresses; real ones hold at most some thousands. */
export const MAX_ADDRESSES = 10_000
/** Header text given to the address parser; beyond it the rest is not read. */
const MAX_ADDRESS_TEXT = 1_000_000

/**
 * A mail address as a key: `local@domain` in lower case, without angle brackets, `mailto:`, `smtp:` or a trailing dot.
 * @returns undefined when there is no `@` with something on both sides
 */
export function toAddressKey(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^(?:mailto|smtp|sip):/i, '')
    .replace(/^<|>$/g, '')
    .trim()
    .replace(/\.$/, '')
  const at = bare.lastIndexOf('@')
  if (at < 1 || at === bare.length - 1 || /[\s<>,;]/.test(bare)) return undefined
  return bare.toLowerCase()
}

/** All addresses of an address header, groups flattened, encoded words decoded; what is no address is left out. */
export function parseAddressList(text: string): MailAddress[] {
  const found: MailAddress[] = []
  for (const entry of addressParser(text.slice(0, MAX_ADDRESS_TEXT), { flatten: true })) {
    if (found.length >= MAX_ADDRESSES) break
    const address = toAddressKey(entry.address ?? '')
    if (address === undefined) continue
    const name = decodeEncodedWords(entry.name).trim()
    found.push(name === '' ? { address } : { address, name })
  }
  return found
}

/** A Message-ID without angle brackets, case kept; null when nothing is left. */
export function toMessageId(text: string | undefined): string | null {
  if (text === undefined) return null
  const inner = /<([^<>]+)>/.exec(text)?.[1] ?? text
  const bare = inner.replace(/\s+/g, '').replace(/^<|>$/g, '')
  return bare === '' ? null : bare
}

/** All ids of a References or In-Reply-To header, in order, each once. */
export function parseMessageIds(text: string): string[] {
  const ids = text.match(/<[^<>]+>/g) ?? text.split(/[\s,]+/)
  return [...new Set(ids.map((id) => toMessageId(id)).filter((id) => id !== null))]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Obsolete zone names (RFC 5322, 4.3), in minutes; military letters mean "unknown", that is UTC. */
const ZONE_NAMES = new Map<string, number>([
  ['ut', 0],
  ['utc', 0],
  ['gmt', 0],
  ['est', -300],
  ['edt', -240],
  ['cst', -360],
  ['cdt', -300],
  ['mst', -420],
  ['mdt', -360],
  ['pst', -480],
  ['pdt', -420],
  ['cet', 60],
  ['cest', 120],
  ['jst', 540],
  ['bst', 60],
  ['wet', 0],
  ['west', 60],
  ['eet', 120],
  ['eest', 180],
  ['msk', 180],
  ['hkt', 480],
  ['sgt', 480],
  ['kst', 540],
  ['aest', 600],
  ['aedt', 660],
  ['nzst', 720],
  ['nzdt', 780],
  ['brt', -180],
  ['akst', -540],
  ['akdt', -480],
  ['hst', -600],
])

export interface MailDate {
  /** Microseconds UTC. */
  readonly at: number
  /** The text had no zone: the given one was applied. */
  readonly zoneAssumed: boolean
}

/** A minute of one digit at the very end is a time cut short, not a time. */
const USUAL =
  /^(?:[^\s,\d]{2,12}\.?,? ?)?(\d{1,2})[ -]([a-z]{3})[a-z.]*[ -](\d{2,4}),? (\d{1,2})[:.](\d{2}|\d(?=[:. ]))(?:[:.](\d{1,2})(?:[.,](\d{1,6})\d*)?)?(?: ?([ap])m)?(?: ?((?:gmt|utc)?[+-]\d{2}:?\d{2}|[a-z]{1,5})(?![a-z0-9]))?/i
/** The order of C's asctime, with a zone before or after the year. */
const ASCTIME =
  /^(?:[a-z]{3,9},? )?([a-z]{3})[a-z]* (\d{1,2}),? (\d{1,2}:\d{2}(?::\d{2})?)( [a-z]{2,5}| [+-]\d{4})? (\d{4})( .*)?$/i

/**
 * Parses the date of a mail header (RFC 5322, 3.3 and the obsolete forms), weekday ignored; a comment counts when it is the
 * only thing that names a zone.
 * @param zone IANA zone for texts without one
 * @returns undefined when it is no date
 */
export function parseMailDate(text: string, zone: string): MailDate | undefined {
  const written = text.slice(0, 200).replace(/\s+/g, ' ').trim()
  const comment = /\(([a-z]{2,5})\)$/i.exec(written)?.[1]
  const plain = written
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(
      ASCTIME,
      (_, month: string, day: string, time: string, before = '', year: string, after = '') =>
        `${day} ${month} ${year} ${time}${before}${after}`,
    )
  const match = USUAL.exec(plain)
  if (match === null) return parseIsoDate(plain)
  const [
    ,
    day = '',
    monthName = '',
    yearText = '',
    hour = '',
    minute = '',
    second = '0',
    fraction = '',
    half,
    zoneText = comment,
  ] = match
  const month = MONTHS.indexOf(monthName.toLowerCase()) + 1
  if (month === 0) return undefined
  const short = Number(yearText)
  const year =
    yearText.length >= 4 ? short : yearText.length === 3 || short >= 50 ? 1900 + short : 2000 + short
  const offset = toOffset(zoneText)
  const parts = {
    year,
    month,
    day: Number(day),
    hour: half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0),
    minute: Number(minute),
    second: Math.min(Number(second), 59),
  }
  const wall = DateTime.fromObject(parts, { zone: 'utc' })
  if (!wall.isValid) return undefined
  const wallMs = wall.toMillis()
  const ms = offset === undefined ? instantOf(wallMs, zone).ms : wallMs - offset * 60_000
  return { at: ms * 1000 + Number(fraction.padEnd(6, '0')), zoneAssumed: offset === undefined }
}

/** Minutes east of UTC; undefined when the text says nothing. Unknown names count as UTC (RFC 5322, 4.3: "-0000"). */
function toOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const numeric = /^(?:gmt|utc)?([+-])(\d{2}):?(\d{2})$/i.exec(text)
  if (numeric === null) return ZONE_NAMES.get(text.toLowerCase()) ?? 0
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3])
  // no place on earth is further from UTC: the sender made it up
  if (minutes > MAX_OFFSET) return undefined
  return (numeric[1] === '-' ? -1 : 1) * minutes
}
const MAX_OFFSET = 14 * 60

/** Some senders write ISO 8601 into Date. */
function parseIsoDate(text: string): MailDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined
  const moment = DateTime.fromISO(text.replace(' ', 'T').replace(' ', ''), { zone: 'utc' })
  return moment.isValid ? { at: moment.toMillis() * 1000, zoneAssumed: false } : undefined
}
