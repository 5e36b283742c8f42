import type { GraphNode } from '../contract/nouns/graph.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'

type Rating = GraphNode['rating']

/** What only attacker-like behaviour leaves behind: who read credentials, what was run from afar, mail files that ran. */
const suspicious = `SELECT DISTINCT from_id AS id FROM relation WHERE kind = 'accessed-credentials' AND from_id IN (SELECT value FROM json_each(@ids))
  UNION SELECT DISTINCT to_id FROM relation WHERE kind = 'remote-execution' AND to_id IN (SELECT value FROM json_each(@ids))
  UNION SELECT DISTINCT f.to_id FROM relation f WHERE f.kind = 'saved-as' AND f.to_id IN (SELECT value FROM json_each(@ids))
    AND EXISTS (SELECT 1 FROM relation x WHERE x.from_id = f.to_id AND x.kind = 'executed-as')`

const BY_LEVEL: Readonly<Record<RiskLevel, Rating>> = {
  dangerous: 'malicious',
  'highly-suspicious': 'malicious',
  suspicious: 'suspicious',
  untested: 'unrated',
  safe: 'normal',
}

/**
 * Ratings of the analysis chain (threat-investigation.md 3.4): pattern packs on URLs and what carries them, and traces of
 * attacker behaviour. What nothing speaks about stays unrated.
 */
export async function rateEntities(
  db: ReadStore,
  ask: Ask,
  ids: readonly number[],
): Promise<Map<number, Rating>> {
  const ratings = new Map<number, Rating>()
  for (const row of db.prepare(suspicious).all({ ids: JSON.stringify(ids) }) as { id: number }[])
    ratings.set(row.id, 'suspicious')
  for (const { entityId, risk } of await ask('risk.of', { entityIds: ids.slice(0, 20_000).map(String) })) {
    const rating = risk.now === null ? 'unrated' : BY_LEVEL[risk.now]
    if (rating !== 'unrated') ratings.set(Number(entityId), rating)
  }
  return ratings
}
