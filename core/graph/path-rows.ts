import type { AttackPath } from '../contract/nouns/graph.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { FoundPath } from './path-search.ts'
import { RELATION_COLUMNS, toRelationRows, type StoredRelation } from './relation-rows.ts'

const byIds = `SELECT ${RELATION_COLUMNS} FROM relation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`
const nearest = `SELECT p.event_id FROM relation_proof p JOIN event e ON e.id = p.event_id WHERE p.relation_id = ? ORDER BY abs(e.at - ?), p.position LIMIT 3`

export const relationsById = (db: ReadStore, ids: readonly number[]): StoredRelation[] =>
  db.prepare(byIds).all(JSON.stringify(ids)) as StoredRelation[]

/** Found paths with names, rules, reasons and the events nearest to each hop's time. */
export function toAttackPaths(db: ReadStore, paths: readonly FoundPath[]): AttackPath[] {
  const rows = relationsById(db, [...new Set(paths.flatMap((path) => path.hops.map((hop) => hop.link.id)))])
  const relations = new Map(toRelationRows(db, rows).map((row) => [Number(row.id), row]))
  return paths.map((path) => {
    const times = path.hops.map((hop) => hop.at).filter((at) => at !== null)
    return {
      confidence: path.confidence,
      startAt: toIsoOrNull(times[0] ?? null),
      endAt: toIsoOrNull(times.at(-1) ?? null),
      hops: path.hops.map(({ link, at }) => {
        const row = relations.get(link.id)
        if (!row) throw new WorkbenchError('internal', { name: 'relation' })
        const events =
          at === null || link.uses.length === 0
            ? row.events.slice(0, 3)
            : (db.prepare(nearest).pluck().all(link.id, at) as number[]).map(String)
        return {
          relationId: row.id,
          from: row.from,
          to: row.to,
          relation: row.kind,
          at: toIsoOrNull(at),
          confidence: row.confidence,
          rule: row.rule,
          observed: row.observed,
          reason: row.reason,
          events,
        }
      }),
    }
  })
}
