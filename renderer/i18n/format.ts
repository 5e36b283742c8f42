/** Times: ISO-8601 with a space, in the case's zone. Everything here is pure, so that screens and tests agree. */

const ISO = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/u

const formatters = new Map<string, Intl.DateTimeFormat>()
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}

/**
 * `2026-03-01T09:30:12.123456Z` in zone `Asia/Taipei` -> `2026-03-01 17:30:12.123`.
 * @param precision `minute`, `second` or `full` (milliseconds, only when the source has a fraction)
 */
export function formatTime(
  iso: string,
  zone: string,
  precision: 'minute' | 'second' | 'full' = 'second',
): string {
  const match = ISO.exec(iso)
  if (!match) return iso
  let [date, time] = [match[1] ?? '', match[2] ?? '']
  if (zone !== 'UTC') {
    const parts = new Map(
      formatterOf(zone)
        .formatToParts(new Date(`${date}T${time}Z`))
        .map((part) => [part.type, part.value]),
    )
    date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
    time = `${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`
  }
  const fraction = match[3]?.replace(/0+$/u, '') ?? ''
  if (precision === 'minute') return `${date} ${time.slice(0, 5)}`
  if (precision === 'second' || fraction === '') return `${date} ${time}`
  return `${date} ${time}.${fraction.padEnd(3, '0').slice(0, 6)}`
}

/** Microseconds text of the engine from a number of milliseconds UTC. */
export const toIso = (ms: number): string => new Date(ms).toISOString().replace(/\.(\d{3})Z$/u, '.$1000Z')

/** Seconds in words of the shortest useful kind: `45 s`, `3 min`, `2 h 10 min`, `4 d 2 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.round(whole / 60)} min`
  if (whole < 86_400) return joinUnits(whole, 3600, 'h', 60, 'min')
  return joinUnits(whole, 86_400, 'd', 3600, 'h')
}
function joinUnits(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % big) / small)
  return `${Math.floor(seconds / big)} ${bigName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
/** Bytes with a binary unit: `1.4 MiB`. */
export function formatBytes(bytes: number, lang: string): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${numbers(lang, unit === 0 ? 'whole' : 'tenth').format(value)} ${UNITS[unit]}`
}

/** 0..1 as whole percent. */
export const formatPercent = (share: number, lang: string): string => numbers(lang, 'percent').format(share)

/** A figure as the language writes it. */
export const formatNumber = (value: number, lang: string): string => numbers(lang, 'plain').format(value)

const FIGURES = {
  plain: {},
  whole: { maximumFractionDigits: 0 },
  tenth: { maximumFractionDigits: 1 },
  percent: { style: 'percent', maximumFractionDigits: 0 },
} as const satisfies Record<string, Intl.NumberFormatOptions>
const figures = new Map<string, Intl.NumberFormat>()
/** Made once: making one takes a hundred times as long as writing a figure with it. */
function numbers(lang: string, kind: keyof typeof FIGURES): Intl.NumberFormat {
  const key = `${lang} ${kind}`
  const known = figures.get(key) ?? new Intl.NumberFormat(lang, FIGURES[kind])
  figures.set(key, known)
  return known
}
