import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor, type Gathered } from './gather.ts'
import type { Seed } from './seed.ts'

/** Sessions of the system itself (SYSTEM, NETWORK SERVICE, LOCAL SERVICE): they last as long as the machine runs. */
const SYSTEM_SESSIONS = JSON.stringify(['0x3e7', '0x3e4', '0x3e5'])
/** Numbers of sessions begin anew with the machine; one is not taken for another's that long after (microseconds). */
const LONGEST = 7 * 86_400_000_000
/** Credentials that were given lead to their logon within this time. */
const GIVEN_BEFORE = 5 * 60_000_000
/** Two signs in one session are one matter within this time: the console of an administrator stays open for days. */
const SOON = 3_600_000_000
/** One of them is grave: it weighs this much. */
const GRAVE = 0.5
/** The other is no trifle, as everybody has many a day. */
const NO_TRIFLE = 0.15
const LOGON = KIND_INDEX.get('remote-logon') ?? 255

/** The record of a logon names the session that begins beside that of whoever asked for it. */
const number = 'CASE WHEN e.kind = @logon THEN coalesce(e.target_logon_id, e.logon_id) ELSE e.logon_id END'
const ofSession = `e.endpoint_id AS endpoint, ${number} AS session, e.at`
const isOwn = `e.endpoint_id IS NOT NULL AND e.at IS NOT NULL AND lower(s.v) NOT IN (SELECT value FROM json_each(@system))`
const detectedIn = `SELECT DISTINCT p.detection_id AS detection, e.kind = @logon AS isLogon, ${ofSession}
  FROM detection_proof p JOIN event e ON e.id = p.event_id JOIN str s ON s.id = ${number}
  WHERE p.detection_id IN (SELECT value FROM json_each(@detections)) AND ${isOwn} ORDER BY e.at, p.detection_id`
const startsIn = `SELECT p.relation_id AS relation, e.endpoint_id AS endpoint, e.logon_id AS session, e.at
  FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind = @start AND e.at IS NOT NULL
    AND e.logon_id IN (SELECT value FROM json_each(@sessions)) ORDER BY e.at, p.relation_id`
/** Logons that followed upon credentials which a program gave on the endpoint it came from. */
const givenTo = `SELECT p.relation_id AS relation, ${ofSession}
  FROM relation_proof p JOIN event e ON e.id = p.event_id JOIN str s ON s.id = ${number}
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind = @logon AND ${isOwn}
    AND EXISTS (SELECT 1 FROM relation_proof q JOIN event g ON g.id = q.event_id
      WHERE q.relation_id = p.relation_id AND g.kind = @given AND abs(g.at - e.at) <= ${GIVEN_BEFORE})
  ORDER BY e.at, p.relation_id`

interface InSession {
  readonly endpoint: number | null
  readonly session: number
  readonly at: number
}
type Detected = InSession & { readonly detection: number; readonly isLogon: 0 | 1 }
type OfRelation = InSession & { readonly relation: number }
/** Who or what a session began with. */
interface Opener {
  readonly element: number
  readonly at: number
  /** Leads from the program to the endpoint of the session, of the network. */
  readonly relation?: number
}
interface Weighed {
  readonly row: Detected
  readonly element: number
  readonly weight: number
}
const keyOf = ({ endpoint, session }: InSession): string => `${endpoint}|${session}`

/**
 * Joins by the number of a logon session, which stands in the records of what was done in it: what was detected of a logon (passwords
 * guessed until one fitted), or the program that gave the credentials for it on another endpoint, with what was started and detected in
 * that very session; and two detections of programs in one session.
 */
