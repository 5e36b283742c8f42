import type { Steps } from '../jobs/turn.ts'
import type { ReadStore } from '../store/store.ts'
import { RELATION_COLUMNS, type StoredRelation } from './relation-rows.ts'

export interface AmongRequest {
  readonly entities: readonly number[]
  readonly events: readonly number[]
  readonly whole: boolean
  readonly possible: boolean
  readonly limit: number
}
export interface Among {
  readonly ids: Set<number>
  readonly relations: StoredRelation[]
  readonly total: { nodes: number; edges: number }
  /** Of the whole case: entities without any of these relations. */
  readonly alone: number
}

// Worst detections first, then what was seen first: a cut of a very large case keeps what matters.
const all = `SELECT e.id FROM entity e LEFT JOIN (SELECT subject_id, min(CASE level WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END) AS rank FROM detection
    WHERE subject_id IS NOT NULL GROUP BY subject_id) d ON d.subject_id = e.id
  WHERE EXISTS (SELECT 1 FROM relation r WHERE r.from_id = e.id AND (@possible = 1 OR r.observed = 1)) OR EXISTS (SELECT 1 FROM relation r WHERE r.to_id = e.id AND (@possible = 1 OR r.observed = 1))
  ORDER BY coalesce(d.rank, 9), e.first_seen IS NULL, e.first_seen, e.id LIMIT @limit`
const allTotal = `SELECT count(*) FROM (SELECT from_id AS id FROM relation WHERE @possible = 1 OR observed = 1 UNION SELECT to_id FROM relation WHERE @possible = 1 OR observed = 1)`
const entityCount = 'SELECT count(*) FROM entity'
const known = 'SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?))'
const whoOf = `SELECT endpoint_id AS id FROM event WHERE id IN (SELECT value FROM json_each(@events)) AND endpoint_id IS NOT NULL
  UNION SELECT user_id FROM event WHERE id IN (SELECT value FROM json_each(@events)) AND user_id IS NOT NULL`
// There is no index from events to what they prove: only relations of the time of the events are looked into.
const provedBy = `SELECT from_id, to_id FROM relation r WHERE (@possible = 1 OR r.observed = 1)
  AND r.first_at <= (SELECT max(at) FROM event WHERE id IN (SELECT value FROM json_each(@events)))
  AND r.last_at >= (SELECT min(at) FROM event WHERE id IN (SELECT value FROM json_each(@events)))
  AND EXISTS (SELECT 1 FROM relation_proof p WHERE p.relation_id = r.id AND p.event_id IN (SELECT value FROM json_each(@events)))`
const between = `SELECT ${RELATION_COLUMNS} FROM relation WHERE from_id IN (SELECT value FROM json_each(@ids)) AND to_id IN (SELECT value FROM json_each(@ids))
  AND (@possible = 1 OR observed = 1) ORDER BY id`

/** The entities asked for, at most `limit`, and every relation between two of them; step by step. */
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
  const relations = db.prepare(between).all({ ids: JSON.stringify([...ids]), possible }) as StoredRelation[]
  return { ids, relations, alone, total: { nodes: Math.max(total, ids.size), edges: relations.length } }
}
