import type { Migration } from '../migrate.ts'

/**
 * Which contents were read, with their own hash (core/evidence/repeated-parts.ts), so that a log is known again inside an archive, or
 * beside one. Evidence of before has none: its contents are not known again.
 */
const migration: Migration = {
  version: 120,
  sql: `
CREATE TABLE evidence_part (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  part INTEGER NOT NULL,
  importer TEXT NOT NULL,
  origin TEXT NOT NULL,
  first_record INTEGER NOT NULL,
  records INTEGER,
  bytes INTEGER,
  sha256 TEXT,
  is_repeat INTEGER NOT NULL,
  PRIMARY KEY (evidence_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_part_bytes ON evidence_part(bytes, sha256);
`,
}
export default migration
