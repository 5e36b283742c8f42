import type { MarkTarget, MarkType } from '../contract/nouns/work.ts'
import { placeAnalystWork } from '../store/analyst-graph.ts'
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

/** A saved view as it is stored; `state` is JSON. */
export interface StoredView {
  readonly id: number
  readonly key: string
  readonly screen: string
  readonly name: string
  readonly state: string
  readonly at: number
  readonly changed_at: number | null
  readonly actor: string
}

/** An entity the analyst added, as it is stored. */
export interface StoredEntity {
  readonly id: number
  readonly key: string
  readonly kind: string
  readonly name: string
  readonly text: string
  readonly at: number
  readonly changed_at: number | null
  readonly actor: string
}

/** A relation the analyst added, as it is stored: ends by their keys, with the names they had. */
export interface StoredRelation {
  readonly id: number
  readonly key: string
  readonly from_key: string
  readonly from_name: string
  readonly to_key: string
  readonly to_name: string
  readonly label: string
  readonly text: string
  readonly confidence: number
  readonly happened_at: number | null
  readonly at: number
  readonly changed_at: number | null
  readonly actor: string
}

/** Saved criteria of a sweep, as they are stored. */
export interface StoredCriteria {
  readonly id: number
  readonly name: string
  readonly at: number
  readonly format: string
  readonly indicators: number
  readonly document: string
}

/** One row of the analyst's work, with the table it is in. */
export type WorkRow =
  | { readonly table: 'mark'; readonly row: StoredMark }
  | { readonly table: 'saved_view'; readonly row: StoredView }
  | { readonly table: 'analyst_entity'; readonly row: StoredEntity }
  | { readonly table: 'analyst_relation'; readonly row: StoredRelation }
  | { readonly table: 'sweep_criteria'; readonly row: StoredCriteria }
export type WorkTable = WorkRow['table']

const REMOVE: Readonly<Record<WorkTable, string>> = {
  mark: 'DELETE FROM mark WHERE id = ?',
  saved_view: 'DELETE FROM saved_view WHERE id = ?',
  analyst_entity: 'DELETE FROM analyst_entity WHERE id = ?',
  analyst_relation: 'DELETE FROM analyst_relation WHERE id = ?',
  sweep_criteria: 'DELETE FROM sweep_criteria WHERE id = ?',
}
const PUT: Readonly<Record<WorkTable, string>> = {
  mark: `INSERT INTO mark (id, target_kind, target_key, type, value, text, at, changed_at, actor)
    VALUES (@id, @target_kind, @target_key, @type, @value, @text, @at, @changed_at, @actor)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value, text = excluded.text, changed_at = excluded.changed_at`,
  saved_view: `INSERT INTO saved_view (id, key, screen, name, state, at, changed_at, actor)
    VALUES (@id, @key, @screen, @name, @state, @at, @changed_at, @actor)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, changed_at = excluded.changed_at`,
  analyst_entity: `INSERT INTO analyst_entity (id, key, kind, name, text, at, changed_at, actor)
    VALUES (@id, @key, @kind, @name, @text, @at, @changed_at, @actor)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, text = excluded.text, changed_at = excluded.changed_at`,
  analyst_relation: `INSERT INTO analyst_relation (id, key, from_key, from_name, to_key, to_name, label, text, confidence, happened_at, at, changed_at, actor)
    VALUES (@id, @key, @from_key, @from_name, @to_key, @to_name, @label, @text, @confidence, @happened_at, @at, @changed_at, @actor)
    ON CONFLICT (id) DO UPDATE SET label = excluded.label, text = excluded.text, confidence = excluded.confidence,
    happened_at = excluded.happened_at, changed_at = excluded.changed_at`,
  sweep_criteria: `INSERT INTO sweep_criteria (id, name, at, format, indicators, document)
    VALUES (@id, @name, @at, @format, @indicators, @document)
    ON CONFLICT (id) DO UPDATE SET at = excluded.at, format = excluded.format, indicators = excluded.indicators, document = excluded.document`,
}
const insertStep = 'INSERT INTO work_step (at, before, after) VALUES (?, ?, ?)'
const dropUndone = 'DELETE FROM work_step WHERE is_undone = 1'
// A view may hold 256 kB and be saved again every minute: without an end its old states would outgrow the evidence.
const MAX_STEP_CHARACTERS = 64 * 1024 * 1024
const dropOldest = `DELETE FROM work_step WHERE seq < (SELECT seq FROM work_step WHERE seq IN (
  SELECT seq FROM (SELECT seq, sum(length(before) + length(after)) OVER (ORDER BY seq DESC) AS size FROM work_step) WHERE size <= ?
) ORDER BY seq LIMIT 1)`
const lastDone = 'SELECT seq, before, after FROM work_step WHERE is_undone = 0 ORDER BY seq DESC LIMIT 1'
const firstUndone = 'SELECT seq, before, after FROM work_step WHERE is_undone = 1 ORDER BY seq LIMIT 1'
const setUndone = 'UPDATE work_step SET is_undone = ? WHERE seq = ?'

const nameOf = ({ table, row }: WorkRow): string => `${table}:${row.id}`

function apply(db: WriteStore, from: readonly WorkRow[], to: readonly WorkRow[]): void {
  const kept = new Set(to.map(nameOf))
  for (const one of from) if (!kept.has(nameOf(one))) db.prepare(REMOVE[one.table]).run(one.row.id)
  for (const one of to) db.prepare(PUT[one.table]).run(one.row)
  if ([...from, ...to].some(({ table }) => table === 'analyst_entity' || table === 'analyst_relation'))
    placeAnalystWork(db)
}

/**
 * One change of the analyst's work: what was there goes, what is there now comes; steps that were taken back cannot be
 * redone any more. The oldest steps are forgotten when all of them together grow too large.
 */
export function takeStep(
  db: WriteStore,
  at: number,
  before: readonly WorkRow[],
  after: readonly WorkRow[],
): void {
  apply(db, before, after)
  db.prepare(dropUndone).run()
  db.prepare(insertStep).run(at, JSON.stringify(before), JSON.stringify(after))
  db.prepare(dropOldest).run(MAX_STEP_CHARACTERS)
}

/** What a step changed, as it was before and after it. */
export interface Step {
  readonly before: readonly WorkRow[]
  readonly after: readonly WorkRow[]
}

function move(db: WriteStore, sql: string, isUndo: boolean): Step | undefined {
  const row = db.prepare(sql).get() as { seq: number; before: string; after: string } | undefined
  if (!row) return undefined
  const step: Step = {
    before: JSON.parse(row.before) as WorkRow[],
    after: JSON.parse(row.after) as WorkRow[],
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
