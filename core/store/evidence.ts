import type { Mapping } from '../model/mapping.ts'
import type { EvidenceRow } from '../contract/nouns/evidence.ts'
import type { DateOrder } from '../model/date-order.ts'
import { hasEventCounts } from './event-counts.ts'
import { directoryState } from './directory-state.ts'
import { listStaleEvidence } from './stale-evidence.ts'
import type { ReadStore, WriteStore } from './store.ts'
import { toIso, toIsoOrNull } from './time.ts'

/** How far an import has come: parts done, records read of the current part. Written with every batch. */
export interface ImportCursor {
  readonly part: number
  readonly records: number
  /** Importer of the current part, chosen once so that a resumed import reads with the same one. */
  readonly importer: string | null
}

/** What the analyst said when the file was imported; a resumed import reads with the same answers. */
export interface ImportChoices {
  readonly dateOrder: DateOrder | null
  readonly mapping: Mapping | null
  readonly encoding?: string | null
  /** Endpoint it was collected from, as the analyst or a file beside it said. */
  readonly collectedFrom?: string
  /** Passwords were given (never which): what they opened cannot be gone on with while none is. */
  readonly hadPasswords?: boolean
}

export interface EvidenceRecord {
  readonly id: number
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly mtime_us: number
  readonly zone: string
  readonly path: string
  readonly format: string
  readonly format_override: string | null
  readonly cursor: string
  /** {@link ImportChoices} as JSON. */
  readonly choices: string
  readonly status: string
  readonly read: number
  readonly imported_at: number
}

const insert = `INSERT INTO evidence (name, sha256, bytes, mtime_us, zone, zone_assumed, status, imported_at, path, format_override, choices, cursor)
  VALUES (@name, @sha256, @bytes, @mtimeUs, @zone, 0, 'importing', @importedAt, @path, @formatOverride, @choices, @cursor)`

export function insertEvidence(
  db: WriteStore,
  row: {
    name: string
    sha256: string
    bytes: number
    mtimeUs: number
    zone: string
    importedAt: number
    path: string
    formatOverride: string | null
    choices: ImportChoices
    cursor: ImportCursor
  },
): number {
  return Number(
    db
      .prepare(insert)
      .run({ ...row, choices: JSON.stringify(row.choices), cursor: JSON.stringify(row.cursor) })
      .lastInsertRowid,
  )
}

export const findEvidenceByHash = (db: ReadStore, sha256: string): EvidenceRecord | undefined =>
  db.prepare('SELECT * FROM evidence WHERE sha256 = ?').get(sha256) as EvidenceRecord | undefined

/** Evidence read from this path whose import was cut off. */
export const findUnfinishedAt = (db: ReadStore, path: string): EvidenceRecord | undefined =>
  db
    .prepare(`SELECT * FROM evidence WHERE path = ? AND status IN ('importing', 'cancelled', 'failed')`)
    .get(path) as EvidenceRecord | undefined

export const findEvidence = (db: ReadStore, id: number): EvidenceRecord | undefined =>
  db.prepare('SELECT * FROM evidence WHERE id = ?').get(id) as EvidenceRecord | undefined

/** Imports that go on where they stopped when the same file is read again; in every other state it is a duplicate. */
const UNFINISHED: ReadonlySet<string> = new Set(['importing', 'cancelled', 'failed'])

/** Whether only a part of the file is in the case. */
export const isUnfinished = ({ status }: Pick<EvidenceRecord, 'status'>): boolean => UNFINISHED.has(status)

/** Evidence whose import was cut off: nobody ended it. */
export const listInterrupted = (db: ReadStore): EvidenceRecord[] =>
  db.prepare(`SELECT * FROM evidence WHERE status = 'importing' ORDER BY id`).all() as EvidenceRecord[]

