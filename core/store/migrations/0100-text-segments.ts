import type { Migration } from '../migrate.ts'

/**
 * Where texts stand, so that a search for a rare one looks at few events of millions (core/store/text-segments.ts). Made of the events
 * after they are stored; a case without it is searched through as before.
 */
const migration: Migration = {
  version: 100,
  sql: `
CREATE TABLE text_segment (
  segment INTEGER PRIMARY KEY,
  last_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  base INTEGER NOT NULL,
  times BLOB NOT NULL,
  fresh BLOB NOT NULL,
  ids BLOB NOT NULL,
  masks BLOB NOT NULL
) STRICT;
CREATE TABLE column_text (
  name TEXT NOT NULL,
  segment INTEGER NOT NULL,
  ids BLOB NOT NULL,
  PRIMARY KEY (name, segment)
) STRICT, WITHOUT ROWID;
`,
}
export default migration
