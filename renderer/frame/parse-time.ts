import { toIso } from '../i18n/format.ts'

const TYPED = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/u

/**
 * A typed time in a zone: `2026-03-01`, `2026-03-01 09:30`, with seconds at will.
 * @param end which end of the unit is meant: `2026-03-02` as an end includes that day
 * @returns ISO text in UTC, null for an empty field, undefined when it cannot be read
 */
export function parseTime(text: string, zone: string, end: 'start' | 'end'): string | null | undefined {
  if (text.trim() === '') return null
  const match = TYPED.exec(text.trim())
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour ?? 0, minute ?? 0, second ?? 0)
  if (new Date(wall).getUTCDate() !== day) return undefined
  const unit = hour === undefined ? 86_400_000 : second === undefined ? 60_000 : 1000
  return toIso(fromWall(end === 'end' ? wall + unit - 1 : wall, zone))
}

/** The moment at which the clocks of `zone` show `wall`; one correction step is enough outside of clock changes. */
function fromWall(wall: number, zone: string): number {
  if (zone === 'UTC') return wall
  const first = wall - offsetAt(wall, zone)
  return wall - offsetAt(first, zone)
}
function offsetAt(ms: number, zone: string): number {
  const parts = new Map(
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(new Date(ms))
      .map((part) => [part.type, Number(part.value)]),
  )
  const at = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return (
    Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')) -
    Math.floor(ms / 1000) * 1000
  )
}
