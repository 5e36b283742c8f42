import type { PackedNetwork } from '../graph/packed-network.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor, type Gathered } from './gather.ts'
import type { Seed } from './seed.ts'

/** Sessions of the system itself (SYSTEM, NETWORK SERVICE, LOCAL SERVICE): they last as long as the machine runs. */
const SYSTEM_SESSIONS = ['0x3e7', '0x3e4', '0x3e5']
/** Numbers of sessions begin anew with the machine; one is not taken for another's that long after (microseconds). */
const LONGEST = 7 * 86_400_000_000

const sessionsOf = `SELECT DISTINCT p.detection_id AS detection, e.endpoint_id AS endpoint, e.logon_id AS session, e.at
  FROM detection_proof p JOIN event e ON e.id = p.event_id JOIN str s ON s.id = e.logon_id
  WHERE p.detection_id IN (SELECT value FROM json_each(@detections)) AND e.kind = @logon AND e.endpoint_id IS NOT NULL
    AND e.at IS NOT NULL AND lower(s.v) NOT IN (SELECT value FROM json_each(@system)) ORDER BY e.at, p.detection_id`
const startsIn = `SELECT p.relation_id AS relation, e.endpoint_id AS endpoint, e.logon_id AS session, e.at
  FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind = @start AND e.at IS NOT NULL
    AND e.logon_id IN (SELECT value FROM json_each(@sessions)) ORDER BY e.at, p.relation_id`

interface InSession {
  readonly endpoint: number | null
  readonly session: number
  readonly at: number
}
const keyOf = ({ endpoint, session }: InSession): string => `${endpoint}|${session}`

/**
 * Joins what was detected of a logon (passwords guessed until one fitted) to the programs that were started in that very session: the
 * number of the session stands in both records.
 */
export function joinByLogonSession(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters, relations }: Gathered,
  seeds: readonly Seed[],
): void {
  const bare = new Map<number, number>()
  for (const [at, seed] of seeds.entries())
    if (seed.detection >= 0 && seed.nodes.every((node) => isActor(facts.of(node).kind)))
      bare.set(seed.detection, network.entities.length + at)
  if (bare.size === 0 || relations.size === 0) return
  type Logon = InSession & { readonly detection: number }
  const logons = Map.groupBy(
    db.prepare(sessionsOf).all({
      detections: JSON.stringify([...bare.keys()]),
      logon: kindNumber('logon'),
      system: JSON.stringify(SYSTEM_SESSIONS),
    }) as Logon[],
    keyOf,
  )
  if (logons.size === 0) return
  const elementOf = new Map(
    [...relations].map(([relation, element]) => [network.ids[relation] ?? -1, element]),
  )
  const starts = db.prepare(startsIn).all({
    relations: JSON.stringify([...elementOf.keys()]),
    start: kindNumber('process-start'),
    sessions: JSON.stringify([...new Set([...logons.values()].flat().map(({ session }) => session))]),
  }) as (InSession & { readonly relation: number })[]
  for (const start of starts) {
    const element = elementOf.get(start.relation)
    if (element === undefined) continue
    for (const { detection, at } of logons.get(keyOf(start)) ?? []) {
      const sign = bare.get(detection)
      if (sign !== undefined && at <= start.at && start.at - at <= LONGEST) clusters.join(sign, element)
    }
  }
}
