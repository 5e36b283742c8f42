/** Sightings kept per indicator; of more the number is known, and that not all are shown is said. */
export const MAX_KEPT = 10_000
/** A text in which something was found can be megabytes. */
const MAX_VALUE = 300

/** Something found in a record. `field`: public name of the field, `name` for a name of an entity. */
export interface Found {
  readonly at: number | null
  readonly event: number | null
  readonly entity: number | null
  readonly user: number | null
  readonly evidenceId: number
  readonly record: number
  readonly field: string
  readonly value: string
}

export interface IndicatorHits {
  total: number
  first: number | null
  last: number | null
  readonly kept: Found[]
  readonly places: Set<string>
  /** Endpoints and users the records name. */
  readonly named: Set<number>
}

/** The place a record speaks of: its endpoint, else its user, else the record itself. */
export function placeOf(found: Pick<Found, 'entity' | 'user' | 'evidenceId' | 'record'>): string {
  if (found.entity !== null) return `e${found.entity}`
  return found.user === null ? `r${found.evidenceId}:${found.record}` : `e${found.user}`
}

/** Gathers sightings: one per indicator and record, whatever number of its fields speak of it. */
export class SightingCollector {
  readonly hits = new Map<number, IndicatorHits>()
  /** Records seen, by indicator: a record that comes twice (its event and its message) counts once. */
  readonly #seen = new Map<number, Set<string>>()

  add(indicator: number, found: Found): void {
    let seen = this.#seen.get(indicator)
    if (!seen) this.#seen.set(indicator, (seen = new Set()))
    const record = `${found.evidenceId}:${found.record}${found.event === null ? `:${found.entity}` : ''}`
    if (seen.has(record)) return
    seen.add(record)
    let hits = this.hits.get(indicator)
    if (!hits)
      this.hits.set(
        indicator,
        (hits = { total: 0, first: null, last: null, kept: [], places: new Set(), named: new Set() }),
      )
    hits.total += 1
    hits.places.add(placeOf(found))
    for (const id of [found.entity, found.user]) if (id !== null) hits.named.add(id)
    if (found.at !== null) {
      if (hits.first === null || found.at < hits.first) hits.first = found.at
      if (hits.last === null || found.at > hits.last) hits.last = found.at
    }
    if (hits.kept.length < MAX_KEPT)
      hits.kept.push(
        found.value.length > MAX_VALUE ? { ...found, value: `${found.value.slice(0, MAX_VALUE)}…` } : found,
      )
  }
}

/** Words before what was found, where the text is cut at both ends. */
const BEFORE = 80

/** So much of a text as is kept, with what was found in it. */
export function excerpt(text: string, seen: string): string {
  const at = text.length > MAX_VALUE ? text.toLowerCase().indexOf(seen.toLowerCase()) : -1
  if (at <= BEFORE) return text
  const from = Math.min(at - BEFORE, text.length - MAX_VALUE + 1)
  return `…${text.slice(from)}`
}
