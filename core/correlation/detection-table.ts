import { DETECTION_LEVELS, type DetectionLevel } from '../model/detection.ts'
import type { WriteStore } from '../store/store.ts'
import type { DraftedEntities } from './drafted-entities.ts'
import type { DetectionDraft } from './rule.ts'

/** Proofs kept per detection; a spray of a thousand passwords is proven by these, the rest is counted. */
const MAX_PROOFS = 200

interface Entry {
  readonly rule: string
  readonly what: string
  readonly subject: number
  readonly window: string
  level: DetectionLevel
  confidence: number
  reason: { key: string; params: Record<string, string | number> }
  first: number | null
  last: number | null
  count: number
  readonly involved: Set<number>
  readonly proofs: Map<string, { eventId: number | null; evidenceId: number; record: number }>
  proofTotal: number
}

const upsert = `INSERT INTO detection (key, rule, what, level, subject_id, first_at, last_at, count, confidence, reason, proof_total, run)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET level = excluded.level, subject_id = excluded.subject_id, first_at = excluded.first_at,
  last_at = excluded.last_at, count = excluded.count, confidence = excluded.confidence, reason = excluded.reason,
  proof_total = excluded.proof_total, run = excluded.run RETURNING id`
const insertEntity = 'INSERT OR IGNORE INTO detection_entity (detection_id, entity_id) VALUES (?, ?)'
const insertProof =
  'INSERT INTO detection_proof (detection_id, position, event_id, evidence_id, record) VALUES (?, ?, ?, ?, ?)'

/** Gathers what rules detect: the same detection about the same entity (and episode) is one. */
export class DetectionTable {
  readonly #entries = new Map<string, Entry>()
  readonly #entities: DraftedEntities

  constructor(entities: DraftedEntities) {
    this.#entities = entities
  }

  get size(): number {
    return this.#entries.size
  }

  add(rule: string, draft: DetectionDraft): void {
    const subject = this.#entities.idOf(draft.subject, draft)
    const window = draft.window ?? ''
    const key = `${rule}|${draft.detection}|${subject}|${window}`
    let entry = this.#entries.get(key)
    if (!entry) {
      entry = {
        rule,
        what: draft.detection,
        subject,
        window,
        level: draft.level,
        confidence: 0,
        reason: { key: '', params: {} },
        first: null,
        last: null,
        count: 0,
        involved: new Set(),
        proofs: new Map(),
        proofTotal: 0,
      }
      this.#entries.set(key, entry)
    }
    if (draft.confidence > entry.confidence) {
      entry.confidence = draft.confidence
      entry.reason = { key: `rule.${rule}.reason.${draft.reason}`, params: { ...draft.params } }
    }
    if (DETECTION_LEVELS.indexOf(draft.level) > DETECTION_LEVELS.indexOf(entry.level))
      entry.level = draft.level
    for (const at of [draft.at, draft.until ?? null]) {
      if (at === null) continue
      if (entry.first === null || at < entry.first) entry.first = at
      if (entry.last === null || at > entry.last) entry.last = at
    }
    entry.count += 1
    for (const handle of draft.involved ?? []) entry.involved.add(this.#entities.idOf(handle, draft))
    for (const proof of draft.proof) {
      const own = `${proof.evidenceId}:${proof.record}:${proof.eventId ?? ''}`
      if (entry.proofs.has(own)) continue
      entry.proofTotal += 1
      if (entry.proofs.size < MAX_PROOFS)
        entry.proofs.set(own, {
          eventId: proof.eventId ?? null,
          evidenceId: proof.evidenceId,
          record: proof.record,
        })
    }
  }

  /**
   * Writes detections of this run. Ids of what was there before stay.
   * @param ids row ids of drafted entities
   */
  save(db: WriteStore, run: number, ids: ReadonlyMap<number, number>): void {
    const keyOf = db.prepare('SELECT key FROM entity WHERE id = ?').pluck()
    const detection = db.prepare(upsert).pluck()
    const entity = db.prepare(insertEntity)
    const proofRow = db.prepare(insertProof)
    db.prepare('DELETE FROM detection_proof').run()
    db.prepare('DELETE FROM detection_entity').run()
    for (const entry of this.#entries.values()) {
      const subject = ids.get(entry.subject) ?? entry.subject
      const id = detection.get(
        `${entry.rule}|${entry.what}|${String(keyOf.get(subject))}|${entry.window}`,
        entry.rule,
        entry.what,
        entry.level,
        subject,
        entry.first,
        entry.last,
        entry.count,
        entry.confidence,
        JSON.stringify(entry.reason),
        entry.proofTotal,
        run,
      ) as number
      for (const one of new Set([subject, ...[...entry.involved].map((own) => ids.get(own) ?? own)]))
        entity.run(id, one)
      for (const [position, proof] of [...entry.proofs.values()].entries())
        proofRow.run(id, position, proof.eventId, proof.evidenceId, proof.record)
    }
  }
}
