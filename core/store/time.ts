/** Microseconds since 1970 UTC -> `2026-03-01T09:30:00.123456Z`; whole milliseconds print three digits. */
export function toIso(us: number): string {
  const ms = Math.floor(us / 1000)
  const rest = us - ms * 1000
  const text = new Date(ms).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}
export const toIsoOrNull = (us: number | null): string | null => (us === null ? null : toIso(us))

/** Inverse of {@link toIso}; accepts any ISO-8601 text with a zone. Undefined when it is none. */
export function parseIso(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$/.exec(
    text.trim(),
  )
  if (!match) return undefined
  const [, day, clock = '00:00:00', fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`)
  return Number.isNaN(ms) ? undefined : ms * 1000 + Math.round(Number(`0.${fraction || '0'}`) * 1e6)
}
