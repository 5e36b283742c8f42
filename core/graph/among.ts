import type { Steps } from '../jobs/turn.ts'
import type { ReadStore } from '../store/store.ts'
import { RELATION_COLUMNS, type StoredRelation } from './relation-rows.ts'

export interface AmongRequest {
  readonly entities: readonly number[]
  readonly events: readonly number[]
  readonly whole: boolean
  readonly possible: boolean
  readonly limit: number
  /** So many rights of the directory at most; left out: {@link MOST_RIGHTS}. */
  readonly mostRights?: number
}
export interface Among {
  readonly ids: Set<number>
  readonly relations: StoredRelation[]
  readonly total: { nodes: number; edges: number }
  /** Of the whole case: entities without any of these relations. */
  readonly alone: number
}

// What a rule observed or the analyst said; everything else is a right of the directory.
const isFact = "(r.observed = 1 OR r.kind IN ('analyst', 'analyst-event'))"
const isAsked = `(@possible = 1 OR ${isFact})`
// Worst detections first, then what was seen first: a cut of a very large case keeps what matters.
const all = `SELECT e.id FROM entity e LEFT JOIN (SELECT subject_id, min(CASE level WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END) AS rank FROM detection
    WHERE subject_id IS NOT NULL GROUP BY subject_id) d ON d.subject_id = e.id
  WHERE EXISTS (SELECT 1 FROM relation r WHERE r.from_id = e.id AND ${isAsked}) OR EXISTS (SELECT 1 FROM relation r WHERE r.to_id = e.id AND ${isAsked})
  ORDER BY coalesce(d.rank, 9), e.first_seen IS NULL, e.first_seen, e.id LIMIT @limit`
const allTotal = `SELECT count(*) FROM (SELECT r.from_id AS id FROM relation r WHERE ${isAsked} UNION SELECT r.to_id FROM relation r WHERE ${isAsked})`
const entityCount = 'SELECT count(*) FROM entity'
const known = 'SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?))'
const whoOf = `SELECT endpoint_id AS id FROM event WHERE id IN (SELECT value FROM json_each(@events)) AND endpoint_id IS NOT NULL
  UNION SELECT user_id FROM event WHERE id IN (SELECT value FROM json_each(@events)) AND user_id IS NOT NULL`
// There is no index from events to what they prove: only relations of the time of the events are looked into.
const provedBy = `SELECT from_id, to_id FROM relation r WHERE ${isAsked}
  AND r.first_at <= (SELECT max(at) FROM event WHERE id IN (SELECT value FROM json_each(@events)))
  AND r.last_at >= (SELECT min(at) FROM event WHERE id IN (SELECT value FROM json_each(@events)))
  AND EXISTS (SELECT 1 FROM relation_proof p WHERE p.relation_id = r.id AND p.event_id IN (SELECT value FROM json_each(@events)))`
const among =
  'r.from_id IN (SELECT value FROM json_each(@ids)) AND r.to_id IN (SELECT value FROM json_each(@ids))'
const facts = `SELECT ${RELATION_COLUMNS} FROM relation r WHERE ${among} AND ${isFact} ORDER BY r.id`
const rights = `SELECT ${RELATION_COLUMNS} FROM relation r WHERE ${among} AND NOT ${isFact} ORDER BY r.id LIMIT @most`
const rightTotal = `SELECT count(*) FROM relation r WHERE ${among} AND NOT ${isFact}`
// A directory gives its administrators a right over everything in it: rights grow like entities times groups, what was observed does not.
const MOST_RIGHTS = 40_000

/**
 * The entities asked for, at most `limit`, and the relations between two of them, step by step: everything observed or stated by the analyst,
 * and the rights of the directory up to {@link MOST_RIGHTS}. The total counts those beyond it too.
 */
export function* findAmong(db: ReadStore, request: AmongRequest): Steps<Among> {
  const possible = request.possible ? 1 : 0
  const wanted = new Set<number>(db.prepare(known).pluck().all(JSON.stringify(request.entities)) as number[])
  if (request.events.length > 0) {
    const events = JSON.stringify(request.events)
    type Ends = { from_id: number; to_id: number }
    for (const { from_id, to_id } of db.prepare(provedBy).all({ events, possible }) as Ends[])
      wanted.add(from_id).add(to_id)
    for (const id of db.prepare(whoOf).pluck().all({ events }) as number[]) wanted.add(id)
  }
  let total = wanted.size
  let alone = 0
  if (request.whole) {
    for (const id of db.prepare(all).pluck().all({ possible, limit: request.limit }) as number[])
      wanted.add(id)
    yield
    total = Math.max(wanted.size, db.prepare(allTotal).pluck().get({ possible }) as number)
    alone = Math.max(0, (db.prepare(entityCount).pluck().get() as number) - total)
  }
  yield
  const ids = new Set([...wanted].slice(0, request.limit))
  const found = { ids: JSON.stringify([...ids]) }
  const relations = db.prepare(facts).all(found) as StoredRelation[]
  yield
  let edges = relations.length
  if (request.possible) {
    const most = request.mostRights ?? MOST_RIGHTS
    const allowed = db.prepare(rights).all({ ...found, most }) as StoredRelation[]
    const isCut = allowed.length === most
    edges += isCut ? (db.prepare(rightTotal).pluck().get(found) as number) : allowed.length
    for (const one of allowed) relations.push(one)
  }
  return { ids, relations, alone, total: { nodes: Math.max(total, ids.size), edges } }
}
