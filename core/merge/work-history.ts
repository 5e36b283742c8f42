import { z } from 'zod'
import type { WorkTable } from '../work/steps.ts'
import type { ReadStore } from '../store/store.ts'
import type { Unreadable } from './part.ts'
import { toProblem } from './shapes.ts'

/** A forged history of gigabytes would be read into memory; without one, what differs is asked. */
const MAX_HISTORY_BYTES = 256 * 1024 * 1024

const size = 'SELECT coalesce(sum(length(before)), 0) FROM work_step WHERE is_undone = 0'
/** Steps that took a merge back do not speak against merging again. Another step of that moment, or of that number later, does. */
const steps = `SELECT seq, before FROM work_step s WHERE is_undone = 0 AND NOT EXISTS (
  SELECT 1 FROM case_merge WHERE undone_at = s.at AND s.seq BETWEEN undone_first AND undone_last)`
const stepsBeforeMerges = 'SELECT seq, before FROM work_step WHERE is_undone = 0'

const Rows = z.array(z.looseObject({ table: z.string(), row: z.unknown() })).max(20_000)

/** What rows of one table of the analyst's work were before, by item: what its steps remember. */
export function readWorkHistory<S>(
  db: ReadStore,
  table: WorkTable,
  read: (row: unknown) => { readonly item: string; readonly state: S },
  same: (state: S) => string,
  unreadable: Unreadable[],
): Map<string, Set<string>> {
  const history = new Map<string, Set<string>>()
  if ((db.prepare(size).pluck().get() as number) > MAX_HISTORY_BYTES) return history
  const hasMerges = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'case_merge'`).get() !== undefined
  type Step = { seq: number; before: string }
  for (const step of db.prepare(hasMerges ? steps : stepsBeforeMerges).iterate() as IterableIterator<Step>)
    try {
      for (const one of Rows.parse(JSON.parse(step.before))) {
        if (one.table !== table) continue
        const { item, state } = read(one.row)
        history.set(item, (history.get(item) ?? new Set()).add(same(state)))
      }
    } catch (cause) {
      unreadable.push({ item: `step ${step.seq}`, problem: toProblem(cause) })
    }
  return history
}
