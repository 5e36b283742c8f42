import { type GraphNode, RATINGS } from '../contract/nouns/graph.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'

type Rating = GraphNode['rating']

/** A detection of the highest level, at least this sure, calls its subject malicious; others suspicious. */
const SURE = 0.8

/** What only attacker-like behaviour leaves behind: who read credentials, what was run from afar, mail files that ran. */
const suspicious = `SELECT DISTINCT from_id AS id FROM relation WHERE kind = 'accessed-credentials' AND from_id IN (SELECT value FROM json_each(@ids))
  UNION SELECT DISTINCT to_id FROM relation WHERE kind = 'remote-execution' AND to_id IN (SELECT value FROM json_each(@ids))
  UNION SELECT DISTINCT f.to_id FROM relation f WHERE f.kind = 'saved-as' AND f.to_id IN (SELECT value FROM json_each(@ids))
    AND EXISTS (SELECT 1 FROM relation x WHERE x.from_id = f.to_id AND x.kind = 'executed-as')`

/** What rules detected about something itself; that it has a part in a detection about something else says nothing of it. */
const detected = `SELECT subject_id AS id, max(level = 'critical' AND confidence >= ${SURE}) AS malicious FROM detection
  WHERE subject_id IN (SELECT value FROM json_each(@ids)) AND level <> 'low' GROUP BY subject_id`

const BY_LEVEL: Readonly<Record<RiskLevel, Rating>> = {
  dangerous: 'malicious',
  'highly-suspicious': 'malicious',
  suspicious: 'suspicious',
  untested: 'unrated',
  safe: 'normal',
}

/**
 * Ratings of the analysis chain (threat-investigation.md 3.4): pattern packs on URLs and what carries them, and traces of
 * attacker behaviour, and what rules detected. The worst stands. What nothing speaks about stays unrated.
 */
export async function rateEntities(
  db: ReadStore,
  ask: Ask,
  ids: readonly number[],
): Promise<Map<number, Rating>> {
  const ratings = new Map<number, Rating>()
  for (const row of db.prepare(suspicious).all({ ids: JSON.stringify(ids) }) as { id: number }[])
    ratings.set(row.id, 'suspicious')
  type Detected = { id: number; malicious: number }
  for (const row of db.prepare(detected).all({ ids: JSON.stringify(ids) }) as Detected[])
    ratings.set(row.id, row.malicious === 1 ? 'malicious' : 'suspicious')
  for (const { entityId, risk } of await askAll(ask, ids)) {
    const rating = risk.now === null ? 'unrated' : BY_LEVEL[risk.now]
    const known = ratings.get(Number(entityId)) ?? 'unrated'
    if (RATINGS.indexOf(rating) > RATINGS.indexOf(known) || known === 'unrated')
      ratings.set(Number(entityId), rating)
  }
  return ratings
}

/** Entities asked about at once. */
const ASK_SIZE = 20_000

async function askAll(ask: Ask, ids: readonly number[]): ReturnType<typeof ask<'risk.of'>> {
  const found: Awaited<ReturnType<typeof askAll>> = []
  for (let at = 0; at < ids.length; at += ASK_SIZE)
    found.push(...(await ask('risk.of', { entityIds: ids.slice(at, at + ASK_SIZE).map(String) })))
  return found
}
