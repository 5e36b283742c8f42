import { epochToUs, filetimeTicksToUs } from '../../normalise/time.ts'

/** FILETIME as decimal text; 0 and the largest value mean "never" (formats.md C1). Microseconds UTC. */
export function fromFiletime(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? filetimeTicksToUs(BigInt(text)) : undefined
}

/** Unix seconds as SharpHound writes them; 0 and -1 mean "never". Microseconds UTC. */
export function fromUnixSeconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? epochToUs(value) : undefined
}

/** The later of two times that may be absent. */
export function latest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
