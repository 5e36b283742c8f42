import type { Migration } from '../migrate.ts'

/**
 * What rules detect (a pattern over events, about one entity, with others involved), beside the relations they find.
 */
const migration: Migration = {
  version: 40,
  sql: `
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
`,
}
export default migration
