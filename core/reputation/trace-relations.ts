import type { EntityRef } from '../contract/shapes.ts'
import type { EntityKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'

/** One relation as seen from one of its ends. */
export interface Step {
  readonly id: number
  readonly other: EntityRef
  readonly first: number | null
  readonly last: number | null
  readonly confidence: number
}

const forward = `SELECT r.id, r.first_at, r.last_at, r.confidence, e.id AS entity, e.kind, e.name FROM relation r JOIN entity e ON e.id = r.to_id
  WHERE r.from_id = ? AND r.kind = ? ORDER BY r.first_at, e.id LIMIT ?`
const proofs = `SELECT p.event_id AS event, v.at FROM relation_proof p LEFT JOIN event v ON v.id = p.event_id
  WHERE p.relation_id = ? AND p.event_id IS NOT NULL ORDER BY v.at IS NULL, v.at, p.position LIMIT ?`
const times = `SELECT v.at FROM relation_proof p JOIN event v ON v.id = p.event_id WHERE p.relation_id = ? AND v.at >= ? ORDER BY v.at LIMIT 1`

/** A shared file or page can have relations by the thousand (a logo everybody loads); a trace follows the first of them. */
const MAX_STEPS = 1000

/** Below, the name of a file or of a host alone ties what happened to the message: it may belong to something else. */
const SURE_FROM = 0.6
export const isSureStep = ({ confidence }: Step): boolean => confidence >= SURE_FROM

/** Clocks of mail system and endpoints differ: a use this much before the delivery is taken as after it. */
export const SKEW_TOLERANCE = 5 * 60 * 1_000_000

interface Row {
  id: number
  first_at: number | null
  last_at: number | null
  confidence: number
  entity: number
  kind: EntityKind
  name: string
}

/** An event that proves a relation. */
export interface Use {
  readonly event: number
  readonly at: number | null
}

/** Follows relations of one kind; its statements are prepared once for many traces. */
export class Steps {
  readonly #forward
  readonly #times
  readonly #proofs
  constructor(db: ReadStore) {
    this.#forward = db.prepare(forward)
    this.#proofs = db.prepare(proofs)
    this.#times = db.prepare(times).pluck()
  }

  from(id: number, kind: string): Step[] {
    return (this.#forward.all(id, kind, MAX_STEPS) as Row[]).map((row) => ({
      id: row.id,
      other: { id: String(row.entity), kind: row.kind, name: row.name },
      first: row.first_at,
      last: row.last_at,
      confidence: row.confidence,
    }))
  }

  /** Events that prove the relation, as far as they are kept. */
  usesOf(step: Step): Use[] {
    return this.#proofs.all(step.id, MAX_STEPS) as Use[]
  }

  /** First use of the relation at or after `since`; null when every known use was before. */
  firstUse(step: Step, since: number | null): number | null {
    if (since === null || step.first === null) return step.first
    const start = since - SKEW_TOLERANCE
    if (step.first >= start) return step.first
    const proven = this.#times.get(step.id, start) as number | undefined
    if (proven !== undefined) return proven
    return step.last !== null && step.last >= start ? step.last : null
  }
}
