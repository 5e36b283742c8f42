import type { CellFormat } from './cell-formats.ts'

const DAY_MS = 86_400_000
/** 1970-01-01 as a serial number of the 1900 date system (ECMA-376 part 1, 18.17.4). */
const EPOCH_1900 = 25_569
/** Days from 1900-01-01 to 1904-01-01, the first day of the other system. */
const DAYS_1904 = 1_462
/** Its first sixty days count a 29 February 1900 that never was. */
const FIRST_RIGHT = 61
/** 9999-12-31. */
const LAST_SERIAL = 2_958_465

/**
 * The text of a number that a workbook shows as a time: `YYYY-MM-DD hh:mm:ss`, with milliseconds where there are any, without a
 * zone, for a workbook knows none. A day alone stays one where the number is one; a time of day has no day.
 * @param value as it stands in the file
 * @returns the value itself where it is no such time
 */
export function serialText(value: string, format: CellFormat, is1904: boolean): string {
  const serial = Number(value)
  if (format === undefined || value === '' || !(serial >= 0) || serial > LAST_SERIAL) return value
  const isTimeAlone = serial < 1 && format === 'time'
  const since1900 = is1904 ? serial + DAYS_1904 : serial
  const days = since1900 < FIRST_RIGHT && !is1904 ? since1900 + 1 : since1900
  const ms = Math.round((days - EPOCH_1900) * DAY_MS)
  const text = new Date(ms).toISOString()
  const time = text.slice(11, text.endsWith('.000Z') ? 19 : 23)
  if (isTimeAlone) return time
  const day = text.slice(0, 10)
  return format === 'date' && ms % DAY_MS === 0 ? day : `${day} ${time}`
}
