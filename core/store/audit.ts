import { createHash } from 'node:crypto'
import type { AuditRow } from '../contract/nouns/evidence.ts'
import type { Page } from '../contract/shapes.ts'
import { readIdCursor } from './cursor.ts'
import { toIso } from './time.ts'
import type { ReadStore, WriteStore } from './store.ts'

/** What a state change says of itself. `details` is plain JSON: ids, names, hashes, counts; never evidence content. */
export interface AuditEntry {
  readonly at: number
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
  readonly evidenceId?: number | null
  readonly actor?: string
}

const GENESIS = '0'.repeat(64)
const last = 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1'
const insert =
  'INSERT INTO audit (seq, at, actor, action, details, evidence_id, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'

/** SHA-256 over the row and the hash before it. JSON array of fixed order = one canonical text. */
function hashOf(row: readonly [number, number, string, string, string, number | null, string]): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('hex')
}

/**
 * Appends one entry to the hash chain. Call it inside the transaction of the change it records.
 * The chain shows edits and removals inside it; that the tail was not cut is shown by the head printed in reports.
 */
export function appendAudit(db: WriteStore, entry: AuditEntry): void {
  const before = db.prepare(last).get() as { seq: number; hash: string } | undefined
  const seq = (before?.seq ?? 0) + 1
  const previous = before?.hash ?? GENESIS
  const actor = entry.actor ?? 'analyst'
  const details = JSON.stringify(entry.details)
  const evidenceId = entry.evidenceId ?? null
  const hash = hashOf([seq, entry.at, actor, entry.action, details, evidenceId, previous])
  db.prepare(insert).run(seq, entry.at, actor, entry.action, details, evidenceId, previous, hash)
}

interface Row {
  seq: number
  at: number
  actor: string
  action: string
  details: string
  evidence_id: number | null
  previous: string
  hash: string
}
const toAuditRow = (row: Row): AuditRow => ({
  seq: row.seq,
  at: toIso(row.at),
  actor: row.actor,
  action: row.action,
  details: JSON.parse(row.details) as Record<string, unknown>,
  evidenceId: row.evidence_id === null ? null : String(row.evidence_id),
  hash: row.hash,
})

const page = `SELECT * FROM audit WHERE seq > @after AND (@evidence IS NULL OR evidence_id = @evidence) ORDER BY seq LIMIT @limit`
const count = `SELECT count(*) FROM audit WHERE (@evidence IS NULL OR evidence_id = @evidence)`

/** Chain of custody, oldest first; with an evidence id only what touched that item. */
export function listAudit(
  db: ReadStore,
  filter: { evidenceId?: string | null | undefined; cursor?: string | null | undefined; limit: number },
): Page<AuditRow> {
  const evidence = filter.evidenceId == null ? null : Number(filter.evidenceId)
  const rows = db
    .prepare(page)
    .all({ after: readIdCursor(filter.cursor), evidence, limit: filter.limit + 1 }) as Row[]
  const shown = rows.slice(0, filter.limit)
  return {
    rows: shown.map(toAuditRow),
    next: rows.length > filter.limit ? String(shown.at(-1)?.seq) : null,
    total: db.prepare(count).pluck().get({ evidence }) as number,
  }
}

/** What recomputing a chain says. `brokenAt` is the first entry that does not fit. */
export interface ChainCheck {
  readonly ok: boolean
  readonly entries: number
  readonly head: string
  readonly brokenAt: number | null
}

/** A row of the log as it is stored, of this case or of one that was merged. */
export type ChainRow = Row

/** Recomputes a chain from its start; `each` sees every entry that fits. */
export function verifyChain(
  rows: Iterable<ChainRow>,
  each: (row: ChainRow) => void = () => undefined,
): ChainCheck {
  let previous = GENESIS
  let entries = 0
  for (const row of rows) {
    entries += 1
    const hash = hashOf([row.seq, row.at, row.actor, row.action, row.details, row.evidence_id, row.previous])
    if (row.seq !== entries || row.previous !== previous || row.hash !== hash) {
      return { ok: false, entries, head: previous, brokenAt: row.seq }
    }
    previous = row.hash
    each(row)
  }
  return { ok: true, entries, head: previous, brokenAt: null }
}

/** The whole log, oldest entry first. */
export const chainRows = (db: ReadStore): IterableIterator<ChainRow> =>
  db.prepare('SELECT * FROM audit ORDER BY seq').iterate() as IterableIterator<ChainRow>

/** Recomputes the chain of the case from the start. */
export const verifyAudit = (db: ReadStore): ChainCheck => verifyChain(chainRows(db))

/** Hash of the newest entry: the anchor printed in every report. */
export function auditHead(db: ReadStore): string {
  return (db.prepare(last).get() as { hash: string } | undefined)?.hash ?? GENESIS
}
