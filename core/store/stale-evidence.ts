import { findSuperseded } from './snapshots.ts'
import type { ReadStore } from './store.ts'

/** Key of `case_info` for what {@link summariseStale} found. */
export const STALE_EVIDENCE = 'stale_evidence'

/** Ids are used again after a removal, so the hash names the export. */
const exports = `SELECT group_concat(id || substr(sha256, 1, 16) || status) FROM (SELECT e.id, e.sha256, e.status FROM evidence e
  WHERE EXISTS (SELECT 1 FROM directory_object d WHERE d.evidence_id = e.id) ORDER BY e.id)`
const counts = `SELECT evidence_id, count(*) AS objects FROM directory_object GROUP BY evidence_id`

/** What directory exports there were when stale ones were looked for, and which they are. */
interface StaleSummary {
  readonly evidence: string
  readonly stale: readonly number[]
}

/** Of the way they are looked for: what an earlier version left behind in a case is looked for anew. */
const WAY = 2
const evidenceNow = (db: ReadStore): string => `${WAY}:${String(db.prepare(exports).pluck().get() ?? '')}`

/** `1,2|...`: a case may come from somebody else, so that its text is read by hand. */
const toText = ({ evidence, stale }: StaleSummary): string => `${stale.join(',')}|${evidence}`
function storedSummary(db: ReadStore): StaleSummary | undefined {
  const text = db.prepare('SELECT value FROM case_info WHERE key = ?').pluck().get(STALE_EVIDENCE)
  if (typeof text !== 'string') return undefined
  const cut = text.indexOf('|')
  const ids = text.slice(0, Math.max(cut, 0)).split(',')
  return { evidence: text.slice(cut + 1), stale: ids.filter((id) => /^\d{1,15}$/.test(id)).map(Number) }
}

/**
 * Evidence items of whose directory objects most are superseded by a newer export (S12), as text for `case_info`. Comparing
 * takes some seconds for directories of a hundred thousand accounts; the import of a log changes nothing in it.
 */
export function summariseStale(db: ReadStore): string {
  const evidence = evidenceNow(db)
  const known = storedSummary(db)
  const stale = known?.evidence === evidence ? known.stale : [...lookForStale(db)]
  return toText({ evidence, stale })
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
 * Ids of stale evidence. What the last import left behind is used while the exports are the same; else the
 * objects are compared, once per connection.
 */
export function listStaleEvidence(db: ReadStore): ReadonlySet<number> {
  const evidence = evidenceNow(db)
  const known = looked.get(db)
  if (known?.evidence === evidence) return known.stale
  const summary = storedSummary(db)
  const stale = summary?.evidence === evidence ? new Set(summary.stale) : lookForStale(db)
  looked.set(db, { evidence, stale })
  return stale
}
