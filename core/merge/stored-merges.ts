import type { MergeRow } from '../contract/nouns/merge.ts'
import type { Page } from '../contract/shapes.ts'
import type { ResultOf } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { ourSide } from './compare-cases.ts'
import type { KeptChange } from './part.ts'
import { parts } from './registry.ts'

const merges = `SELECT m.id, m.at, m.by_name AS by, m.case_id AS caseId, m.file, m.entries, m.head, m.undone_at AS undoneAt,
  (SELECT count(*) FROM merge_item i WHERE i.merge_id = m.id) AS items FROM case_merge m ORDER BY m.id DESC`
const one = 'SELECT by_name AS by, undone_at AS undoneAt FROM case_merge WHERE id = ?'
const items = `SELECT position, part, item, before, after FROM merge_item WHERE merge_id = ? AND position > ? ORDER BY position LIMIT ?`
const allItems = 'SELECT part, item, before, after FROM merge_item WHERE merge_id = ? ORDER BY position DESC'
const countItems = 'SELECT count(*) FROM merge_item WHERE merge_id = ?'
const lastStep = 'SELECT coalesce(max(seq), 0) FROM work_step'
const setUndone = 'UPDATE case_merge SET undone_at = ?, undone_first = ?, undone_last = ? WHERE id = ?'
const unsettle = 'DELETE FROM merge_settled WHERE merge_id = ?'

/** Merges of this case, newest first. */
export const listMerges = (db: ReadStore): MergeRow[] =>
  (
    db.prepare(merges).all() as (Omit<MergeRow, 'id' | 'at' | 'undoneAt'> & {
      id: number
      at: number
      undoneAt: number | null
    })[]
  ).map((row) => ({ ...row, id: String(row.id), at: toIso(row.at), undoneAt: toIsoOrNull(row.undoneAt) }))

interface ItemRow extends KeptChange {
  readonly part: string
}
const partOf = (id: string) => {
  const part = parts.find((candidate) => candidate.id === id)
  if (part === undefined) throw new WorkbenchError('request.not_found', { what: `part ${id}` })
  return part
}

/** What a merge changed. */
export function listItems(
  db: ReadStore,
  id: number,
  after: number,
  limit: number,
): Page<ResultOf<'merge.items'>['rows'][number]> {
  const rows = db.prepare(items).all(id, after, limit + 1) as (ItemRow & { position: number })[]
  const shown = rows.slice(0, limit)
  return {
    rows: shown.map((row) => ({ part: row.part, ...partOf(row.part).describe(db, row) })),
    next: rows.length > limit ? String(shown.at(-1)?.position ?? '') : null,
    total: db.prepare(countItems).pluck().get(id) as number,
  }
}

/**
 * Takes a merge back in one transaction. What somebody changed since stays as it is now; the log and the embedded chain keep what
 * happened. Conflicts that it settled are open again.
 * @throws WorkbenchError `request.not_found` (no such merge, or it was taken back before)
 */
export function undoMerge(db: WriteStore, at: number, id: number): { restored: number; left: number } {
  return db.transaction(() => {
    const merge = db.prepare(one).get(id) as { by: string; undoneAt: number | null } | undefined
    if (merge?.undoneAt !== null) throw new WorkbenchError('request.not_found', { what: `merge ${id}` })
    const rows = db.prepare(allItems).all(id) as ItemRow[]
    let [restored, left] = [0, 0]
    const stepBefore = db.prepare(lastStep).pluck().get() as number
    for (const part of [...parts].reverse()) {
      const own = rows.filter((row) => row.part === part.id)
      if (own.length === 0) continue
      const now = part.standing(ourSide(db))
      const changes = own.filter(({ item, after }) => (now.get(item) ?? '') === part.digest(after))
      left += own.length - changes.length
      restored += changes.length
      const back = changes.map(({ item, before, after }) => ({ item, before: after, after: before }))
      part.write({ db, other: null, at, who: merge.by }, back)
    }
    db.prepare(setUndone).run(at, stepBefore + 1, db.prepare(lastStep).pluck().get(), id)
    db.prepare(unsettle).run(id)
    appendAudit(db, { at, action: 'case.unmerge', details: { merge: id, restored, left } })
    return { restored, left }
  })()
}
