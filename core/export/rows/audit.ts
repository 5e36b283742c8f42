import type { ReadStore } from '../../store/store.ts'
import type { ExportSource } from '../exporter.ts'
import { inPages, PAGE } from './pages.ts'

/** One entry of the audit log, exactly as its hash was made of it. */
export interface StoredAudit {
  readonly seq: number
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly details: string
  readonly evidence_id: number | null
  readonly previous: string
  readonly hash: string
}
const entries = `SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`

export const countAudit = (db: ReadStore): number =>
  db.prepare('SELECT count(*) FROM audit').pluck().get() as number

/** The audit log, oldest first. */
export async function* auditPages(source: ExportSource): AsyncGenerator<readonly StoredAudit[]> {
  const read = source.db.prepare(entries)
  for await (const page of inPages<StoredAudit>(
    source.signal,
    (last) => read.all(last?.seq ?? -1) as StoredAudit[],
  )) {
    source.count('audit', page.length)
    yield page
  }
}
