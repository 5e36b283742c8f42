import { kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { Gathered } from './gather.ts'
import type { Seed } from './seed.ts'

/** Relations that recur in honest use: that one record proves them and something else ties nothing together. */
const RECURRING: ReadonlySet<string> = new Set([
  'logged-on-to',
  'remote-logon',
  'delivered-to',
  'signed-in-as',
])
/** What runs a program that lies elsewhere in the evidence: a file, a process, an execution from afar. */
const SET_UP = new Set(['installed-service', 'created-task'])

/** A service that is installed again so long after (microseconds) is another use of its name, by somebody who may be another. */
const SAME_USE = 3_600_000_000

/** Records of the setting up itself; that of the command that ordered it proves other things as well. */
const RECORDED = ['service-install', 'task-create', 'registry-set'] as const

const setUpsOf = `SELECT p.relation_id AS relation, p.event_id AS event, e.at FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind IN (SELECT value FROM json_each(@kinds))
  ORDER BY p.relation_id, e.at, p.position`
const proven = `SELECT r.id AS relation, p.event_id AS event FROM relation_proof p JOIN relation r ON r.id = p.relation_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND p.event_id IN (SELECT value FROM json_each(@events))
    AND r.kind NOT IN (SELECT value FROM json_each(@recurring))
  ORDER BY r.id, p.event_id`

/** One record that is a proof of a relation (row ids). */
interface Proven {
  readonly relation: number
  readonly event: number
}

/** Which of the relations these records prove, without those that recur. */
export const provenBy = (
  db: ReadStore,
  relations: Iterable<number>,
  events: Iterable<number>,
): readonly Proven[] =>
  db.prepare(proven).all({
    relations: JSON.stringify([...relations]),
    events: JSON.stringify([...events]),
    recurring: JSON.stringify([...RECURRING]),
  }) as Proven[]

/**
 * Joins a service or task that was set up to what the same record says of its program: that its file lies on the endpoint, that it was
 * run from afar. No step leads from a service to its program, as the one is named and the other run. The service belongs to its first
 * use; what says that it was installed anew later (PsExec of an administrator on Tuesday, of an intruder on Thursday) joins the program
 * of that time alone.
 */
export function joinByInstall(
  db: ReadStore,
  network: PackedNetwork,
  { clusters, relations }: Gathered,
  seeds: readonly Seed[],
): void {
  const setUps = new Set(
    seeds.flatMap(({ relation }) =>
      relation >= 0 && SET_UP.has(kindAt(network.kinds[relation] ?? 0)) ? (network.ids[relation] ?? -1) : [],
    ),
  )
  if (setUps.size === 0) return
  const elementOf = new Map(
    [...relations].map(([relation, element]) => [network.ids[relation] ?? -1, element]),
  )
  const { first, later } = usesOfSetUps(db, setUps)
  const setUpBy = new Map<number, number>()
  for (const { relation, event } of first) {
    const element = elementOf.get(relation)
    if (element !== undefined && !setUpBy.has(event)) setUpBy.set(event, element)
  }
  const again = new Set([...later].filter((event) => !setUpBy.has(event)))
  for (const { relation, event } of provenBy(db, elementOf.keys(), [...setUpBy.keys(), ...again])) {
    const [service, other] = [setUpBy.get(event), elementOf.get(relation)]
    if (other === undefined || (again.has(event) && setUps.has(relation))) continue
    if (service === undefined) setUpBy.set(event, other)
    else clusters.join(service, other)
  }
}

/** Records of the first use of each service or task, and those of later ones. */
function usesOfSetUps(
  db: ReadStore,
  setUps: ReadonlySet<number>,
): { readonly first: readonly Proven[]; readonly later: ReadonlySet<number> } {
  const rows = db.prepare(setUpsOf).all({
    relations: JSON.stringify([...setUps]),
    kinds: JSON.stringify(RECORDED.map(kindNumber)),
  }) as (Proven & { readonly at: number | null })[]
  const first: Proven[] = []
  const later = new Set<number>()
  const last = new Map<number, number>()
  for (const { relation, event, at } of rows) {
    const before = last.get(relation)
    if (at === null || before === undefined || at - before <= SAME_USE) {
      first.push({ relation, event })
      if (at !== null) last.set(relation, at)
    } else later.add(event)
  }
  return { first, later }
}
