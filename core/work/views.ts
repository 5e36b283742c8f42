import { createHash } from 'node:crypto'
import { MAX_VIEW_STATE, MAX_VIEWS, type SavedView } from '../contract/nouns/view.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { ACTOR } from './change.ts'
import { type StoredView, takeStep, type WorkRow } from './steps.ts'

const byName = 'SELECT * FROM saved_view WHERE screen = ? AND name = ?'
const byId = 'SELECT * FROM saved_view WHERE id = ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM saved_view'
const count = 'SELECT count(*) FROM saved_view WHERE screen = ?'
const list =
  'SELECT id, screen, name, at, changed_at, actor FROM saved_view WHERE @screen IS NULL OR screen = @screen ORDER BY screen, name'

const toHeading = (row: Omit<StoredView, 'state' | 'key'>): Omit<SavedView, 'state'> => ({
  id: String(row.id),
  screen: row.screen,
  name: row.name,
  at: toIso(row.at),
  changedAt: toIsoOrNull(row.changed_at),
  actor: row.actor,
})
const asRow = (row: StoredView): WorkRow => ({ table: 'saved_view', row })

/**
 * A name for something an analyst made that nobody else gives: the words it was made with and when. It stays when the thing
 * is renamed, and another case that takes the work over keeps it.
 */
export const madeKey = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)

/** @throws WorkbenchError `request.not_found` */
export function findStoredView(db: ReadStore, id: string): StoredView {
  const row = db.prepare(byId).get(Number(id)) as StoredView | undefined
  if (!row) throw new WorkbenchError('request.not_found', { what: `view ${id}` })
  return row
}

/** Views of a screen, or of all (null), by screen and name. */
export const listViews = (db: ReadStore, screen: string | null): Omit<SavedView, 'state'>[] =>
  (db.prepare(list).all({ screen }) as Omit<StoredView, 'state' | 'key'>[]).map(toHeading)

/** @throws WorkbenchError `request.not_found` */
export function getView(db: ReadStore, id: string): SavedView {
  const row = findStoredView(db, id)
  return { ...toHeading(row), state: JSON.parse(row.state) as unknown }
}

/** Keeps a view; one of the same screen and name is replaced. @throws WorkbenchError `request.invalid` */
export function saveView(
  db: WriteStore,
  at: number,
  input: { readonly screen: string; readonly name: string; readonly state: unknown },
): string {
  const state = JSON.stringify(input.state ?? null)
  if (state.length > MAX_VIEW_STATE)
    throw new WorkbenchError('request.invalid', { field: 'state', problem: `> ${MAX_VIEW_STATE}` })
  const present = db.prepare(byName).get(input.screen, input.name) as StoredView | undefined
  if (present) {
    takeStep(db, at, [asRow(present)], [asRow({ ...present, state, changed_at: at })])
    return String(present.id)
  }
  if ((db.prepare(count).pluck().get(input.screen) as number) >= MAX_VIEWS)
    throw new WorkbenchError('request.invalid', { field: 'name', problem: `> ${MAX_VIEWS}` })
  const id = db.prepare(nextId).pluck().get() as number
  const made: StoredView = {
    id,
    key: madeKey('view', input.screen, input.name, at),
    screen: input.screen,
    name: input.name,
    state,
    at,
    changed_at: null,
    actor: ACTOR,
  }
  takeStep(db, at, [], [asRow(made)])
  return String(id)
}

/** @throws WorkbenchError `request.not_found`, `request.invalid` */
export function renameView(db: WriteStore, at: number, id: string, name: string): void {
  const row = findStoredView(db, id)
  const other = db.prepare(byName).get(row.screen, name) as StoredView | undefined
  if (other && other.id !== row.id)
    throw new WorkbenchError('request.invalid', { field: 'name', problem: name })
  takeStep(db, at, [asRow(row)], [asRow({ ...row, name, changed_at: at })])
}

/** @throws WorkbenchError `request.not_found` */
export function removeViews(db: WriteStore, at: number, ids: readonly string[]): void {
  takeStep(
    db,
    at,
    [...new Set(ids)].map((id) => asRow(findStoredView(db, id))),
    [],
  )
}
