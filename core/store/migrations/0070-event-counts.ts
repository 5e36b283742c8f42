import type { Migration } from '../migrate.ts'

/**
 * How many events of an evidence file and a kind there are in each hour, kept by the writer of events: the histogram, the
 * coverage of a source and the totals of a case of millions are read from some thousand rows (performance.md section 4).
 */
const migration: Migration = {
  version: 70,
  sql: `
CREATE TABLE event_count (
  evidence_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER,
  last_at INTEGER,
  PRIMARY KEY (evidence_id, kind, hour)
) STRICT, WITHOUT ROWID;
`,
}
export default migration
