import { PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import { kindOfNumber } from '../store/event-columns.ts'
import { HOUR_US, hourOf, UNDATED } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'
import type { CountQuestion, Left } from './count-plan.ts'
import type { Where } from './filter-sql.ts'
import { BEGINNING, END } from './slices.ts'
import type { Tally } from './tally.ts'

interface HourCount {
  readonly evidence_id: number
  readonly kind: number
  readonly hour: number
  readonly count: number
}
const kindCounts = 'SELECT evidence_id, kind, hour, count FROM event_count WHERE hour BETWEEN @low AND @high'

/**
 * Out of the kept counts: hours that lie in the window altogether. The two at its edges, and all where a bucket is shorter than an
 * hour, are counted kind by kind in the index of kind and time. Place: the next kind to be counted there.
 */
export function countHours(
  db: ReadStore,
  where: Where,
  { filter, from, to, by }: CountQuestion,
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const kinds = new Set(filter.kinds ?? [])
  const sources = new Set([
    ...(filter.evidenceIds ?? []),
    ...(filter.evidenceId == null ? [] : [filter.evidenceId]),
  ])
  const isFine = tally.width < HOUR_US / 1e6
  // The index of kind and time does not know the source.
  const needsSource = sources.size > 0 || by.includes('source')
  const [firstHour, lastHour] = [from === null ? null : hourOf(from), to === null ? null : hourOf(to)]
  const inWindow = {
    low: from === null && to === null ? UNDATED : (firstHour ?? hourOf(BEGINNING)),
    high: lastHour ?? hourOf(END),
  }
  const isWanted = (row: HourCount) =>
    (kinds.size === 0 || kinds.has(kindOfNumber(row.kind))) &&
    (sources.size === 0 || sources.has(String(row.evidence_id)))
  const isEdge = (hour: number) => hour === firstHour || hour === lastHour
  const edges = new Set<number>()
  const fine = new Set<number>()
  for (const row of db.prepare(kindCounts).all(inWindow) as HourCount[]) {
    if (!isWanted(row)) continue
    if (isEdge(row.hour)) edges.add(row.kind)
    else {
      if (place === null) {
        tally.addTotal(row.count, row.hour === UNDATED, row.kind)
        if (by.includes('source')) tally.addGroup('source', row.evidence_id, row.count)
      }
      if (row.hour === UNDATED) continue
      if (isFine) fine.add(row.kind)
      else if (place === null) tally.addBucket(row.hour * HOUR_US, row.count)
    }
  }
  const pieces: { readonly from: number; readonly to: number }[] = []
  if (edges.size > 0) {
    const ends = [...new Set([firstHour, lastHour])].filter((hour) => hour !== null)
    for (const hour of ends)
      pieces.push({
        from: Math.max(from ?? BEGINNING, hour * HOUR_US),
        to: Math.min(to ?? END, (hour + 1) * HOUR_US - 1),
      })
  }
  if (place === null && needsSource && pieces.length > 0) {
    const sql1 = `SELECT kind, evidence_id, CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event
       WHERE at >= @pieceFrom AND at <= @pieceTo AND ${where.sql} GROUP BY kind, evidence_id, bucket`
    const rows = db.prepare(sql1)
    for (const piece of pieces)
      for (const row of rows.all({
        ...where.params,
        width: tally.width * 1e6,
        pieceFrom: piece.from,
        pieceTo: piece.to,
      }) as { kind: number; evidence_id: number; bucket: number; count: number }[]) {
        tally.addTotal(row.count, false, row.kind)
        if (by.includes('source')) tally.addGroup('source', row.evidence_id, row.count)
        tally.addBucket(row.bucket * tally.width * 1e6, row.count)
      }
  }
  return countByKind(
    db,
    { edges: needsSource ? new Set() : edges, fine, pieces, from, to, where, sources },
    place,
    tally,
    isLate,
  )
}

const kindBuckets = `SELECT CAST(at / @width AS INTEGER) AS bucket, count(*) AS count FROM event
  WHERE kind = @kind AND at >= @from AND at <= @to GROUP BY bucket`

function countByKind(
  db: ReadStore,
  what: {
    readonly edges: ReadonlySet<number>
    readonly fine: ReadonlySet<number>
    readonly pieces: readonly { readonly from: number; readonly to: number }[]
    readonly from: number | null
    readonly to: number | null
    readonly where: Where
    readonly sources: ReadonlySet<string>
  },
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  const kinds = [...new Set([...what.edges, ...what.fine])].sort((a, b) => a - b)
  const width = tally.width * 1e6
  // Buckets of a few sources: the events themselves must be looked at.
  const bySource =
    what.sources.size === 0 ? '' : ` AND evidence_id IN (${[...what.sources].map(Number).join(',')})`
  const find = db.prepare(kindBuckets.replace(' GROUP BY', `${bySource} GROUP BY`))
  const rowsOf = (kind: number, from: number, to: number) =>
    find.all({ kind, from, to, width }) as { bucket: number; count: number }[]
  for (const [index, kind] of kinds.entries()) {
    if (place !== null && kind < Number(place)) continue
    if (isLate() && String(kind) !== place) return { place: String(kind), done: index / kinds.length }
    if (what.edges.has(kind))
      for (const { from, to } of what.pieces)
        for (const { bucket, count } of rowsOf(kind, from, to)) {
          tally.addTotal(count, false, kind)
          tally.addBucket(bucket * width, count)
        }
    if (!what.fine.has(kind)) continue
    const [first, last] = [what.pieces.at(0), what.pieces.length > 1 ? what.pieces.at(-1) : undefined]
    const low = what.from === null ? PLAUSIBLE_FROM_US : first ? first.to + 1 : what.from
    const high =
      what.to === null ? END : last ? last.from - 1 : what.from === null && first ? first.from - 1 : what.to
    for (const { bucket, count } of rowsOf(kind, low, high)) tally.addBucket(bucket * width, count)
  }
  return null
}
