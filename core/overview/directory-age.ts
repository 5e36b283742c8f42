import { provenTime } from '../store/snapshot-times.ts'
import type { ReadStore } from '../store/store.ts'

/** A directory this much older than the last event knows nothing of who came and went since. */
const OLD_DIRECTORY_US = 30 * 86_400_000_000
/** An export of a few accounts does not stand for the directory (ADR 0021): it has at least this share of the largest one. */
const WHOLE = 0.5

const exports = `SELECT d.domain, e.id, e.name, e.imported_at AS importedAt, d.collected_at AS stated, count(DISTINCT d.object_id) AS objects
  FROM directory_object d JOIN evidence e ON e.id = d.evidence_id WHERE d.kind IN ('user', 'computer', 'group')
  GROUP BY d.domain, e.id, stated`

/** A domain of which no export is of the time of the events. */
export interface OldDomain {
  /** Its DNS name; of a directory in the cloud the name of the export. */
  readonly name: string
  /** When its newest whole export was made, or not before, microseconds UTC; where nothing says it, when it was imported. */
  readonly at: number
}

/** Domains whose newest export is too old for what happened (S12), the oldest first: a fresh export of one domain says nothing of another. */
export function listOldDomains(db: ReadStore, lastAt: number | null): OldDomain[] {
  if (lastAt === null) return []
  const found = db.prepare(exports).all() as {
    domain: string | null
    id: number
    name: string
    importedAt: number
    stated: number | null
    objects: number
  }[]
  const rows = found.map((one) => ({ ...one, at: one.stated ?? provenTime(db, one) ?? one.importedAt }))
  const old: OldDomain[] = []
  for (const [domain, of] of Map.groupBy(rows, (one) => one.domain)) {
    const largest = Math.max(...of.map(({ objects }) => objects))
    const whole = of.filter(({ objects }) => objects >= largest * WHOLE)
    const newest = whole.reduce((a, b) => (b.at > a.at ? b : a))
    if (lastAt - newest.at > OLD_DIRECTORY_US) old.push({ name: domain ?? newest.name, at: newest.at })
  }
  return old.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
}
