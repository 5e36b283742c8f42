import { ANALYST_RULE } from '../model/relation.ts'
import { readInfo, writeInfo } from './case-info.ts'
import type { WriteStore } from './store.ts'

/** Counts up whenever relations of the analyst change: what is packed of the graph is then packed anew. */
export const ANALYST_NETWORK = 'analyst_network'

// Entities go and come while correlation runs; ends of the analyst's relations are looked at when it is over.
const deferKeys = 'defer_foreign_keys = ON'
const holdRelations = `UPDATE relation SET run = ? WHERE kind IN ('analyst', 'analyst-event')`
const holdEntities = 'UPDATE entity SET run = ? WHERE key IN (SELECT key FROM analyst_entity)'

const putEntity = `INSERT INTO entity (key, kind, name, attributes, run) VALUES (@key, @kind, @name, @attributes, @run)
  ON CONFLICT (key) DO UPDATE SET name = excluded.name, attributes = excluded.attributes, run = excluded.run RETURNING id`
const dropNames = 'DELETE FROM alias WHERE entity_id = ?'
const putName = `INSERT INTO alias (entity_id, kind, value, evidence_id, record, confidence, reason) VALUES (?, 'name', ?, NULL, NULL, 1, ?)`
const listEntities = 'SELECT key, kind, name, text FROM analyst_entity'
const listRelations = `SELECT w.label, w.text, w.confidence, w.happened_at AS at, f.id AS "from", t.id AS "to" FROM analyst_relation w
  JOIN entity f ON f.key = w.from_key JOIN entity t ON t.key = w.to_key ORDER BY w.id`
const dropRelations = `DELETE FROM relation WHERE kind IN ('analyst', 'analyst-event')
  AND kind || ' ' || from_id || ' ' || to_id NOT IN (SELECT value FROM json_each(?))`
const dropEntities = `DELETE FROM entity WHERE key LIKE '%:analyst:%' AND key NOT IN (SELECT key FROM analyst_entity)`
const putRelation = `INSERT INTO relation (kind, from_id, to_id, first_at, last_at, count, confidence, observed, rule, reason, event_total, uses, run)
  VALUES (@kind, @from, @to, @at, @at, 1, @confidence, 0, @rule, @reason, 0, @uses, @run)
  ON CONFLICT (kind, from_id, to_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
  confidence = excluded.confidence, reason = excluded.reason, uses = excluded.uses, run = excluded.run`

/** Key of an entity an analyst adds; no importer and no rule makes such keys. */
export const analystKey = (kind: string, made: string): string => `${kind}:analyst:${made}`

/** Before a run of correlation, in its transaction: what the analyst added is not forgotten with what was not found again. */
export function holdAnalystWork(db: WriteStore, run: number): void {
  db.pragma(deferKeys)
  db.prepare(holdRelations).run(run)
  db.prepare(holdEntities).run(run)
}

/**
 * Brings entities and relations the analyst added into the graph, and takes out what is not among them any more. Ids of what
 * was there stay. A relation whose end is not in the case (its evidence was removed) waits until it is there again.
 */
export function placeAnalystWork(db: WriteStore, run = Number(readInfo(db, 'correlation_run') ?? 0)): void {
  db.pragma(deferKeys)
  const entity = db.prepare(putEntity).pluck()
  const forget = db.prepare(dropNames)
  const name = db.prepare(putName)
  const reason = JSON.stringify({ key: 'analyst.entity', params: {} })
  for (const row of db.prepare(listEntities).all() as {
    key: string
    kind: string
    name: string
    text: string
  }[]) {
    const id = entity.get({
      key: row.key,
      kind: row.kind,
      name: row.name,
      attributes: JSON.stringify(row.text === '' ? {} : { reason: row.text }),
      run,
    }) as number
    forget.run(id)
    name.run(id, row.name, reason)
  }
  const rows = db.prepare(listRelations).all() as {
    label: string
    text: string
    confidence: number
    at: number | null
    from: number
    to: number
  }[]
  const kindOf = (at: number | null): string => (at === null ? 'analyst' : 'analyst-event')
  db.prepare(dropRelations).run(JSON.stringify(rows.map(({ at, from, to }) => `${kindOf(at)} ${from} ${to}`)))
  const put = db.prepare(putRelation)
  for (const { label, text, confidence, at, from, to } of rows)
    put.run({
      kind: kindOf(at),
      from,
      to,
      at,
      confidence,
      rule: ANALYST_RULE,
      reason: JSON.stringify({ key: 'analyst.relation', params: { label, reason: text } }),
      uses: Buffer.from(Float64Array.from(at === null ? [] : [at]).buffer),
      run,
    })
  db.prepare(dropEntities).run()
  writeInfo(db, ANALYST_NETWORK, String(Number(readInfo(db, ANALYST_NETWORK) ?? 0) + 1))
}
