import type { WriteStore } from './store.ts'

/**
 * Secondary indexes of the event table. They are built after a large import, not during it (1.7 times faster,
 * performance.md section 3), so a case may lack them for a while; the schema check allows exactly these. The row id is
 * part of every index by itself, so they also give the order (at, id). Events without the value are left out: most have
 * no process, and before the first correlation none has an entity.
 */
export const EVENT_INDEXES: Readonly<Record<string, string>> = {
  event_at: 'CREATE INDEX event_at ON event(at)',
  event_kind_at: 'CREATE INDEX event_kind_at ON event(kind, at)',
  event_host_at: 'CREATE INDEX event_host_at ON event(host, at) WHERE host IS NOT NULL',
  event_account_at: 'CREATE INDEX event_account_at ON event(account, at) WHERE account IS NOT NULL',
  event_process: 'CREATE INDEX event_process ON event(process_path, at) WHERE process_path IS NOT NULL',
  event_evidence: 'CREATE INDEX event_evidence ON event(evidence_id, record)',
  event_endpoint_at: 'CREATE INDEX event_endpoint_at ON event(endpoint_id, at) WHERE endpoint_id IS NOT NULL',
  event_user_at: 'CREATE INDEX event_user_at ON event(user_id, at) WHERE user_id IS NOT NULL',
}

/** What they were before schema version 20, whose migration drops them: a case of then is still opened for reading. */
const EVENT_INDEXES_10: Readonly<Record<string, string>> = {
  event_at: 'CREATE INDEX event_at ON event(at, id)',
  event_kind_at: 'CREATE INDEX event_kind_at ON event(kind, at, id)',
  event_host_at: 'CREATE INDEX event_host_at ON event(host, at, id)',
  event_account_at: 'CREATE INDEX event_account_at ON event(account, at, id)',
  event_process: 'CREATE INDEX event_process ON event(process_path, at, id)',
  event_evidence: 'CREATE INDEX event_evidence ON event(evidence_id, record)',
  event_endpoint_at: 'CREATE INDEX event_endpoint_at ON event(endpoint_id, at, id)',
  event_user_at: 'CREATE INDEX event_user_at ON event(user_id, at, id)',
}

/** The event indexes a case of that schema version may have. */
export const eventIndexesOf = (version: number): Readonly<Record<string, string>> =>
  version < 20 ? EVENT_INDEXES_10 : EVENT_INDEXES

const existing = `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event'`

/** Creates what is missing. Run at the end of an import, and when a case is opened for writing. */
export function buildEventIndexes(db: WriteStore): void {
  const present = new Set(db.prepare(existing).pluck().all())
  for (const [name, sql] of Object.entries(EVENT_INDEXES)) if (!present.has(name)) db.exec(sql)
}

/** Drops them before a bulk load. */
export function dropEventIndexes(db: WriteStore): void {
  const present = new Set(db.prepare(existing).pluck().all())
  for (const name of Object.keys(EVENT_INDEXES)) if (present.has(name)) db.exec(DROP[name] ?? '')
}
const DROP: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(EVENT_INDEXES).map((name) => [name, `DROP INDEX ${name}`]),
)
