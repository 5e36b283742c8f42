import type { PackedNetwork } from '../graph/packed-network.ts'
import type { ReadStore } from '../store/store.ts'
import type { Seed } from './seed.ts'

const ofRelations = `SELECT evidence_id AS evidence, count(DISTINCT relation_id) AS steps, count(DISTINCT record) AS records FROM relation_proof
  WHERE relation_id IN (SELECT value FROM json_each(?)) GROUP BY evidence_id`
const ofDetections = `SELECT evidence_id AS evidence, count(DISTINCT detection_id) AS steps, count(DISTINCT record) AS records FROM detection_proof
  WHERE detection_id IN (SELECT value FROM json_each(?)) GROUP BY evidence_id`
const events = `SELECT count(DISTINCT event_id) FROM (
  SELECT event_id FROM relation_proof WHERE relation_id IN (SELECT value FROM json_each(@relations)) AND event_id IS NOT NULL
  UNION SELECT event_id FROM detection_proof WHERE detection_id IN (SELECT value FROM json_each(@detections)) AND event_id IS NOT NULL)`

export interface SourceRow {
  readonly evidence: number
  relations: number
  detections: number
  records: number
}

/** Which files of evidence prove the steps of a story. */
export class SourceCounts {
  readonly #network: PackedNetwork
  readonly #ofRelations
  readonly #ofDetections
  readonly #events

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#ofRelations = db.prepare(ofRelations)
    this.#ofDetections = db.prepare(ofDetections)
    this.#events = db.prepare(events).pluck()
  }

  #ids(relations: readonly number[]): string {
    return JSON.stringify(relations.map((relation) => this.#network.ids[relation] ?? 0))
  }

  rows(seeds: readonly Seed[], relations: readonly number[]): SourceRow[] {
    const rows = new Map<number, SourceRow>()
    const of = (evidence: number): SourceRow => {
      const known = rows.get(evidence)
      if (known) return known
      const made = { evidence, relations: 0, detections: 0, records: 0 }
      rows.set(evidence, made)
      return made
    }
    type Row = { evidence: number; steps: number; records: number }
    for (const row of this.#ofRelations.all(this.#ids(relations)) as Row[]) {
      const source = of(row.evidence)
      source.relations += row.steps
      source.records += row.records
    }
    for (const row of this.#ofDetections.all(JSON.stringify(detectionsOf(seeds))) as Row[]) {
      const source = of(row.evidence)
      source.detections += row.steps
      source.records += row.records
    }
    return [...rows.values()].sort(
      (a, b) => b.relations + b.detections - a.relations - a.detections || a.evidence - b.evidence,
    )
  }

  events(seeds: readonly Seed[], relations: readonly number[]): number {
    return this.#events.get({
      relations: this.#ids(relations),
      detections: JSON.stringify(detectionsOf(seeds)),
    }) as number
  }
}

export const detectionsOf = (seeds: readonly Seed[]): number[] => [
  ...new Set(seeds.map((seed) => seed.detection).filter((id) => id >= 0)),
]
