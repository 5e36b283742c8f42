/** IANA zones for the pickers, UTC first. */
export const zones: readonly string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
]
const known: ReadonlySet<unknown> = new Set(zones)
/** A name of a zone that this machine can reckon with. */
export const isZone = (value: unknown): value is string => known.has(value)
