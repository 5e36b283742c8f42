import type { Migration } from '../migrate.ts'

/**
 * Reputation to the letter: packs that are switched off for judging now, and what the offline analysis recorded of untested
 * URLs.
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
CREATE TABLE plan_decision (
  item TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
}
export default migration
