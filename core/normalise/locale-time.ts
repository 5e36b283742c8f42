import type { DateOrder } from '../model/date-order.ts'

/** Calendar parts of a time as written, before its zone is applied. */
export interface LocaleParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Up to nine digits behind the decimal point. */
  readonly fraction: string
  /** `Z`, `UTC`, `GMT` or an offset; undefined when none is written. */
  readonly offset: string | undefined
}

const CLOCK = String.raw`(?:(?:,?\s+|T|:)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([AP])?\.?(?:M\.?)?)?`
const ZONE = String.raw`\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?`
const WEEKDAY = String.raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?`
const build = (date: string) =>
  new RegExp(`^${WEEKDAY}${date}${CLOCK}${ZONE}(?:\\s*\\([A-Za-z ]{1,40}\\))?$`, 'i')
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?'

/** `3/4/2025`, `03.04.25`: needs the order. */
const NUMERIC = build(String.raw`(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})`)
/** `2025/03/04`. */
const YEAR_FIRST = build(String.raw`(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})`)
/** `04-Mar-2025`, `4 March 2025`, `04/Mar/2025:05:06:07 +0100`. */
const DAY_MONTH = build(String.raw`(\d{1,2})[ /-]${MONTH},?[ /-](\d{4}|\d{2})`)
/** `Mar 4, 2025`. */
const MONTH_DAY = build(String.raw`${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`)
/** `Tue Mar  4 05:06:07 2025` of asctime. */
const ASCTIME = /^(?:[A-Z][a-z]{2}\s+)?([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})$/

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthOf = (name: string | undefined): number =>
  MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1

/**
 * Reads times as people and spreadsheets write them. A date of three numbers with the year last is only read when the
 * order of day and month is known, or when one of the two numbers is above 12. A known order is never turned around: with
 * the day first `4/13/2025` has a month 13, which no caller takes for a time.
 */
export function readLocaleTime(text: string, order: DateOrder | null): LocaleParts | undefined {
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst) return parts(yearFirst, Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3]))
  const dayMonth = DAY_MONTH.exec(text)
  if (dayMonth) return parts(dayMonth, century(dayMonth[3]), monthOf(dayMonth[2]), Number(dayMonth[1]))
  const monthDay = MONTH_DAY.exec(text)
  if (monthDay) return parts(monthDay, Number(monthDay[3]), monthOf(monthDay[1]), Number(monthDay[2]))
  const asctime = ASCTIME.exec(text)
  if (asctime) {
    const [, month, day, hour, minute, second, year] = asctime
    return {
      year: Number(year),
      month: monthOf(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      fraction: '',
      offset: undefined,
    }
  }
  const numeric = NUMERIC.exec(text)
  if (!numeric) return undefined
  const first = Number(numeric[1])
  const second = Number(numeric[2])
  const known = order ?? (first > 12 ? 'day-first' : second > 12 || first === second ? 'month-first' : null)
  if (known === null) return undefined
  return known === 'day-first'
    ? parts(numeric, century(numeric[3]), second, first)
    : parts(numeric, century(numeric[3]), first, second)
}

/** Two digits mean 1970 to 2069. */
function century(text: string | undefined): number {
  const year = Number(text)
  return year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year
}

/** Groups 4 to 9 of every pattern: hour, minute, second, fraction, A or P, zone. */
function parts(match: RegExpExecArray, year: number, month: number, day: number): LocaleParts | undefined {
  let hour = Number(match[4] ?? '0')
  const half = match[8]?.toUpperCase()
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (half === 'P' ? 12 : 0)
  }
  return {
    year,
    month,
    day,
    hour,
    minute: Number(match[5] ?? '0'),
    second: Number(match[6] ?? '0'),
    fraction: match[7] ?? '',
    offset: match[9],
  }
}
