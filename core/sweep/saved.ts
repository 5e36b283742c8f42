import type { SweepCriteria } from '../contract/nouns/sweep.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'

const list = 'SELECT id, name, at, format, indicators FROM sweep_criteria ORDER BY name, id'
const one = 'SELECT document FROM sweep_criteria WHERE id = ?'
const upsert = `INSERT INTO sweep_criteria (name, at, format, indicators, document) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET at = excluded.at, format = excluded.format, indicators = excluded.indicators,
  document = excluded.document RETURNING id`
const remove = 'DELETE FROM sweep_criteria WHERE id = ? RETURNING name'

/** Saved criteria by name (F10). */
export const listSaved = (db: ReadStore) =>
  (
    db.prepare(list).all() as { id: number; name: string; at: number; format: string; indicators: number }[]
  ).map((row) => ({ ...row, id: String(row.id), at: toIso(row.at) }))

/** @throws WorkbenchError `request.not_found` */
export function loadSaved(db: ReadStore, id: number): SweepCriteria {
  const document = db.prepare(one).pluck().get(id) as string | undefined
  if (document === undefined) throw new WorkbenchError('request.not_found', { what: `criteria ${id}` })
  return JSON.parse(document) as SweepCriteria
}

/** Keeps the criteria under their name; those of the same name are replaced. */
export function saveCriteria(db: WriteStore, at: number, criteria: SweepCriteria): number {
  return db
    .prepare(upsert)
    .pluck()
    .get(criteria.name, at, criteria.format, criteria.indicators.length, JSON.stringify(criteria)) as number
}

/** @returns the name they had. @throws WorkbenchError `request.not_found` */
export function forgetCriteria(db: WriteStore, id: number): string {
  const name = db.prepare(remove).pluck().get(id) as string | undefined
  if (name === undefined) throw new WorkbenchError('request.not_found', { what: `criteria ${id}` })
  return name
}
