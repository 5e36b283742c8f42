import { STANDING_RELATIONS, type RelationKind } from '../../model/relation.ts'
import { writeInfo } from '../../store/case-info.ts'
import { CLOCKS_COMPARED } from '../../store/clocks.ts'
import type { WriteStore } from '../../store/store.ts'
import { CorrelationView, type ViewSource } from '../view.ts'
import { type ClockOffset, estimateClocks } from './clock-offsets.ts'
import { clockSightings } from './clock-sightings.ts'

const forget = ['DELETE FROM relation_clock', 'DELETE FROM clock_offset']
const controllers = `SELECT id FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.isDomainController') = 1`
const putOffset =
  'INSERT INTO clock_offset (clock, ahead, confidence, support, against, compared, proof) VALUES (?, ?, ?, ?, ?, ?, ?)'
const putRelation = 'INSERT INTO relation_clock (relation_id, first_at, last_at, uses) VALUES (?, ?, ?, ?)'
const touched = `SELECT DISTINCT p.relation_id FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE coalesce(e.endpoint_id, -e.evidence_id) IN (SELECT value FROM json_each(?)) ORDER BY p.relation_id`
const relation = 'SELECT kind, uses FROM relation WHERE id = ?'
const proofs = `SELECT e.at, coalesce(e.endpoint_id, -e.evidence_id) AS clock FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id = ? AND e.at IS NOT NULL`

/**
 * Estimates the clocks of a case and writes beside the relations when they were used by the right time. Times of records and
 * relations stay as recorded (ADR 0032).
 */
export function writeClocks(db: WriteStore, source: ViewSource): void {
  for (const sql of forget) db.prepare(sql).run()
  const isController = new Set(db.prepare(controllers).pluck().all() as number[])
  const compared = new Set<number>()
  const offsets = estimateClocks(
    counted(clockSightings(new CorrelationView(source)), compared),
    (clock) => clock < 0 || isController.has(clock),
  )
  writeInfo(db, CLOCKS_COMPARED, String(compared.size))
  if (offsets.length === 0) return
  const put = db.prepare(putOffset)
  for (const one of offsets)
    put.run(
      one.clock,
      one.offset,
      one.confidence,
      one.support,
      one.against,
      one.compared,
      JSON.stringify(one.proof),
    )
  writeRelations(db, offsets)
}

function* counted<T extends { readonly clock: number }>(
  things: Iterable<readonly T[]>,
  clocks: Set<number>,
): Generator<readonly T[]> {
  for (const thing of things) {
    if (new Set(thing.map(({ clock }) => clock)).size > 1) for (const { clock } of thing) clocks.add(clock)
    yield thing
  }
}

function writeRelations(db: WriteStore, offsets: readonly ClockOffset[]): void {
  const by = new Map(offsets.map(({ clock, offset }) => [clock, offset]))
  const statements = { relation: db.prepare(relation).raw(), proofs: db.prepare(proofs).raw() }
  const put = db.prepare(putRelation)
  for (const id of db
    .prepare(touched)
    .pluck()
    .all(JSON.stringify([...by.keys()])) as number[]) {
    const [kind, blob] = statements.relation.get(id) as [RelationKind, Buffer]
    if (STANDING_RELATIONS.has(kind)) continue
    const seen = statements.proofs.all(id) as [number, number][]
    const times = new Map(seen)
    const clocks = new Set(times.values())
    // Of more uses than proofs are kept: they are of the one clock that all proofs are of, or of nobody knows which.
    const [only = 0] = clocks.size === 1 ? clocks : []
    const uses = Array.from({ length: blob.length / 8 }, (_, place) => {
      const recorded = blob.readDoubleLE(place * 8)
      const clock = times.get(recorded) ?? only
      const offset = by.get(clock) ?? 0
      return [recorded - offset, recorded, offset === 0 ? 0 : clock] as const
    }).sort((a, b) => a[0] - b[0])
    if (uses.every(([, , clock]) => clock === 0)) continue
    put.run(
      id,
      uses[0]?.[0] ?? null,
      uses.at(-1)?.[0] ?? null,
      Buffer.from(Float64Array.from(uses.flat()).buffer),
    )
  }
}
