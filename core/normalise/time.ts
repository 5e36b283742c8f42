import type { DateOrder } from '../model/date-order.ts'
import { type LocaleParts, readLocaleTime } from './locale-time.ts'
import { type ClockChange, instantOf } from './wall-clock.ts'

/** A parsed time: microseconds UTC, and whether a zone had to be assumed because the text had none. */
export interface ParsedTime {
  readonly us: number
  readonly zoneAssumed: boolean
  /** Set when the zone has no such time, or has it twice (`wall-clock.ts` says which instant it is then). */
  readonly change?: ClockChange
}

/** Microseconds of a day. */
export const US_PER_DAY = 86_400_000_000
/** Times outside 1980..2200 are garbage in logs (zero FILETIME, epoch 0, swapped units) and not shown as times. */
const EARLIEST_US = Date.UTC(1980, 0, 1) * 1000
const LATEST_US = Date.UTC(2200, 0, 1) * 1000

/** The value if it is a plausible log time. */
export function plausibleUs(us: number): number | undefined {
  return us >= EARLIEST_US && us < LATEST_US ? us : undefined
}

const FILETIME_EPOCH = 116_444_736_000_000_000n

/** FILETIME ticks (100 ns since 1601 UTC) to microseconds; 0 and the maximum mean "never" (formats.md section 0). */
export function filetimeTicksToUs(ticks: bigint): number | undefined {
  return plausibleUs(Number((ticks - FILETIME_EPOCH) / 10n))
}

/** Epoch number of unknown unit, told by its size: seconds, milliseconds, microseconds, nanoseconds or FILETIME. */
export function epochToUs(value: number): number | undefined {
  const size = Math.abs(value)
  if (size < 1e11) return plausibleUs(Math.round(value * 1e6))
  if (size < 1e14) return plausibleUs(Math.round(value * 1e3))
  if (size < 1e16) return plausibleUs(Math.round(value))
  if (size < 3e17) return filetimeTicksToUs(BigInt(Math.trunc(value)))
  return plausibleUs(Math.round(value / 1e3))
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d{4})?$/
const DOT_NET = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/
const EPOCH = /^-?\d{9,19}(?:\.\d{1,9})?$/

/**
 * Parses the time texts of logs: ISO 8601 (`T` or blank, up to nine decimals), GeneralizedTime, `/Date(ms)/`, epoch
 * numbers, and what people and spreadsheets write (`4 Mar 2025 5:06 PM`). A text without zone is read in `zone` (IANA) and
 * marked, see `wall-clock.ts` for hours in which clocks are changed; `3/4/2025` is refused unless `order` says which number
 * is the day (formats.md section 0), and with an order said `4/13/2025` is refused where the day comes first.
 */
export function parseTime(
  text: string,
  zone: string,
  order: DateOrder | null = null,
): ParsedTime | undefined {
  const trimmed = text.trim()
  const plain = readPlainIso(trimmed)
  if (plain !== undefined) return fromCalendar(plain, zone)
  const match = ISO.exec(trimmed) ?? GENERALIZED.exec(trimmed)
  if (match !== null) return fromParts(match, zone)
  const dotNet = DOT_NET.exec(trimmed)?.[1]
  const us =
    dotNet !== undefined
      ? plausibleUs(Number(dotNet) * 1000)
      : EPOCH.test(trimmed)
        ? epochTextToUs(trimmed)
        : undefined
  if (us !== undefined) return { us, zoneAssumed: false }
  const locale =
    /^[A-Za-z0-9]/.test(trimmed) && trimmed.length <= 60 ? readLocaleTime(trimmed, order) : undefined
  return locale === undefined ? undefined : fromCalendar(locale, zone)
}

/** What {@link parseTime} makes of a time in the usual form (`2025-03-04T05:06:07.123Z`, also without `Z`); undefined for any other text. */
export function parsePlainTime(text: string, zone: string): ParsedTime | undefined {
  const plain = readPlainIso(text)
  return plain === undefined ? undefined : fromCalendar(plain, zone)
}

/**
 * `2025-03-04T05:06:07`, with decimals and a `Z` or without: what nearly every log writes, read without a regular
 * expression because it is read several times per record. Undefined for everything else, ISO 8601 or not.
 */
function readPlainIso(text: string): LocaleParts | undefined {
  const between = text.charCodeAt(10)
  if (text.length < 19 || (between !== 0x54 && between !== 0x20)) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return undefined
  const hasZone = text.endsWith('Z')
  const end = hasZone ? text.length - 1 : text.length
  if (end > 29 || end === 20 || (end > 19 && text[19] !== '.')) return undefined
  for (let at = 20; at < end; at++) if (!isDigit(text.charCodeAt(at))) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (Number.isNaN(year + month + day + hour + minute + second)) return undefined
  const fraction = end > 20 ? text.slice(20, end) : ''
  return { year, month, day, hour, minute, second, fraction, offset: hasZone ? 'Z' : undefined }
}
const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + ones - 0x30 : NaN
}

function epochTextToUs(text: string): number | undefined {
  const digits = text.replace(/\..*$/, '')
  if (digits.length === 18) return filetimeTicksToUs(BigInt(digits))
  if (digits.length === 19) return plausibleUs(Number(BigInt(digits) / 1000n))
  return epochToUs(Number(text))
}

function fromParts(match: RegExpExecArray, zone: string): ParsedTime | undefined {
  const part = (index: number): number => Number(match[index] ?? '0')
  return fromCalendar(
    {
      year: part(1),
      month: part(2),
      day: part(3),
      hour: part(4),
      minute: part(5),
      second: part(6),
      fraction: match[7] ?? '',
      offset: match[8],
    },
    zone,
  )
}

/** Applies the zone; undefined for a day or hour that does not exist. */
function fromCalendar(
  { year, month, day, hour, minute, second, fraction, offset }: LocaleParts,
  zone: string,
): ParsedTime | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined
  if (day > 28 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined
  const ms = dayMs(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000
  const local = ms * 1000 + (fraction === '' ? 0 : microseconds(fraction))
  if (offset !== undefined) {
    const us = plausibleUs(local - offsetUs(offset))
    return us === undefined ? undefined : { us, zoneAssumed: false }
  }
  const instant = instantOf(ms, zone)
  const us = plausibleUs(local + (instant.ms - ms) * 1000)
  if (us === undefined) return undefined
  return instant.change === undefined
    ? { us, zoneAssumed: true }
    : { us, zoneAssumed: true, change: instant.change }
}

/** The first six digits behind the point. */
const microseconds = (fraction: string): number =>
  fraction.length === 6 ? Number(fraction) : Number(fraction.padEnd(6, '0').slice(0, 6))

let knownDay = NaN
let knownDayMs = 0
/** Milliseconds of midnight; the last day is remembered, because the times of a log lie close together. */
function dayMs(year: number, month: number, day: number): number {
  const wanted = (year * 100 + month) * 100 + day
  if (wanted !== knownDay) {
    knownDay = wanted
    knownDayMs = Date.UTC(year, month - 1, day)
  }
  return knownDayMs
}

function offsetUs(offset: string): number {
  if (offset === 'Z') return 0
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(offset)
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0')
  return (match[1] === '-' ? -minutes : minutes) * 60_000_000
}

/** Microseconds UTC as ISO 8601 with six decimals and `Z`. */
export function toIsoTime(us: number): string {
  const days = Math.floor(us / US_PER_DAY)
  const rest = us - days * US_PER_DAY
  const micros = rest % 1_000_000
  const iso = new Date(days * 86_400_000 + Math.floor(rest / 1_000_000) * 1000).toISOString()
  return `${iso.slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}
