/** A time as ISO-8601 text, a day alone too; without a zone it is UTC. Microseconds since 1970; undefined when it is none. */
export function parseIso(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$/.exec(
    text.trim(),
  )
  if (!match) return undefined
  const [, day, clock = '00:00:00', fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`)
  return Number.isNaN(ms) ? undefined : ms * 1000 + Math.round(Number(`0.${fraction || '0'}`) * 1e6)
}
