import {
  ANALYST_VERDICTS,
  type Mark,
  type MarkRow,
  type MarkTarget,
  type MarkType,
} from '../contract/nouns/work.ts'
import type { Page } from '../contract/shapes.ts'
import { type StoredEvent, toEventRows } from '../events/event-rows.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { ACTOR } from './change.ts'
import { Followed } from './followed.ts'
import { takeStep, type StoredMark, type WorkRow } from './steps.ts'
import { findTarget, type NamedTarget, nameTarget } from './target.ts'

const byTarget = 'SELECT * FROM mark WHERE target_kind = ? AND target_key = ? ORDER BY at, id'
const byId = 'SELECT * FROM mark WHERE id = ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM mark'
const list = `SELECT * FROM mark WHERE id < @after AND (@type IS NULL OR type = @type) AND (@value IS NULL OR value = @value)
  AND (@kind IS NULL OR target_kind = @kind) ORDER BY id DESC LIMIT @limit`
const total = `SELECT count(*) FROM mark WHERE (@type IS NULL OR type = @type) AND (@value IS NULL OR value = @value)
  AND (@kind IS NULL OR target_kind = @kind)`
const tags = `SELECT value AS tag, count(*) AS count FROM mark WHERE type = 'tag' GROUP BY value ORDER BY count(*) DESC, value`

const asRow = (row: StoredMark): WorkRow => ({ table: 'mark', row })

const toMark = (row: StoredMark): Mark => ({
  id: String(row.id),
  type: row.type,
  value: row.value,
  text: row.text,
  at: toIso(row.at),
  changedAt: toIsoOrNull(row.changed_at),
  actor: row.actor,
})

function check(type: MarkType, value: string): string {
  const word = value.trim()
  const isVerdict = (ANALYST_VERDICTS as readonly string[]).includes(word)
  if ((type === 'tag' && word === '') || (type === 'verdict' && !isVerdict))
    throw new WorkbenchError('request.invalid', { field: 'value', problem: value })
  return type === 'tag' || type === 'verdict' ? word : ''
}

/** Marks things; what can be there only once replaces the one before. @returns ids, in the order of the targets */
export function addMarks(
  db: WriteStore,
  at: number,
  input: {
    readonly targets: readonly MarkTarget[]
    readonly type: MarkType
    readonly value: string
    readonly text: string
  },
): string[] {
  const value = check(input.type, input.value)
  const before: StoredMark[] = []
  const after: StoredMark[] = []
  let id = db.prepare(nextId).pluck().get() as number
  const followed = new Followed(db)
  for (const target of input.targets) {
    const { kind, key } = nameTarget(db, target)
    const present = marksOn(db, followed, { kind, key }).find(
      (mark) =>
        input.type !== 'note' && mark.type === input.type && (input.type !== 'tag' || mark.value === value),
    )
    if (present) before.push(present)
    after.push(
      present
        ? { ...present, value, text: input.text, changed_at: at }
        : {
            id: id++,
            target_kind: kind,
            target_key: key,
            type: input.type,
            value,
            text: input.text,
            at,
            changed_at: null,
            actor: ACTOR,
          },
    )
  }
  takeStep(db, at, before.map(asRow), after.map(asRow))
  return after.map((mark) => String(mark.id))
}

/** Marks of one thing, also those set on it while it was known by another key. */
function marksOn(db: ReadStore, followed: Followed, { kind, key }: NamedTarget): StoredMark[] {
  const statement = db.prepare(byTarget)
  return [key, ...followed.before(kind, key)].flatMap((one) => statement.all(kind, one) as StoredMark[])
}

/** @throws WorkbenchError `request.not_found`, `request.invalid` */
export function editMark(
  db: WriteStore,
  at: number,
  input: { readonly id: string; readonly value?: string | undefined; readonly text?: string | undefined },
): void {
  const mark = getMark(db, input.id)
  const value = input.value === undefined ? mark.value : check(mark.type, input.value)
  takeStep(db, at, [asRow(mark)], [asRow({ ...mark, value, text: input.text ?? mark.text, changed_at: at })])
}

/** @throws WorkbenchError `request.not_found` */
export function removeMarks(db: WriteStore, at: number, ids: readonly string[]): number {
  const marks = [...new Set(ids)].map((id) => getMark(db, id))
  takeStep(db, at, marks.map(asRow), [])
  return marks.length
}

function getMark(db: ReadStore, id: string): StoredMark {
  const mark = db.prepare(byId).get(Number(id)) as StoredMark | undefined
  if (!mark) throw new WorkbenchError('request.not_found', { what: `mark ${id}` })
  return mark
}

/** Marks by thing; things without marks, and such as are not there, are left out. */
export function marksOf(
  db: ReadStore,
  targets: readonly MarkTarget[],
): { target: MarkTarget; marks: Mark[] }[] {
  // Most cases hold few marks: nothing is looked up while there are none.
  if (db.prepare('SELECT 1 FROM mark LIMIT 1').get() === undefined) return []
  const followed = new Followed(db)
  return targets.flatMap((target) => {
    let named: NamedTarget
    try {
      named = nameTarget(db, target)
    } catch (thrown) {
      if (thrown instanceof WorkbenchError && thrown.code === 'request.not_found') return []
      throw thrown
    }
    const marks = marksOn(db, followed, named).map(toMark)
    return marks.length > 0 ? [{ target, marks }] : []
  })
}

/** All marks, newest first. */
export function listMarks(
  db: ReadStore,
  input: {
    type: MarkType | null
    value: string | null
    kind: MarkTarget['kind'] | null
    limit: number
    after: number
  },
): Page<MarkRow> {
  const filter = { type: input.type, value: input.value, kind: input.kind }
  const after = input.after === 0 ? Number.MAX_SAFE_INTEGER : input.after
  const rows = db.prepare(list).all({ ...filter, after, limit: input.limit + 1 }) as StoredMark[]
  const shown = rows.slice(0, input.limit)
  const followed = new Followed(db)
  return {
    rows: nameEvents(
      db,
      shown.map((row) => ({
        ...toMark(row),
        target: {
          kind: row.target_kind,
          key: row.target_key,
          ...findTarget(db, row.target_kind, row.target_key, followed),
        },
      })),
    ),
    next: rows.length > input.limit ? String(shown.at(-1)?.id ?? '') : null,
    total: db.prepare(total).pluck().get(filter) as number,
  }
}

const eventsById = 'SELECT * FROM event WHERE id IN (SELECT value FROM json_each(?))'

/** Events have no name: their summary stands for it. */
function nameEvents(db: ReadStore, rows: MarkRow[]): MarkRow[] {
  const ids = rows.flatMap(({ target }) => (target.kind === 'event' && target.id !== null ? [target.id] : []))
  if (ids.length === 0) return rows
  const events = toEventRows(db, db.prepare(eventsById).all(JSON.stringify(ids.map(Number))) as StoredEvent[])
  const names = new Map(events.map(({ id, summary }) => [id, summary]))
  return rows.map((row) =>
    row.target.kind === 'event'
      ? { ...row, target: { ...row.target, name: names.get(row.target.id ?? '') ?? '' } }
      : row,
  )
}

/** Tags in use, most used first. */
export const listTags = (db: ReadStore): { tag: string; count: number }[] =>
  db.prepare(tags).all() as { tag: string; count: number }[]
