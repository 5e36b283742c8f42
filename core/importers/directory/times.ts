/** FILETIME counts 100 ns from 1601-01-01 UTC; 0 and the largest value mean "never" (MS-DTYP 2.3.3). Microseconds UTC. */
export function fromFiletime(text: string): number | undefined {
  if (!/^\d{1,19}$/.test(text)) return undefined
  const ticks = BigInt(text)
  if (ticks === 0n || ticks >= 0x7fffffffffffffffn) return undefined
  const micros = Number((ticks - 116_444_736_000_000_000n) / 10n)
  return Number.isSafeInteger(micros) ? micros : undefined
}

/** GeneralizedTime `20240102030405[.f]Z` or with an offset (RFC 4517, 3.3.13). Microseconds UTC. */
export function fromGeneralizedTime(text: string): number | undefined {
  const match =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?(\d{2})?(?:[.,](\d{1,6})\d*)?(Z|[+-]\d{2}(?:\d{2})?)$/.exec(
      text.trim(),
    )
  if (match === null) return undefined
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  if (Number.isNaN(ms) || Number(year) < 1601) return undefined
  const offset =
    zone === 'Z'
      ? 0
      : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3) || 0))
  return (ms - offset * 60_000) * 1000 + Number(fraction.padEnd(6, '0'))
}

/** Unix seconds as SharpHound writes them; 0 and -1 mean "never". Microseconds UTC. */
export function fromUnixSeconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 1e11 ? Math.round(value * 1_000_000) : undefined
}

/** The later of two times that may be absent. */
export function latest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
