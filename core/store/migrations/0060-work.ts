import type { Migration } from '../migrate.ts'

/** The analyst's work: marks on what the case holds, and the steps that undo and redo take back. */
const migration: Migration = {
  version: 60,
  sql: `
CREATE TABLE mark (
  id INTEGER PRIMARY KEY,
  target_kind TEXT NOT NULL,
  target_key TEXT NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;
CREATE INDEX mark_target ON mark(target_kind, target_key);
CREATE INDEX mark_type ON mark(type, value);
CREATE TABLE work_step (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  is_undone INTEGER NOT NULL DEFAULT 0
) STRICT;
`,
}
export default migration
