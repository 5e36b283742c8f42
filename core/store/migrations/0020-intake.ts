import { EVENT_FIELD_NAMES } from '../../model/event.ts'
import type { Migration } from '../migrate.ts'

/** `hostId` -> `host_id` */
const toColumn = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const newColumns = EVENT_FIELD_NAMES.slice(43, 62)
  .map((name) => `ALTER TABLE event ADD COLUMN ${toColumn(name)} INTEGER;`)
  .join('\n')

/**
 * Intake at full breadth: event fields for proxies, alerts, cloud and mail logs; the choices an import was made with
 * (mapping, order of day and month); the record an issue stands at; the column names above raw rows; when a directory
 * snapshot was taken (S12).
 *
 * Faster and smaller (`npm run bench -- intake`): the keys of records beside their raw text instead of a second index over
 * all keys; smaller event indexes; strings found by a hash (`h` and `str_hash`, see string-index.ts) instead of an index that holds
 * each text a second time; a full-text index without sizes, whose parts are merged when there are many and not with every batch.
 * Event indexes and missing hashes are made when the case is opened for writing.
 */
const migration: Migration = {
  version: 20,
  sql: `
${newColumns}
ALTER TABLE evidence ADD COLUMN choices TEXT NOT NULL DEFAULT '{}';
ALTER TABLE issue ADD COLUMN record INTEGER;
ALTER TABLE directory_object ADD COLUMN collected_at INTEGER;
CREATE TABLE raw_heading (
  evidence_id INTEGER NOT NULL REFERENCES evidence(id),
  first_record INTEGER NOT NULL,
  heading TEXT,
  PRIMARY KEY (evidence_id, first_record)
) STRICT, WITHOUT ROWID;
DROP INDEX record_key_evidence;
ALTER TABLE raw_block ADD COLUMN keys BLOB;
DROP INDEX IF EXISTS event_at;
DROP INDEX IF EXISTS event_kind_at;
DROP INDEX IF EXISTS event_host_at;
DROP INDEX IF EXISTS event_account_at;
DROP INDEX IF EXISTS event_process;
DROP INDEX IF EXISTS event_evidence;
DROP INDEX IF EXISTS event_endpoint_at;
DROP INDEX IF EXISTS event_user_at;
CREATE TABLE str_by_hash (id INTEGER PRIMARY KEY, v TEXT NOT NULL, h INTEGER) STRICT;
INSERT INTO str_by_hash (id, v) SELECT id, v FROM str;
DROP TABLE str;
ALTER TABLE str_by_hash RENAME TO str;
CREATE TABLE str_hash (h INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (h, id)) STRICT, WITHOUT ROWID;
DROP TABLE str_fts;
CREATE VIRTUAL TABLE str_fts USING fts5(v, content='str', content_rowid='id', tokenize='trigram', detail=none, columnsize=0);
INSERT INTO str_fts (str_fts, rank) VALUES ('automerge', 0);
INSERT INTO str_fts (str_fts, rank) VALUES ('crisismerge', 64);
INSERT INTO str_fts (str_fts) VALUES ('rebuild');
INSERT INTO case_info (key, value) SELECT 'str_indexed', CAST(max(id) AS TEXT) FROM str WHERE true HAVING max(id) IS NOT NULL
  ON CONFLICT (key) DO UPDATE SET value = excluded.value;
`,
}
export default migration
