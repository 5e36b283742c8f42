import type { AddedEntity, AddedRelation } from '../contract/nouns/work.ts'
import { ENTITY_KINDS, type EntityKind } from '../model/relation.ts'
import { WorkbenchError } from '../model/errors.ts'
import { analystKey } from '../store/analyst-graph.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { parseIso, toIso, toIsoOrNull } from '../store/time.ts'
import { ACTOR } from './change.ts'
import { type StoredEntity, type StoredRelation, takeStep, type WorkRow } from './steps.ts'
import { madeKey } from './views.ts'

const entities = `SELECT w.*, e.id AS entity FROM analyst_entity w LEFT JOIN entity e ON e.key = w.key ORDER BY w.id`
const relations = `SELECT w.*, f.id AS "from", f.kind AS from_kind, t.id AS "to", t.kind AS to_kind, r.id AS relation
  FROM analyst_relation w LEFT JOIN entity f ON f.key = w.from_key LEFT JOIN entity t ON t.key = w.to_key
  LEFT JOIN relation r ON r.from_id = f.id AND r.to_id = t.id AND r.kind IN ('analyst', 'analyst-event') ORDER BY w.id`
const entityById = 'SELECT * FROM analyst_entity WHERE id = ?'
const relationById = 'SELECT * FROM analyst_relation WHERE id = ?'
/** A relation that an analyst added, by its two ends. */
export const addedByEnds = 'SELECT * FROM analyst_relation WHERE from_key = ? AND to_key = ?'
const around = 'SELECT * FROM analyst_relation WHERE from_key = @key OR to_key = @key'
const sameEntity = 'SELECT name FROM entity WHERE kind = ? AND name = ? COLLATE NOCASE'
const keyOf = 'SELECT key, name FROM entity WHERE id = ?'
/** Ids that are free. */
export const nextAddedEntity = 'SELECT coalesce(max(id), 0) + 1 FROM analyst_entity'
export const nextAddedRelation = 'SELECT coalesce(max(id), 0) + 1 FROM analyst_relation'

const entityRow = (row: StoredEntity): WorkRow => ({ table: 'analyst_entity', row })
const relationRow = (row: StoredRelation): WorkRow => ({ table: 'analyst_relation', row })
const kindOf = (kind: string | null): EntityKind | null => ENTITY_KINDS.find((one) => one === kind) ?? null

/** What the analyst added, oldest first. Ends that are not in the case any more have no id. */
export function listAdded(db: ReadStore): { entities: AddedEntity[]; relations: AddedRelation[] } {
  type Entity = StoredEntity & { entity: number | null }
  type Relation = StoredRelation & {
    from: number | null
    from_kind: string | null
    to: number | null
    to_kind: string | null
    relation: number | null
  }
  const said = (row: { text: string; at: number; changed_at: number | null; actor: string }) => ({
    reason: row.text,
    at: toIso(row.at),
    changedAt: toIsoOrNull(row.changed_at),
    actor: row.actor,
  })
  const end = (id: number | null, kind: string | null, name: string) => ({
    id: id === null ? null : String(id),
    kind: kindOf(kind),
    name,
  })
  return {
    entities: (db.prepare(entities).all() as Entity[]).map((row) => ({
      id: String(row.id),
      entityId: row.entity === null ? null : String(row.entity),
      kind: kindOf(row.kind) ?? 'user',
      name: row.name,
      ...said(row),
    })),
    relations: (db.prepare(relations).all() as Relation[]).map((row) => ({
      id: String(row.id),
      relationId: row.relation === null ? null : String(row.relation),
      from: end(row.from, row.from_kind, row.from_name),
      to: end(row.to, row.to_kind, row.to_name),
      label: row.label,
      confidence: row.confidence,
      happenedAt: toIsoOrNull(row.happened_at),
      ...said(row),
    })),
  }
}

/** Adds an entity nobody recorded. @throws WorkbenchError `request.invalid` when one of that kind and name is there */
export function addEntity(
  db: WriteStore,
  at: number,
  input: { readonly kind: EntityKind; readonly name: string; readonly reason: string },
): number {
  if (db.prepare(sameEntity).get(input.kind, input.name) !== undefined)
    throw new WorkbenchError('request.invalid', { field: 'name', problem: input.name })
  const id = db.prepare(nextAddedEntity).pluck().get() as number
  const made: StoredEntity = {
    id,
    key: analystKey(input.kind, madeKey(input.kind, input.name, at)),
    kind: input.kind,
    name: input.name,
    text: input.reason,
    at,
    changed_at: null,
    actor: ACTOR,
  }
  takeStep(db, at, [], [entityRow(made)])
  return id
}

/**
 * Says that one entity led to, or belongs to, another. Said again of the same two, it is changed.
 * @param from row id of the entity it starts from
 * @throws WorkbenchError `request.invalid` (an end is the other end, a time that is none)
 */
export function relate(
  db: WriteStore,
  at: number,
  input: {
    readonly from: number
    readonly to: number
    readonly label: string
    readonly reason: string
    readonly confidence: number
    readonly happenedAt: string | null
  },
): number {
  if (input.from === input.to) throw new WorkbenchError('request.invalid', { field: 'to', problem: '=' })
  const happened = input.happenedAt === null ? null : parseIso(input.happenedAt)
  if (happened === undefined)
    throw new WorkbenchError('request.invalid', { field: 'happenedAt', problem: input.happenedAt })
  const [from, to] = [input.from, input.to].map(
    (id) => db.prepare(keyOf).get(id) as { key: string; name: string },
  ) as [{ key: string; name: string }, { key: string; name: string }]
  const present = db.prepare(addedByEnds).get(from.key, to.key) as StoredRelation | undefined
  const said = {
    label: input.label,
    text: input.reason,
    confidence: input.confidence,
    happened_at: happened,
  }
  if (present) {
    takeStep(db, at, [relationRow(present)], [relationRow({ ...present, ...said, changed_at: at })])
    return present.id
  }
  const id = db.prepare(nextAddedRelation).pluck().get() as number
  const made: StoredRelation = {
    id,
    key: madeKey('relation', from.key, to.key),
    from_key: from.key,
    from_name: from.name,
    to_key: to.key,
    to_name: to.name,
    ...said,
    at,
    changed_at: null,
    actor: ACTOR,
  }
  takeStep(db, at, [], [relationRow(made)])
  return id
}

/**
 * Removes what was added; with an entity go the analyst's relations from and to it.
 * @returns how many rows went. @throws WorkbenchError `request.not_found`
 */
export function removeAdded(
  db: WriteStore,
  at: number,
  ids: { readonly entities: readonly string[]; readonly relations: readonly string[] },
): number {
  const gone = new Map<string, WorkRow>()
  const find = <T>(sql: string, id: string, what: string): T => {
    const row = db.prepare(sql).get(Number(id)) as T | undefined
    if (row === undefined) throw new WorkbenchError('request.not_found', { what: `${what} ${id}` })
    return row
  }
  for (const id of ids.relations) gone.set(`r${id}`, relationRow(find(relationById, id, 'relation')))
  for (const id of ids.entities) {
    const row = find<StoredEntity>(entityById, id, 'entity')
    gone.set(`e${id}`, entityRow(row))
    for (const one of db.prepare(around).all({ key: row.key }) as StoredRelation[])
      gone.set(`r${one.id}`, relationRow(one))
  }
  takeStep(db, at, [...gone.values()], [])
  return gone.size
}
