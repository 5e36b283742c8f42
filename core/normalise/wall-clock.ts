import { IANAZone } from 'luxon'

/**
 * Why a time of a wall clock does not name one instant: clocks were put forward over it, so that it never came
 * (`skipped`), or back behind it, so that it came twice (`repeated`).
 */
export type ClockChange = 'skipped' | 'repeated'

/** A time of a wall clock as an instant. */
export interface Instant {
  /** Milliseconds UTC. */
  readonly ms: number
  readonly change: ClockChange | undefined
}

const DAY_MS = 86_400_000
/** Zones and days come out of evidence; a log has a few of the first and hundreds of the second. */
const MOST_ZONES = 64
const MOST_DAYS = 4096

/** What is remembered of a zone: its offset on days on which, and around which, no clock was changed. */
interface KnownZone {
  readonly zone: IANAZone | undefined
  /** Milliseconds by day since 1970; NaN where a change of clocks is near. */
  readonly days: Map<number, number>
}

const zones = new Map<string, KnownZone>()

function knownZone(name: string): KnownZone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const isUtc = name === 'UTC' || name === 'Etc/UTC' || !IANAZone.isValidZone(name)
  const added = { zone: isUtc ? undefined : IANAZone.create(name), days: new Map<number, number>() }
  if (zones.size >= MOST_ZONES) zones.clear()
  zones.set(name, added)
  return added
}

/** Offset in milliseconds that holds from the day before to the day after; NaN when clocks are changed there. */
function steadyOffset({ zone, days }: KnownZone, ms: number): number {
  if (zone === undefined) return 0
  const day = Math.floor(ms / DAY_MS)
  const known = days.get(day)
  if (known !== undefined) return known
  const before = zone.offset((day - 1) * DAY_MS)
  const offset = before === zone.offset((day + 2) * DAY_MS) ? before * 60_000 : NaN
  if (days.size >= MOST_DAYS) days.clear()
  days.set(day, offset)
  return offset
}

/** The two offsets a time of a wall clock may have: those of the day before and the day after. */
function offsetsAround(zone: IANAZone | undefined, wallMs: number): readonly [number, number] {
  if (zone === undefined) return [0, 0]
  return [zone.offset(wallMs - DAY_MS) * 60_000, zone.offset(wallMs + DAY_MS) * 60_000]
}

/**
 * The instant at which the wall clocks of a zone show a time; an unknown zone counts as UTC. A time that never came is
 * read with the offset from before the change, of a time that came twice the first is taken: as calendars do (RFC 5545,
 * section 3.3.5) and ECMAScript's Temporal does ("compatible"). It never depends on the day of the import.
 * @param wallMs the time as if it were UTC
 */
export function instantOf(wallMs: number, zoneName: string): Instant {
  const known = knownZone(zoneName)
  const steady = steadyOffset(known, wallMs)
  if (!Number.isNaN(steady)) return { ms: wallMs - steady, change: undefined }
  const [before, after] = offsetsAround(known.zone, wallMs)
  const isThen = (offset: number) => (known.zone?.offset(wallMs - offset) ?? 0) * 60_000 === offset
  const fitsBefore = isThen(before)
  const fitsAfter = isThen(after)
  if (fitsBefore) {
    return { ms: wallMs - before, change: fitsAfter && before !== after ? 'repeated' : undefined }
  }
  return { ms: wallMs - (fitsAfter ? after : before), change: fitsAfter ? undefined : 'skipped' }
}

/** A time that may have been written where an instant was read, and what is wrong with it. */
export interface WrittenTime {
  /** The time as if it were UTC. */
  readonly wallMs: number
  readonly change: ClockChange
}

/**
 * The time of a wall clock that {@link instantOf} makes this instant of, when that time came twice or never. For an
 * instant just after a gap two times lead to it: the one that never came, which is given, and the real one.
 */
export function unclearTimeAt(ms: number, zoneName: string): WrittenTime | undefined {
  const known = knownZone(zoneName)
  if (!Number.isNaN(steadyOffset(known, ms))) return undefined
  for (const offset of offsetsAround(known.zone, ms)) {
    const wallMs = ms + offset
    const read = instantOf(wallMs, zoneName)
    if (read.ms === ms && read.change !== undefined) return { wallMs, change: read.change }
  }
  return undefined
}
