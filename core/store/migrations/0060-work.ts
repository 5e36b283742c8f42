import type { Migration } from '../migrate.ts'

/**
 * The analyst's work: marks on what the case holds, views that were saved, entities and relations the analyst adds, and the
 * steps that undo and redo take back. Keys name a thing in a colleague's case of the same evidence, too.
 */
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
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  screen TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_view_name ON saved_view(screen, name);
CREATE TABLE analyst_entity (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;
CREATE TABLE analyst_relation (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  from_key TEXT NOT NULL,
  from_name TEXT NOT NULL,
  to_key TEXT NOT NULL,
  to_name TEXT NOT NULL,
  label TEXT NOT NULL,
  text TEXT NOT NULL,
  confidence REAL NOT NULL,
  happened_at INTEGER,
  at INTEGER NOT NULL,
  changed_at INTEGER,
  actor TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX analyst_relation_ends ON analyst_relation(from_key, to_key);
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
