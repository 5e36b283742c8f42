import type { PackedNetwork } from '../graph/packed-network.ts'
import type { ReadStore } from '../store/store.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor, type Gathered } from './gather.ts'
import { provenBy } from './join-records.ts'
import { isMachineAccount } from './walks.ts'
import type { Seed } from './seed.ts'

/** One account goes on within this time (microseconds): a working day. */
const SAME_SESSION = 12 * 3_600_000_000
/** A row of such days ends here: whoever changes something every day does their work. An intruder's week is two stories then. */
const LONGEST = 7 * 86_400_000_000
/** Signs below this join nothing: two trifles do not make a story. */
const ENOUGH = 0.25
const detected = `SELECT p.detection_id AS detection, p.event_id AS event, d.rule || '.' || d.what AS what FROM detection_proof p
  JOIN detection d ON d.id = p.detection_id WHERE p.detection_id IN (SELECT value FROM json_each(?)) AND p.event_id IS NOT NULL`
/**
 * Joins what rules detected and what names nobody but actors (an endpoint, an account), which no thing ties to anything: to the part that the
 * same record proves, and to what another rule says of the same account by the same record; and, where no endpoint has a part in it (the directory, cloud services), to what the same account did there last.
 */
export function joinBareSigns(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  seeds: readonly Seed[],
): void {
  joinByRecord(db, network, facts, gathered, seeds)
  joinByAccount(network, facts, gathered, seeds)
}

function joinByRecord(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters, relations }: Gathered,
  seeds: readonly Seed[],
): void {
  const bare = new Map<number, number>()
  const subjects = new Map<number, number | undefined>()
  for (const [at, seed] of seeds.entries())
    if (seed.detection >= 0 && seed.nodes.every((node) => isActor(facts.of(node).kind))) {
      bare.set(seed.detection, network.entities.length + at)
      subjects.set(seed.detection, seed.nodes[0])
    }
  if (bare.size === 0) return
  type Detected = { detection: number; event: number; what: string }
  const byEvent = Map.groupBy(
    db.prepare(detected).all(JSON.stringify([...bare.keys()])) as Detected[],
    (row) => row.event,
  )
  // What is told twice by the same record of the same account is one matter.
  for (const rows of byEvent.values())
    for (const same of Map.groupBy(rows, ({ detection }) => subjects.get(detection)).values()) {
      const [head] = same
      const first = bare.get(head?.detection ?? -1)
      for (const { detection, what } of same) {
        const other = what === head?.what ? undefined : bare.get(detection)
        if (first !== undefined && other !== undefined) clusters.join(first, other)
      }
    }
  const elementOf = new Map(
    [...relations].map(([relation, element]) => [network.ids[relation] ?? -1, element]),
  )
  for (const { relation, event } of provenBy(db, elementOf.keys(), byEvent.keys()))
    for (const { detection } of byEvent.get(event) ?? []) {
      const [sign, part] = [bare.get(detection), elementOf.get(relation)]
      if (sign !== undefined && part !== undefined) clusters.join(sign, part)
    }
}

function joinByAccount(
  network: PackedNetwork,
  facts: EntityFacts,
  { clusters }: Gathered,
  seeds: readonly Seed[],
): void {
  const last = new Map<number, { readonly at: number; readonly since: number; readonly element: number }>()
  // Signs come in the order of time.
  for (const [at, seed] of seeds.entries()) {
    if (seed.at === null || seed.detection < 0 || seed.weight < ENOUGH) continue
    const kinds = seed.nodes.map((node) => facts.of(node).kind)
    if (kinds.includes('endpoint') || kinds.includes('process')) continue
    const [user, ...others] = seed.nodes.filter((node) => facts.of(node).kind === 'user')
    if (user === undefined || others.length > 0 || isMachineAccount(facts.of(user).name)) continue
    const element = network.entities.length + at
    const before = last.get(user)
    const goesOn =
      before !== undefined && seed.at - before.at <= SAME_SESSION && seed.at - before.since <= LONGEST
    if (goesOn) clusters.join(before.element, element)
    last.set(user, { at: seed.at, since: goesOn ? before.since : seed.at, element })
  }
}