export function joinByLogonSession(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  seeds: readonly Seed[],
): void {
  const { clusters } = gathered
  const elements = new Map<number, number>()
  for (const [at, seed] of seeds.entries())
    if (seed.detection >= 0) elements.set(seed.detection, network.entities.length + at)
  if (elements.size === 0) return
  const detected = db.prepare(detectedIn).all({
    detections: JSON.stringify([...elements.keys()]),
    logon: kindNumber('logon'),
    system: SYSTEM_SESSIONS,
  }) as Detected[]
  const seedOf = ({ detection }: Detected): Seed | undefined =>
    seeds[(elements.get(detection) ?? 0) - network.entities.length]
  const isBare = (row: Detected): boolean =>
    seedOf(row)?.nodes.every((node) => isActor(facts.of(node).kind)) === true
  const openers = new Map<string, Opener[]>()
  const open = (key: string, opener: Opener): void => {
    const known = openers.get(key)
    if (known) known.push(opener)
    else openers.set(key, [opener])
  }
  for (const row of detected)
    if (row.isLogon === 1 && isBare(row))
      open(keyOf(row), { element: elements.get(row.detection) ?? 0, at: row.at })
  openByGivenCredentials(db, network, facts, gathered, open)
  for (const row of detected) {
    if (row.isLogon === 1) continue
    const element = elements.get(row.detection) ?? 0
    for (const opener of openers.get(keyOf(row)) ?? []) joinOpened(network, gathered, opener, element, row.at)
  }
  joinStarts(db, network, gathered, openers)
  joinDetected(
    detected
      .filter((row) => row.isLogon === 0 && !isBare(row))
      .map((row) => ({ row, weight: seedOf(row)?.weight ?? 0, element: elements.get(row.detection) ?? 0 })),
    clusters,
  )
}

/** Programs of a story that gave credentials for another endpoint, and the sessions there that began with them. */
function openByGivenCredentials(
  db: ReadStore,
  { outStart, kinds, ids }: PackedNetwork,
  facts: EntityFacts,
  { things }: Gathered,
  open: (key: string, opener: Opener) => void,
): void {
  const logons = new Map<number, { readonly relation: number; readonly process: number }>()
  for (const process of things) {
    if (facts.of(process).kind !== 'process') continue
    for (let relation = outStart[process] ?? 0; relation < (outStart[process + 1] ?? 0); relation += 1)
      if (kinds[relation] === LOGON) logons.set(ids[relation] ?? -1, { relation, process })
  }
  if (logons.size === 0) return
  const rows = db.prepare(givenTo).all({
    relations: JSON.stringify([...logons.keys()]),
    logon: kindNumber('logon'),
    given: kindNumber('explicit-credentials'),
    system: SYSTEM_SESSIONS,
  }) as OfRelation[]
  for (const row of rows) {
    const given = logons.get(row.relation)
    if (given) open(keyOf(row), { element: given.process, at: row.at, relation: given.relation })
  }
}

/** What was started in a session belongs to what opened it. */
function joinStarts(
  db: ReadStore,
  network: PackedNetwork,
  gathered: Gathered,
  openers: ReadonlyMap<string, readonly Opener[]>,
): void {
  if (openers.size === 0) return
  const elementOf = new Map(
    [...gathered.relations].map(([relation, element]) => [network.ids[relation] ?? -1, element]),
  )
  const sessions = new Set([...openers.keys()].map((key) => Number(key.slice(key.indexOf('|') + 1))))
  const starts = db.prepare(startsIn).all({
    relations: JSON.stringify([...elementOf.keys()]),
    start: kindNumber('process-start'),
    sessions: JSON.stringify([...sessions]),
  }) as OfRelation[]
  for (const start of starts) {
    const element = elementOf.get(start.relation)
    if (element === undefined) continue
    for (const opener of openers.get(keyOf(start)) ?? [])
      joinOpened(network, gathered, opener, element, start.at)
  }
}

function joinOpened(
  network: PackedNetwork,
  { clusters, relations, touches }: Gathered,
  { element: from, at: since, relation }: Opener,
  element: number,
  at: number,
): void {
  if (since > at || at - since > LONGEST) return
  clusters.join(from, element)
  if (relation === undefined || relations.has(relation)) return
  relations.set(relation, from)
  touches.push({ actor: network.to[relation] ?? 0, element: from, at: since, relation })
}

/** Two detections of programs in one session, soon after each other, of which one is grave and the other no trifle. */
function joinDetected(detected: readonly Weighed[], clusters: Gathered['clusters']): void {
  for (const rows of Map.groupBy(detected, ({ row }) => keyOf(row)).values()) {
    let [last, grave]: (Weighed | undefined)[] = []
    for (const one of rows) {
      if (one.weight < NO_TRIFLE) continue
      const before = one.weight >= GRAVE ? last : grave
      if (before && one.row.at - before.row.at <= SOON) clusters.join(before.element, one.element)
      last = one
      if (one.weight >= GRAVE) grave = one
    }
  }
}
