import { findSuperseded } from './snapshots.ts'
import type { ReadStore } from './store.ts'

/** Key of `case_info` for what {@link summariseStale} found. */
export const STALE_EVIDENCE = 'stale_evidence'

const finished = `SELECT group_concat(id || status) FROM (SELECT id, status FROM evidence ORDER BY id)`
const counts = `SELECT evidence_id, count(*) AS objects FROM directory_object GROUP BY evidence_id`

/** What evidence there was when stale items were looked for, and what they are. */
interface StaleSummary {
  readonly evidence: string
  readonly stale: readonly number[]
}

const evidenceNow = (db: ReadStore): string => String(db.prepare(finished).pluck().get() ?? '')

/** Evidence items of whose directory objects most are superseded by a newer export (S12), as text for `case_info`. */
export function summariseStale(db: ReadStore): string {
  return JSON.stringify({ evidence: evidenceNow(db), stale: [...lookForStale(db)] } satisfies StaleSummary)
}

function lookForStale(db: ReadStore): Set<number> {
  const superseded = new Map<number, number>()
  for (const { evidenceId, objects, isWhole } of findSuperseded(db))
    if (isWhole) superseded.set(evidenceId, (superseded.get(evidenceId) ?? 0) + objects)
  if (superseded.size === 0) return new Set()
  const all = db.prepare(counts).all() as { evidence_id: number; objects: number }[]
  return new Set(
    all.flatMap(({ evidence_id, objects }) =>
      (superseded.get(evidence_id) ?? 0) * 2 > objects ? [evidence_id] : [],
    ),
  )
}

const looked = new WeakMap<ReadStore, { readonly evidence: string; readonly stale: ReadonlySet<number> }>()

/**
 * Ids of stale evidence. What the last change of evidence left behind is used while the evidence is the same; else the
 * objects are compared, once per connection.
 */
export function listStaleEvidence(db: ReadStore): ReadonlySet<number> {
  const evidence = evidenceNow(db)
  const known = looked.get(db)
  if (known?.evidence === evidence) return known.stale
  const stored = db.prepare('SELECT value FROM case_info WHERE key = ?').pluck().get(STALE_EVIDENCE)
  const summary = typeof stored === 'string' ? (JSON.parse(stored) as StaleSummary) : undefined
  const stale = summary?.evidence === evidence ? new Set(summary.stale) : lookForStale(db)
  looked.set(db, { evidence, stale })
  return stale
}
