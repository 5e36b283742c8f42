import type { Proof } from '../contract/nouns/story.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import type { ReadStore } from '../store/store.ts'

/** Named per list; the relation or detection gives the rest. */
const SHOWN = 20

const ofRelation =
  'SELECT event_id AS event, evidence_id AS evidence FROM relation_proof WHERE relation_id = ? ORDER BY position LIMIT 50'
const ofDetection =
  'SELECT event_id AS event, evidence_id AS evidence FROM detection_proof WHERE detection_id = ? ORDER BY position LIMIT 50'

/** Reads what proves relations (of the network) and detections (row ids). */
export class Proofs {
  readonly #network: PackedNetwork
  readonly #ofRelation
  readonly #ofDetection

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#ofRelation = db.prepare(ofRelation)
    this.#ofDetection = db.prepare(ofDetection)
  }

  of(relations: Iterable<number>, detections: Iterable<number> = []): Proof {
    const shown = [...relations].slice(0, SHOWN).map((relation) => this.#network.ids[relation] ?? 0)
    const seen = [...detections].slice(0, SHOWN)
    type Row = { event: number | null; evidence: number }
    const rows = [
      ...shown.flatMap((id) => this.#ofRelation.all(id) as Row[]),
      ...seen.flatMap((id) => this.#ofDetection.all(id) as Row[]),
    ]
    const events = new Set(rows.flatMap((row) => (row.event === null ? [] : [String(row.event)])))
    return {
      relations: shown.map(String),
      detections: seen.map(String),
      events: [...events].slice(0, SHOWN),
      evidence: [...new Set(rows.map((row) => String(row.evidence)))].slice(0, SHOWN),
    }
  }
}
