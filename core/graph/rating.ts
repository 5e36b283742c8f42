import { type GraphNode, RATINGS } from '../contract/nouns/graph.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'

type Rating = GraphNode['rating']

/** A detection of the highest level, at least this sure, calls its subject malicious; others suspicious. */
const SURE = 0.8

/** What only attacker-like behaviour leaves behind, by the end it speaks of: who read credentials, what was run from afar. */
const traces = [
  `SELECT DISTINCT from_id FROM relation WHERE kind = 'accessed-credentials'`,
  `SELECT DISTINCT to_id FROM relation WHERE kind = 'remote-execution'`,
]
/** Files out of mail, and whether they were run. */
const saved = `SELECT DISTINCT to_id FROM relation WHERE kind = 'saved-as'`
const hasRun = `SELECT 1 FROM relation WHERE from_id = ? AND kind = 'executed-as' LIMIT 1`
/** What rules detected about something itself; that it has a part in a detection about something else says nothing of it. */
const severity = `subject_id AS id, max(level = 'critical' AND confidence >= ${SURE}) AS malicious FROM detection`
const detected = `SELECT ${severity} WHERE level <> 'low' GROUP BY subject_id`
const detectedOf = `SELECT ${severity} WHERE subject_id IN (SELECT value FROM json_each(?)) AND level <> 'low' GROUP BY subject_id`
const detections = 'SELECT count(*) FROM detection'

/** Around a hub stand thousands, traces and detections are few: whatever is fewer is gone through. */
function* suspected(db: ReadStore, ids: ReadonlySet<number>): Generator<[number, Rating]> {
  for (const sql of traces)
    for (const id of db.prepare(sql).pluck().iterate() as IterableIterator<number>)
      if (ids.has(id)) yield [id, 'suspicious']
  const ran = db.prepare(hasRun)
  for (const id of db.prepare(saved).pluck().all() as number[])
    if (ids.has(id) && ran.get(id) !== undefined) yield [id, 'suspicious']
  type Detected = { id: number; malicious: number }
  const isFew = (db.prepare(detections).pluck().get() as number) < ids.size
  const rows = isFew ? db.prepare(detected).all() : db.prepare(detectedOf).all(JSON.stringify([...ids]))
  for (const { id, malicious } of rows as Detected[])
    if (ids.has(id)) yield [id, malicious === 1 ? 'malicious' : 'suspicious']
}

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
  for (const [id, rating] of suspected(db, new Set(ids))) ratings.set(id, rating)
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
