import type { CaseInfo } from '../contract/nouns/case.ts'
import { auditHead } from './audit.ts'
import { countEvents } from './event-counts.ts'
import { SCHEMA_VERSION } from './migrate.ts'
import { STALE_EVIDENCE, summariseStale } from './stale-evidence.ts'
import type { ReadStore, WriteStore } from './store.ts'
import { toIso } from './time.ts'

const counts = `SELECT (SELECT count(*) FROM evidence) AS evidence,
  (SELECT count(DISTINCT entity_id) + count(*) FILTER (WHERE entity_id IS NULL) FROM message) AS messages,
  (SELECT count(*) FROM message) AS messageCopies, (SELECT count(*) FROM directory_object) AS directoryObjects,
  (SELECT count(*) FROM entity) AS entities, (SELECT count(*) FROM relation) AS relations, (SELECT count(*) FROM issue) AS issues`
const set = `INSERT INTO case_info (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

export const readInfo = (db: ReadStore, key: string): string | undefined =>
  db.prepare('SELECT value FROM case_info WHERE key = ?').pluck().get(key) as string | undefined

/** Under which a correlation run keeps the rules that failed in it: a JSON list of ids. */
export const FAILED_RULES = 'correlation_failed'

export const writeInfo = (db: WriteStore, key: string, value: string): void =>
  void db.prepare(set).run(key, value)

/**
 * Evidence changed: relations no longer show everything until the next correlation run, and an older directory export may
 * have become stale (S12).
 */
export function markStale(db: WriteStore): void {
  writeInfo(db, 'correlation_stale', '1')
  writeInfo(db, STALE_EVIDENCE, summariseStale(db))
}

/** What the open case is. `name` is its file name. */
export function readCaseInfo(db: ReadStore, name: string, readOnly: boolean): CaseInfo {
  return {
    name,
    caseId: readInfo(db, 'case_id') ?? '',
    createdAt: toIso(Number(readInfo(db, 'created_at') ?? 0)),
    zone: readInfo(db, 'zone') ?? 'UTC',
    readOnly,
    schemaVersion: SCHEMA_VERSION,
    toolVersion: readInfo(db, 'tool_version') ?? '',
    auditHead: auditHead(db),
    isDemo: readInfo(db, 'is_demo') === '1',
    counts: { ...(db.prepare(counts).get() as Omit<CaseInfo['counts'], 'events'>), events: countEvents(db) },
    correlationStale: readInfo(db, 'correlation_stale') === '1',
    failedRules: JSON.parse(readInfo(db, FAILED_RULES) ?? '[]') as string[],
  }
}
