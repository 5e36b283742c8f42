import type { Migration } from '../migrate.ts'

/**
 * How a screen stood when the case was closed, so that it stands so again: the picture of the graph that nobody saved under a name,
 * what the Timeline was asked for. No work of the analyst: not in the audit log, not undone, not merged.
 */
const migration: Migration = {
  version: 90,
  sql: `
CREATE TABLE desk (screen TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
}
export default migration
