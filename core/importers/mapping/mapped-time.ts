import { DateTime } from 'luxon'
import type { DateOrder } from '../../model/date-order.ts'
import { NAMED_TIME_FORMATS } from '../../model/mapping.ts'
import { filetimeTicksToUs, type ParsedTime, parseTime, plausibleUs } from '../../normalise/time.ts'
import { instantOf } from '../../normalise/wall-clock.ts'

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
): ParsedTime | undefined {
  const zone = spec.zone ?? importZone
  const trimmed = text.trim()
  if (spec.format === 'iso') {
    const parsed = parseTime(trimmed, zone, order)
    return parsed && { ...parsed, zoneAssumed: parsed.zoneAssumed && spec.zone === null }
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
  return readPattern(trimmed, spec, zone)
}

/**
 * Reads a time by a luxon pattern. Luxon only takes it apart: what it makes of hours in which clocks are changed depends on
 * the day on which it is asked.
 */
function readPattern(text: string, spec: TimeSpec, zone: string): ParsedTime | undefined {
  const hasZone = /Z|z/.test(spec.format.replace(/'[^']*'/g, ''))
  const parsed = DateTime.fromFormat(text, spec.format, { zone: 'utc', setZone: true, locale: 'en' })
  if (!parsed.isValid) return undefined
  const wallMs = parsed.setZone('utc', { keepLocalTime: true }).toMillis()
  const written = parsed.zone.isUniversal ? null : parsed.zoneName
  const isFixed = hasZone && written === null
  const { ms, change } = isFixed
    ? { ms: parsed.toMillis(), change: undefined }
    : instantOf(wallMs, written ?? zone)
  const us = plausibleUs(ms * 1000)
  if (us === undefined) return undefined
  const zoneAssumed = spec.zone === null && !hasZone
  return change === undefined ? { us, zoneAssumed } : { us, zoneAssumed, change }
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
