/**
 * Times of the demo case: microseconds UTC, always whole milliseconds, so that one event has the same time in every
 * format it is written to. Nothing here looks at the machine's clock, zone or language.
 */
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `2026-03-10 07:41` or with seconds and milliseconds, UTC. */
export function at(text: string): number {
  const ms = Date.parse(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}Z`)
  if (Number.isNaN(ms)) throw new RangeError(`No time: ${text}`)
  return ms * 1000
}

/** `2026-03-10T07:41:12.345Z` */
export const toIso = (us: number): string => new Date(us / 1000).toISOString()
/** Sysmon's `UtcTime`: `2026-03-10 07:41:12.345`. */
export const toSysmonTime = (us: number): string => toIso(us).slice(0, 23).replace('T', ' ')
/** LDAP GeneralizedTime: `20260310074112.0Z`. */
export const toGeneralizedTime = (us: number): string => `${toIso(us).slice(0, 19).replace(/[-T:]/g, '')}.0Z`
/** Whole seconds since 1970. */
export const toUnixSeconds = (us: number): number => Math.floor(us / SECOND)
/** FILETIME ticks as decimal text. */
export const toFiletimeText = (us: number): string => String((BigInt(us) + 11_644_473_600_000_000n) * 10n)

/** RFC 5322 date in UTC: `Tue, 10 Mar 2026 07:41:12 +0000`. */
export const toMailDate = (us: number): string => new Date(us / 1000).toUTCString().replace('GMT', '+0000')

/** The asctime form of an mbox separator: `Tue Mar 10 07:41:12 2026`. */
export function toMboxDate(us: number): string {
  const [weekday, day, month, year, time] = new Date(us / 1000).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${(day ?? '').replace(/^0/, ' ')} ${time} ${year}`
}
