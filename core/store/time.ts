export { parseIso } from '../model/iso-time.ts'

/** Microseconds since 1970 UTC -> `2026-03-01T09:30:00.123456Z`; whole milliseconds print three digits. */
export function toIso(us: number): string {
  const ms = Math.floor(us / 1000)
  const rest = us - ms * 1000
  const text = new Date(ms).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}
export const toIsoOrNull = (us: number | null): string | null => (us === null ? null : toIso(us))
