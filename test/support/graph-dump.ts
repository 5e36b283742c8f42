import type { TestCase } from './case-builder.ts'

const entities = 'SELECT key, kind, name, first_seen, last_seen, attributes FROM entity ORDER BY key'
const aliases = `SELECT e.key, a.kind, a.value, a.evidence_id, a.record, a.confidence, a.reason FROM alias a JOIN entity e ON e.id = a.entity_id
  ORDER BY e.key, a.kind, a.value`
const relations = `SELECT r.kind, f.key AS "from", t.key AS "to", r.first_at, r.last_at, r.count, r.confidence, r.observed, r.rule, r.reason, r.event_total, hex(r.uses) AS uses,
  (SELECT group_concat(p.position || ':' || coalesce(p.event_id, '') || ':' || p.evidence_id || ':' || p.record) FROM relation_proof p WHERE p.relation_id = r.id) AS proofs
  FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id ORDER BY r.kind, f.key, t.key`
const detections = `SELECT d.key, d.rule, d.what, d.level, s.key AS subject, d.first_at, d.last_at, d.count, d.confidence, d.reason, d.proof_total,
  (SELECT group_concat(k) FROM (SELECT e.key AS k FROM detection_entity p JOIN entity e ON e.id = p.entity_id WHERE p.detection_id = d.id ORDER BY e.key)) AS involved,
  (SELECT group_concat(p.position || ':' || coalesce(p.event_id, '') || ':' || p.evidence_id || ':' || p.record) FROM detection_proof p WHERE p.detection_id = d.id) AS proofs
  FROM detection d JOIN entity s ON s.id = d.subject_id ORDER BY d.key`
const events = `SELECT e.id, h.key AS endpoint, u.key AS user FROM event e LEFT JOIN entity h ON h.id = e.endpoint_id LEFT JOIN entity u ON u.id = e.user_id ORDER BY e.id`

const sorted = (attributes: string): string =>
  JSON.stringify(Object.entries(JSON.parse(attributes) as Record<string, unknown>).sort())

/** Everything correlation wrote, by keys: two cases with the same records have the same, whatever their row ids are. */
export function dumpGraph({ db }: TestCase): Record<string, unknown[]> {
  return {
    entities: (db.prepare(entities).all() as { attributes: string }[]).map((row) => ({
      ...row,
      attributes: sorted(row.attributes),
    })),
    aliases: db.prepare(aliases).all(),
    relations: db.prepare(relations).all(),
    detections: db.prepare(detections).all(),
    events: db.prepare(events).all(),
  }
}

/** Row ids of entities, relations and detections. */
export const dumpIds = ({ db }: TestCase): unknown[] => [
  db.prepare('SELECT id, key FROM entity ORDER BY id').all(),
  db.prepare('SELECT id, kind, from_id, to_id FROM relation ORDER BY id').all(),
  db.prepare('SELECT id, key FROM detection ORDER BY id').all(),
]
