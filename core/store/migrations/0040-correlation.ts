import type { Migration } from '../migrate.ts'

/**
 * What rules detect (a pattern over events, about one entity, with others involved), beside the relations they find; and
 * what each rule found where when it last ran, with what it had read (ADR 0025): a unit is a rule in the whole case or on one
 * endpoint (`scope` is its key), its parts hold what it found, packed, `marks` a number for each key and each content.
 * `identity_decision`: what analysts said of who is who, applied by every run. The two indexes of relations by their ends hold all that a walk from one to
 * the next asks for (58 bytes a relation): three hops around an entity read some index pages and no row.
 */
const migration: Migration = {
  version: 40,
  sql: `
DROP INDEX relation_from;
DROP INDEX relation_to;
CREATE INDEX relation_from ON relation(from_id, kind, to_id, first_at, last_at, confidence);
CREATE INDEX relation_to ON relation(to_id, kind, from_id, first_at, last_at, confidence);
CREATE TABLE detection (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  what TEXT NOT NULL,
  level TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES entity(id),
  first_at INTEGER,
  last_at INTEGER,
  count INTEGER NOT NULL,
  confidence REAL NOT NULL,
  reason TEXT NOT NULL,
  proof_total INTEGER NOT NULL,
  run INTEGER NOT NULL
) STRICT;
CREATE INDEX detection_subject ON detection(subject_id);
CREATE INDEX detection_time ON detection(first_at, id);
CREATE TABLE detection_entity (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  PRIMARY KEY (detection_id, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX detection_entity_entity ON detection_entity(entity_id);
CREATE TABLE detection_proof (
  detection_id INTEGER NOT NULL REFERENCES detection(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (detection_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE correlation_unit (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  scope TEXT NOT NULL,
  version TEXT NOT NULL,
  reads BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  relations INTEGER NOT NULL,
  detections INTEGER NOT NULL,
  UNIQUE (rule, scope)
) STRICT;
CREATE TABLE correlation_part (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES correlation_unit(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  marks BLOB NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX correlation_part_unit ON correlation_part(unit_id);
CREATE TABLE correlation_identity (entity_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL) STRICT;
CREATE TABLE clock_offset (
  clock INTEGER PRIMARY KEY,
  ahead INTEGER NOT NULL,
  confidence REAL NOT NULL,
  support INTEGER NOT NULL,
  against INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  proof TEXT NOT NULL
) STRICT;
CREATE TABLE relation_clock (
  relation_id INTEGER PRIMARY KEY REFERENCES relation(id) ON DELETE CASCADE,
  first_at INTEGER,
  last_at INTEGER,
  uses BLOB NOT NULL
) STRICT;
CREATE TABLE identity_decision (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  entity_kind TEXT NOT NULL,
  members TEXT NOT NULL,
  aliases TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  undone_at INTEGER,
  undo_reason TEXT,
  applied INTEGER
) STRICT;
`,
}
export default migration
