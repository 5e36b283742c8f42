import type { Overview } from '../contract/nouns/overview.ts'
import { Turn } from '../jobs/turn.ts'
import { PLAUSIBLE_AHEAD_US, PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import { hasEventCounts, HOUR_US, UNDATED } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'

type Row = Overview['coverage'][number]

/** Pauses shorter than this share of the whole time are no gap: nobody would see them. */
const PARTS = 200

/** Out of the kept counts: a case of millions of events is not gone through for it. */
const keptTotals = `SELECT e.id, e.name, e.format, coalesce(sum(c.count), 0) AS events, min(c.first_at) AS first, max(c.last_at) AS last
  FROM evidence e LEFT JOIN event_count c ON c.evidence_id = e.id GROUP BY e.id ORDER BY e.id`
const countedTotals = `SELECT e.id, e.name, e.format, count(v.id) AS events, min(v.at) AS first, max(v.at) AS last
  FROM evidence e LEFT JOIN event v ON v.evidence_id = e.id GROUP BY e.id ORDER BY e.id`
const newestImport = 'SELECT max(imported_at) FROM evidence'
const hoursOf = `SELECT min(first_at) AS first, max(last_at) AS last FROM event_count
  WHERE evidence_id = @id AND hour > ${UNDATED} AND last_at >= @from AND first_at <= @to GROUP BY hour ORDER BY hour`

interface Stretch {
  readonly first: number
  readonly last: number
}

/**
 * When each item of evidence has events, and when it has none. Times of broken clocks count as events of the item, but are in no
 * part: they would press everything else into one line.
 */
export async function coverageOf(db: ReadStore): Promise<Row[]> {
  const turn = new Turn()
  const hasCounts = hasEventCounts(db)
  const items = db.prepare(hasCounts ? keptTotals : countedTotals).all() as {
    id: number
    name: string
    format: string
    events: number
    first: number | null
    last: number | null
  }[]
  const window = {
    from: PLAUSIBLE_FROM_US,
    to: ((db.prepare(newestImport).pluck().get() as number | null) ?? 0) + PLAUSIBLE_AHEAD_US,
  }
  const hours = hasCounts ? db.prepare(hoursOf) : undefined
  const found: Stretch[][] = []
  for (const { id, first, last } of items) {
    await turn.end()
    const whole = first === null || last === null ? [] : [{ first, last }]
    found.push((hours?.all({ id, ...window }) as Stretch[] | undefined) ?? whole)
  }
  const all = found
    .flatMap((stretches) => [stretches[0], stretches.at(-1)])
    .filter((one) => one !== undefined)
  const length = Math.max(...all.map(({ last }) => last)) - Math.min(...all.map(({ first }) => first))
  const gap = Math.max(HOUR_US, length / PARTS)
  return items.map(({ id, name, format, events, first, last }, index) => ({
    evidenceId: String(id),
    name,
    format,
    firstAt: toIsoOrNull(first),
    lastAt: toIsoOrNull(last),
    events,
    parts: join(found[index] ?? [], gap).map((part) => ({
      firstAt: toIso(part.first),
      lastAt: toIso(part.last),
    })),
  }))
}

/** Stretches in order with no more than `gap` microseconds between them become one. */
function join(stretches: readonly Stretch[], gap: number): Stretch[] {
  const joined: { first: number; last: number }[] = []
  for (const { first, last } of stretches) {
    const before = joined.at(-1)
    if (before && first - before.last <= gap) before.last = Math.max(before.last, last)
    else joined.push({ first, last })
  }
  return joined
}
