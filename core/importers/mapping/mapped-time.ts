import { DateTime } from 'luxon'
import type { DateOrder } from '../../model/date-order.ts'
import { NAMED_TIME_FORMATS } from '../../model/mapping.ts'
import { filetimeTicksToUs, parseTime, plausibleUs } from '../../normalise/time.ts'

/** How the time column of a mapping is read. */
export interface TimeSpec {
  readonly format: string
  /** Zone of the mapping; null: the zone of the import, and such times are marked as assumed. */
  readonly zone: string | null
}

const isNamed = (format: string): boolean => (NAMED_TIME_FORMATS as readonly string[]).includes(format)
const UNIT: Readonly<Record<string, number>> = {
  'epoch-s': 1e6,
  'epoch-ms': 1e3,
  'epoch-us': 1,
  'epoch-ns': 1e-3,
}

/**
 * Reads a time by its named format or luxon pattern. `iso` is tolerant: everything that `parseTime` reads.
 * @returns undefined when the text does not fit the format or the time is impossible
 */
export function readMappedTime(
  text: string,
  spec: TimeSpec,
  importZone: string,
  order: DateOrder | null,
): { us: number; zoneAssumed: boolean } | undefined {
  const zone = spec.zone ?? importZone
  const trimmed = text.trim()
  if (spec.format === 'iso') {
    const parsed = parseTime(trimmed, zone, order)
    return parsed && { us: parsed.us, zoneAssumed: parsed.zoneAssumed && spec.zone === null }
  }
  if (spec.format === 'filetime') {
    const us = /^\d{1,19}$/.test(trimmed) ? filetimeTicksToUs(BigInt(trimmed)) : undefined
    return us === undefined ? undefined : { us, zoneAssumed: false }
  }
  const unit = UNIT[spec.format]
  if (unit !== undefined) {
    const us = epoch(trimmed, unit)
    return us === undefined ? undefined : { us, zoneAssumed: false }
  }
  const parsed = DateTime.fromFormat(trimmed, spec.format, { zone, setZone: true, locale: 'en' })
  if (!parsed.isValid) return undefined
  const us = plausibleUs(parsed.toMillis() * 1000)
  const hasZone = /Z|z/.test(spec.format.replace(/'[^']*'/g, ''))
  return us === undefined ? undefined : { us, zoneAssumed: spec.zone === null && !hasZone }
}

/** Exact for integers of any length; a fraction keeps its microseconds. */
function epoch(text: string, unit: number): number | undefined {
  const match = /^(-?\d{1,20})(?:\.(\d{1,9}))?$/.exec(text)
  if (match === null) return undefined
  if (unit < 1) return plausibleUs(Number(BigInt(match[1] ?? '0') / 1000n))
  const fraction = match[2] === undefined ? 0 : Number(`0.${match[2]}`) * unit
  return plausibleUs(Number(match[1]) * unit + Math.floor(fraction))
}

/** Whether a format can be used at all: a named one, or a pattern that says a year and a day. */
export function isTimeFormat(format: string): boolean {
  if (isNamed(format)) return true
  const pattern = format.replace(/'[^']*'/g, '')
  return /y/.test(pattern) && /M|L|o/.test(pattern) && /d|o/.test(pattern)
}
