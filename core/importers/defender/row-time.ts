import { type ParsedTime, parsePlainTime, parseTime } from '../../normalise/time.ts'
import { remember } from '../remember.ts'
import type { TimeReading } from './row.ts'

export type RowTime = ParsedTime

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** `May 6, 2031 7:08:09.123 AM`, as the portal shows times and exports them. */
const PORTAL =
  /^([a-z]{3})[a-z]*\.? (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:\s?([ap])\.?m\.?)?$/i

/**
 * A time of a hunting table: ISO 8601 with up to seven decimals, or what the portal's CSV makes of it. Without a zone it
 * is UTC where an API says so by documentation, else the zone of the import.
 */
export function parseRowTime(text: string, times: TimeReading): RowTime | undefined {
  // Read faster than remembered.
  const plain = parsePlainTime(text, zoneOf(times))
  if (plain !== undefined) return asDocumented(plain, times)
  let read = remembered.get(times)
  if (read === undefined) remembered.set(times, (read = remember((written) => parseText(written, times))))
  return read(text)
}
/** Rows of one process repeat when it and its parent began. */
const remembered = new WeakMap<TimeReading, (text: string) => RowTime | undefined>()

function parseText(text: string, times: TimeReading): RowTime | undefined {
  const written = text.trim().replace(/[\u00a0\u202f]/g, ' ')
  const time = parseTime(
    portalToIso(written) ?? written.replace(/^(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}), /, '$1 '),
    zoneOf(times),
    times.dateOrder,
  )
  return time === undefined ? undefined : asDocumented(time, times)
}

const zoneOf = (times: TimeReading) => (times.isDocumentedUtc ? 'UTC' : times.zone)
const asDocumented = (time: RowTime, times: TimeReading): RowTime =>
  times.isDocumentedUtc && time.zoneAssumed ? { us: time.us, zoneAssumed: false } : time

function portalToIso(text: string): string | undefined {
  const match = PORTAL.exec(text)
  if (match === null) return undefined
  const [, name = '', day = '', year = '', hourText = '', minute = '', second = '00', fraction, half] = match
  const month = MONTHS.indexOf(name.toLowerCase()) + 1
  let hour = Number(hourText)
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (month === 0) return undefined
  const two = (number: number | string): string => String(number).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`
}
