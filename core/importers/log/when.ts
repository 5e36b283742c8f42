import type { DateOrder } from '../../model/date-order.ts'
import type { EventFields, EventItem, EventKind } from '../../model/event.ts'
import { present } from '../../normalise/placeholder.ts'
import { parseTime } from '../../normalise/time.ts'

/** The time of a record as far as it could be read. */
export interface When {
  /** Microseconds UTC; null when there is none that can be believed. */
  readonly at: number | null
  readonly zoneAssumed: boolean
  /** A time was written but could not be read: the record says so with the issue `time`. */
  readonly isOdd: boolean
}

export const UNDATED: When = { at: null, zoneAssumed: false, isOdd: false }

/**
 * Reads a time text.
 * @param zone IANA zone for texts without one
 * @param isDocumented true when the format defines that zone (W3C: UTC), so that nothing is assumed
 */
export function readWhen(
  text: string | undefined,
  zone: string,
  dateOrder: DateOrder | null = null,
  isDocumented = false,
): When {
  const written = present(text)
  if (written === undefined) return UNDATED
  const parsed = parseTime(written, zone, dateOrder)
  return parsed === undefined
    ? { at: null, zoneAssumed: false, isOdd: true }
    : { at: parsed.us, zoneAssumed: parsed.zoneAssumed && !isDocumented, isOdd: false }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const two = (number: number): string => String(number).padStart(2, '0')

/** `[21/Nov/2026:20:50:45 +0000]` of web servers, brackets optional. */
export function readClfWhen(text: string | undefined, zone: string): When {
  const match = /^\[?(\d{1,2})\/([a-z]{3})\/(\d{4}):(\d\d:\d\d:\d\d)(?: ?([+-]\d{4}|Z|GMT))?\]?$/i.exec(
    text?.trim() ?? '',
  )
  const month = MONTHS.indexOf(match?.[2]?.toLowerCase() ?? '') + 1
  if (match === null || month === 0) return { ...UNDATED, isOdd: present(text) !== undefined }
  return readWhen(
    `${match[3] ?? ''}-${two(month)}-${two(Number(match[1]))}T${match[4] ?? ''}${match[5] ?? ''}`,
    zone,
  )
}

/** `Mon Nov 21 20:50:45 2026` of C programs (asctime). */
export function readAscWhen(text: string | undefined, zone: string): When {
  const match = /^(?:[a-z]{3},? )?([a-z]{3}) +(\d{1,2}),? (\d\d:\d\d:\d\d) (\d{4})$/i.exec(text?.trim() ?? '')
  const month = MONTHS.indexOf(match?.[1]?.toLowerCase() ?? '') + 1
  if (match === null || month === 0) return { ...UNDATED, isOdd: present(text) !== undefined }
  return readWhen(`${match[4] ?? ''}-${two(month)}-${two(Number(match[2]))}T${match[3] ?? ''}`, zone)
}

/** An event of that time. */
export function eventAt(when: When, kind: EventKind, fields: EventFields): EventItem {
  return when.zoneAssumed
    ? { type: 'event', kind, at: when.at, zoneAssumed: true, fields }
    : { type: 'event', kind, at: when.at, fields }
}

/** The remark of a record whose time could not be read. */
export const timeRemarks = (when: When): readonly string[] => (when.isOdd ? ['time'] : [])
