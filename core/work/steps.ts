import type { MarkTarget, MarkType } from '../contract/nouns/work.ts'
import type { WriteStore } from '../store/store.ts'

/** A mark as it is stored. */
export interface StoredMark {
  readonly id: number
  readonly target_kind: MarkTarget['kind']
  readonly target_key: string
  readonly type: MarkType
  readonly value: string
  readonly text: string
  readonly at: number
  readonly changed_at: number | null
  readonly actor: string
}

const remove = 'DELETE FROM mark WHERE id = ?'
const put = `INSERT INTO mark (id, target_kind, target_key, type, value, text, at, changed_at, actor)
  VALUES (@id, @target_kind, @target_key, @type, @value, @text, @at, @changed_at, @actor)
  ON CONFLICT (id) DO UPDATE SET value = excluded.value, text = excluded.text, changed_at = excluded.changed_at`
const insertStep = 'INSERT INTO work_step (at, before, after) VALUES (?, ?, ?)'
const dropUndone = 'DELETE FROM work_step WHERE is_undone = 1'
const lastDone = 'SELECT seq, before, after FROM work_step WHERE is_undone = 0 ORDER BY seq DESC LIMIT 1'
const firstUndone = 'SELECT seq, before, after FROM work_step WHERE is_undone = 1 ORDER BY seq LIMIT 1'
const setUndone = 'UPDATE work_step SET is_undone = ? WHERE seq = ?'

function apply(db: WriteStore, from: readonly StoredMark[], to: readonly StoredMark[]): void {
  const kept = new Set(to.map((mark) => mark.id))
  const removeOne = db.prepare(remove)
  const putOne = db.prepare(put)
  for (const mark of from) if (!kept.has(mark.id)) removeOne.run(mark.id)
  for (const mark of to) putOne.run(mark)
}

/** One change of marks: what was there goes, what is there now comes; steps that were taken back cannot be redone any more. */
export function takeStep(
  db: WriteStore,
  at: number,
  before: readonly StoredMark[],
  after: readonly StoredMark[],
): void {
  apply(db, before, after)
  db.prepare(dropUndone).run()
  db.prepare(insertStep).run(at, JSON.stringify(before), JSON.stringify(after))
}

interface Step {
  readonly before: readonly StoredMark[]
  readonly after: readonly StoredMark[]
}

function move(db: WriteStore, sql: string, isUndo: boolean): Step | undefined {
  const row = db.prepare(sql).get() as { seq: number; before: string; after: string } | undefined
  if (!row) return undefined
  const step: Step = {
    before: JSON.parse(row.before) as StoredMark[],
    after: JSON.parse(row.after) as StoredMark[],
  }
  if (isUndo) apply(db, step.after, step.before)
  else apply(db, step.before, step.after)
  db.prepare(setUndone).run(isUndo ? 1 : 0, row.seq)
  return step
}

/** Takes the last step back; undefined when there is none. */
export const undoStep = (db: WriteStore): Step | undefined => move(db, lastDone, true)
/** Takes the step again that was taken back last; undefined when there is none. */
export const redoStep = (db: WriteStore): Step | undefined => move(db, firstUndone, false)