/** From the kept counts, or (a case of an older schema that is only read) from the events themselves. */
const rowsOf = (source: 'event_count' | 'event'): string => `SELECT e.*,
  (SELECT ${source === 'event' ? 'count(*)' : 'coalesce(sum(v.count), 0)'} FROM ${source} v WHERE v.evidence_id = e.id) AS events,
  (SELECT min(${source === 'event' ? 'at' : 'first_at'}) FROM ${source} v WHERE v.evidence_id = e.id) AS first_at,
  (SELECT max(${source === 'event' ? 'at' : 'last_at'}) FROM ${source} v WHERE v.evidence_id = e.id) AS last_at,
  iif(json_valid(e.choices), e.choices ->> '$.collectedFrom', NULL) AS endpoint,
  (SELECT count(*) FROM message m WHERE m.evidence_id = e.id) AS messages,
  (SELECT count(*) FROM directory_object d WHERE d.evidence_id = e.id) AS directory_objects
  FROM evidence e WHERE (@id IS NULL OR e.id = @id) ORDER BY e.id`
const issueCounts = `SELECT evidence_id, code, count(*) AS count FROM issue WHERE (@id IS NULL OR evidence_id = @id) GROUP BY evidence_id, code ORDER BY evidence_id, code`

interface Row {
  id: number
  name: string
  path: string
  sha256: string
  bytes: number
  bytes_read: number
  format: string
  confidence: number
  zone: string
  zone_assumed: number
  endpoint: string | null
  read: number
  stored: number
  duplicate: number
  rejected: number
  status: EvidenceRow['status']
  error: string | null
  seconds: number
  imported_at: number
  events: number
  first_at: number | null
  last_at: number | null
  messages: number
  directory_objects: number
}

/** The conservation table; with an id only that item. */
export function listEvidence(db: ReadStore, id: number | null = null): EvidenceRow[] {
  const issues = new Map<number, { code: string; count: number }[]>()
  for (const issue of db.prepare(issueCounts).all({ id }) as {
    evidence_id: number
    code: string
    count: number
  }[]) {
    const list = issues.get(issue.evidence_id) ?? []
    list.push({ code: issue.code, count: issue.count })
    issues.set(issue.evidence_id, list)
  }
  const stale = listStaleEvidence(db)
  const rows = rowsOf(hasEventCounts(db) ? 'event_count' : 'event')
  return (db.prepare(rows).all({ id }) as Row[]).map((row) => ({
    id: String(row.id),
    name: row.name,
    path: row.path,
    sha256: row.sha256,
    bytes: row.bytes,
    bytesRead: row.bytes_read,
    format: row.format,
    confidence: Math.round(row.confidence * 1000) / 1000,
    zone: row.zone,
    zoneAssumed: row.zone_assumed === 1,
    ...(typeof row.endpoint === 'string' && { endpoint: row.endpoint }),
    read: row.read,
    stored: row.stored,
    duplicate: row.duplicate,
    rejected: row.rejected,
    events: row.events,
    messages: row.messages,
    directoryObjects: row.directory_objects,
    issues: issues.get(row.id) ?? [],
    status: row.status,
    error: row.error,
    seconds: row.seconds,
    importedAt: toIso(row.imported_at),
    firstAt: toIsoOrNull(row.first_at),
    lastAt: toIsoOrNull(row.last_at),
    stale: stale.has(row.id),
    ...(row.directory_objects > 0 && {
      directory: directoryState(db, row.id, row.sha256, row.directory_objects),
    }),
  }))
}

/** Mappings evidence was read with, newest first, each once. */
export function listMappings(db: ReadStore): { mapping: Mapping; evidenceName: string }[] {
  const rows = db
    .prepare(`SELECT name, choices FROM evidence WHERE choices LIKE '%"mapping":{%' ORDER BY id DESC`)
    .all() as { name: string; choices: string }[]
  const found = new Map<string, { mapping: Mapping; evidenceName: string }>()
  for (const { name, choices } of rows) {
    const { mapping } = JSON.parse(choices) as ImportChoices
    const key = JSON.stringify(mapping)
    if (mapping !== null && !found.has(key)) found.set(key, { mapping, evidenceName: name })
  }
  return [...found.values()]
}
