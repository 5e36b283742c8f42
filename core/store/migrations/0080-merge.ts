import type { Migration } from '../migrate.ts'

/**
 * Work of colleagues brought together with ours (ADR 0030): each merge with what it changed (so that it can be told and taken back),
 * conflicts that were settled, and the audit chains of the other cases, entry by entry, as append-only as our own.
 */
const migration: Migration = {
  version: 80,
  sql: `
CREATE TABLE merged_chain (id INTEGER PRIMARY KEY, case_id TEXT NOT NULL) STRICT;
CREATE TABLE merged_audit (
  chain_id INTEGER NOT NULL REFERENCES merged_chain(id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  evidence_id INTEGER,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (chain_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER merged_audit_no_update BEFORE UPDATE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END;
CREATE TRIGGER merged_audit_no_delete BEFORE DELETE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END;
CREATE TABLE case_merge (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  case_id TEXT NOT NULL,
  file TEXT NOT NULL,
  chain_id INTEGER NOT NULL REFERENCES merged_chain(id),
  entries INTEGER NOT NULL,
  head TEXT NOT NULL,
  counts TEXT NOT NULL,
  undone_at INTEGER,
  undone_first INTEGER,
  undone_last INTEGER
) STRICT;
CREATE TABLE merge_item (
  merge_id INTEGER NOT NULL REFERENCES case_merge(id),
  position INTEGER NOT NULL,
  part TEXT NOT NULL,
  item TEXT NOT NULL,
  before TEXT,
  after TEXT,
  PRIMARY KEY (merge_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE merge_settled (
  part TEXT NOT NULL,
  item TEXT NOT NULL,
  mine TEXT NOT NULL,
  theirs TEXT NOT NULL,
  choice TEXT NOT NULL,
  merge_id INTEGER NOT NULL REFERENCES case_merge(id),
  PRIMARY KEY (part, item)
) STRICT, WITHOUT ROWID;
`,
}
export default migration
