import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import type { MergePlan } from '../contract/nouns/merge.ts'
import { WorkbenchError } from '../model/errors.ts'
import { verifyAudit } from '../store/audit.ts'
import { openForReading } from '../store/case-file.ts'
import { readInfo } from '../store/case-info.ts'
import { sharedEntries } from '../store/merged-audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'

/** Entries of a log are read many times; a forged log could have no end. */
const MAX_ENTRIES = 2_000_000
const logSize = 'SELECT count(*) FROM (SELECT 1 FROM audit LIMIT ?)'
const CASE_ID = /^[0-9a-f-]{8,64}$/

export interface OtherCase {
  readonly db: ReadStore
  readonly info: MergePlan['other']
  /** What the colleague is called, if nobody says otherwise. */
  readonly label: string
  close(): void
}

/** What stands in front of `.redthread`, without anything that a name of a person does not hold. */
const toLabel = (file: string): string =>
  file
    .replace(/\.redthread$/i, '')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 60) || 'colleague'

/**
 * Opens a colleague's case to read from: its schema is compared with ours first (ADR 0016), its log is recomputed, and it is read as it
 * is at this moment, whatever is written to it meanwhile.
 * @throws WorkbenchError `merge.itself`, `merge.broken_log`, `merge.too_large`, and what opening any case throws
 */
export function openOther(path: string, mine: { readonly db: ReadStore; readonly path: string }): OtherCase {
  const file = basename(path)
  const other = openForReading(path)
  try {
    if (realpathSync(path) === realpathSync(mine.path)) throw new WorkbenchError('merge.itself', { file })
    const { db } = other
    db.prepare('BEGIN').run()
    if (
      (db
        .prepare(logSize)
        .pluck()
        .get(MAX_ENTRIES + 1) as number) > MAX_ENTRIES
    )
      throw new WorkbenchError('merge.too_large', { what: 'audit', limit: MAX_ENTRIES })
    const { ok, head, entries, brokenAt } = verifyAudit(db)
    if (!ok || entries === 0) throw new WorkbenchError('merge.broken_log', { file, entry: brokenAt ?? 1 })
    const caseId = readInfo(db, 'case_id') ?? ''
    const createdAt = Number(readInfo(db, 'created_at') ?? 0)
    return {
      db,
      label: toLabel(file),
      info: {
        caseId: CASE_ID.test(caseId) ? caseId : '',
        file,
        isSameCase: caseId === readInfo(mine.db, 'case_id'),
        createdAt: toIso(Number.isSafeInteger(createdAt) && createdAt > 0 ? Math.min(createdAt, 7e15) : 0),
        auditHead: head,
        auditEntries: entries,
        sharedEntries: sharedEntries(mine.db, db),
      },
      close: () => other.close(),
    }
  } catch (thrown) {
    other.close()
    throw thrown
  }
}
