import type { Migration } from '../migrate.ts'

/** Sweeps: saved criteria, runs and what each found. */
const migration: Migration = {
  version: 50,
  sql: `
CREATE TABLE sweep_criteria (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  format TEXT NOT NULL,
  indicators INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE sweep_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER,
  to_at INTEGER,
  counts TEXT NOT NULL,
  totals TEXT NOT NULL,
  criteria TEXT NOT NULL
) STRICT;
CREATE TABLE sweep_sighting (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES sweep_run(id) ON DELETE CASCADE,
  indicator TEXT NOT NULL,
  at INTEGER,
  event_id INTEGER,
  entity_id INTEGER,
  user_id INTEGER,
  evidence_id INTEGER NOT NULL,
  record INTEGER NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX sweep_sighting_run ON sweep_sighting(run_id, indicator);
`,
}
export default migration
