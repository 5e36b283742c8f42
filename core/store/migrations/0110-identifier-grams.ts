import type { Migration } from '../migrate.ts'

/**
 * Which three characters stand in a row in which identifiers (core/store/identifier-grams.ts), so that a part of a hash or GUID is not
 * looked for in each of millions. Made of the strings after they are stored; a case without it is searched through as before.
 */
const migration: Migration = {
  version: 110,
  sql: `
CREATE TABLE identifier_gram (
  id INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
) STRICT;
`,
}
export default migration
