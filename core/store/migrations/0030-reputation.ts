import type { Migration } from '../migrate.ts'

/**
 * Reputation to the letter: packs that are switched off for judging now, what the offline analysis recorded of untested URLs, names of
 * patterns and URLs packed for scanning (shelf/packed-*.ts), decisions about steps of the plan.
 */
const migration: Migration = {
  version: 30,
  sql: `
CREATE TABLE pack_off (
  pack_id INTEGER PRIMARY KEY REFERENCES pack(id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE url_analysis (
  url_id INTEGER PRIMARY KEY REFERENCES url(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  version TEXT NOT NULL,
  level TEXT NOT NULL,
  category TEXT NOT NULL,
  score REAL NOT NULL,
  signs TEXT NOT NULL
) STRICT;
CREATE TABLE pack_table (
  pack_id INTEGER PRIMARY KEY REFERENCES pack(id) ON DELETE CASCADE,
  filter BLOB NOT NULL,
  slots BLOB NOT NULL,
  hosts BLOB NOT NULL,
  starts BLOB NOT NULL,
  ids BLOB NOT NULL,
  marks BLOB NOT NULL
) STRICT;
CREATE TABLE url_table (
  part INTEGER PRIMARY KEY,
  last_id INTEGER NOT NULL,
  hosts BLOB NOT NULL,
  starts BLOB NOT NULL,
  names BLOB NOT NULL,
  name_counts BLOB NOT NULL,
  first BLOB NOT NULL,
  ids BLOB NOT NULL
) STRICT;
CREATE TRIGGER url_table_deleted AFTER DELETE ON url BEGIN DELETE FROM url_table; END;
CREATE TRIGGER url_table_changed AFTER UPDATE OF url, host ON url BEGIN DELETE FROM url_table; END;
CREATE TABLE plan_decision (
  item TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
export default migration
