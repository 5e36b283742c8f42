import type { RelationKind } from '../model/relation.ts'
import { POSSIBLE_RELATION_KINDS } from '../model/relation.ts'
import type { WriteStore } from '../store/store.ts'
import type { DraftedEntities } from './drafted-entities.ts'
import type { RelationDraft } from './rule.ts'

/** Proofs kept per relation, enough that a path finds the recipient who acted among many; the rest is counted. */
const MAX_PROOFS = 64
/** Uses kept per relation for the path search; a beacon has more, and its first and last are always kept. */
const MAX_USES = 4096

interface Entry {
  readonly kind: RelationKind
  readonly from: number
  readonly to: number
  uses: number[]
  count: number
  confidence: number
  rule: string
  reason: { key: string; params: Record<string, string | number> }
  proofs: Map<string, { eventId: number | null; evidenceId: number; record: number; at: number | null }>
  proofTotal: number
}
const POSSIBLE = new Set<RelationKind>(POSSIBLE_RELATION_KINDS)
const upsertRelation = `INSERT INTO relation (kind, from_id, to_id, first_at, last_at, count, confidence, observed, rule, reason, event_total, uses, run)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind, from_id, to_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, count = excluded.count,
  confidence = excluded.confidence, observed = excluded.observed, rule = excluded.rule, reason = excluded.reason,
  event_total = excluded.event_total, uses = excluded.uses, run = excluded.run RETURNING id`
const insertProof =
  'INSERT INTO relation_proof (relation_id, position, event_id, evidence_id, record) VALUES (?, ?, ?, ?, ?)'

/** Gathers what rules find: the same relation between the same two is one, with all its uses. */
export class RelationTable {
  readonly #entries = new Map<string, Entry>()
  readonly #entities: DraftedEntities

  constructor(entities: DraftedEntities) {
    this.#entities = entities
  }

  get size(): number {
    return this.#entries.size
  }

  add(rule: string, draft: RelationDraft): void {
    const from = this.#entities.idOf(draft.from, draft)
    const to = this.#entities.idOf(draft.to, draft)
    if (from === to) return
    const key = `${draft.kind}|${from}|${to}`
    const entry = this.#entries.get(key)
    const reason = { key: `rule.${rule}.reason.${draft.reason}`, params: { ...draft.params } }
    if (!entry) {
      const made: Entry = {
        kind: draft.kind,
        from,
        to,
        uses: [],
        count: 0,
        confidence: draft.confidence,
        rule,
        reason,
        proofs: new Map(),
        proofTotal: 0,
      }
      this.#entries.set(key, made)
      this.#use(made, draft)
      return
    }
    if (draft.confidence > entry.confidence) {
      entry.confidence = draft.confidence
      entry.rule = rule
      entry.reason = reason
    }
    this.#use(entry, draft)
  }

  #use(entry: Entry, draft: RelationDraft): void {
    entry.count += 1
    if (draft.at !== null) entry.uses.push(draft.at)
    for (const proof of draft.proof) {
      const key = `${proof.evidenceId}:${proof.record}:${proof.eventId ?? ''}`
      if (entry.proofs.has(key)) continue
      entry.proofTotal += 1
      if (entry.proofs.size < MAX_PROOFS)
        entry.proofs.set(key, {
          eventId: proof.eventId ?? null,
          evidenceId: proof.evidenceId,
          record: proof.record,
          at: draft.at,
        })
    }
  }

  /**
   * Writes relations of this run. Ids of what was there before stay.
   * @param ids row ids of drafted entities
   */
  save(db: WriteStore, run: number, ids: ReadonlyMap<number, number>): void {
    const relation = db.prepare(upsertRelation).pluck()
    const proofRow = db.prepare(insertProof)
    db.prepare('DELETE FROM relation_proof').run()
    for (const entry of this.#entries.values()) {
      const uses = [...new Set(entry.uses)].sort((a, b) => a - b)
      const kept = uses.length > MAX_USES ? thin(uses) : uses
      const id = relation.get(
        entry.kind,
        ids.get(entry.from) ?? entry.from,
        ids.get(entry.to) ?? entry.to,
        uses[0] ?? null,
        uses.at(-1) ?? null,
        entry.count,
        entry.confidence,
        POSSIBLE.has(entry.kind) ? 0 : 1,
        entry.rule,
        JSON.stringify(entry.reason),
        entry.proofTotal,
        Buffer.from(Float64Array.from(kept).buffer),
        run,
      ) as number
      const proofs = [...entry.proofs.values()].sort(
        (a, b) => (a.at ?? 0) - (b.at ?? 0) || a.evidenceId - b.evidenceId || a.record - b.record,
      )
      for (const [position, proof] of proofs.entries())
        proofRow.run(id, position, proof.eventId, proof.evidenceId, proof.record)
    }
  }
}

/** Evenly thinned, first and last kept. */
function thin(uses: readonly number[]): number[] {
  const step = (uses.length - 1) / (MAX_USES - 1)
  return Array.from({ length: MAX_USES }, (_, index) => uses[Math.round(index * step)] ?? 0)
}
