import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import { kindAt, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import type { EventKind } from '../model/event.ts'
import type { RelationKind } from '../model/relation.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { indexOfKind, type Joined } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Seed } from './seed.ts'
import { endpointOf, isMachineAccount } from './walks.ts'

/** Which of the records that prove a relation name the account that did it: what comes of it runs as the system. */
const NAMED_IN: Partial<Record<RelationKind, readonly EventKind[]>> = {
  'remote-execution': ['logon', 'share-access'],
  'installed-service': ['service-install'],
  'created-task': ['task-create'],
}
const accounts = `SELECT DISTINCT p.relation_id AS relation, e.kind, e.endpoint_id AS endpoint, e.user_id AS user
  FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind IN (SELECT value FROM json_each(@kinds))
    AND e.user_id IS NOT NULL AND e.endpoint_id IS NOT NULL
  ORDER BY p.relation_id, e.user_id`

/** Adds the accounts with which something was run from afar or set up to run, as the records that prove it name them. */
export function noteActingAccounts(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  joined: Joined,
  seeds: readonly Seed[],
): void {
  const acts = new Map<number, { readonly seed: Seed; readonly element: number }>()
  for (const [place, seed] of seeds.entries())
    if (seed.relation >= 0 && NAMED_IN[kindOf(network, seed)])
      acts.set(network.ids[seed.relation] ?? -1, { seed, element: network.entities.length + place })
  if (acts.size === 0) return
  type Row = { relation: number; kind: number; endpoint: number; user: number }
  const rows = db.prepare(accounts).all({
    relations: JSON.stringify([...acts.keys()]),
    kinds: JSON.stringify([...new Set(Object.values(NAMED_IN).flat())].map(kindNumber)),
  }) as Row[]
  for (const row of rows) {
    const act = acts.get(row.relation)
    const [endpoint, account] = [nodeOf(network, row.endpoint), nodeOf(network, row.user)]
    if (!act || endpoint < 0 || account < 0 || isMachineAccount(facts.of(account).name)) continue
    const { seed, element } = act
    const kind = kindOf(network, seed)
    if (!NAMED_IN[kind]?.some((one) => kindNumber(one) === row.kind)) continue
    const isRemote = kind === 'remote-execution'
    // Who logged on to another endpoint, as the one that gave the order, is told by that one's program.
    if (isRemote && endpointOf(network, facts, network.to[seed.relation] ?? 0) !== endpoint) continue
    const logon = isRemote ? logonOf(network, account, endpoint, seed.at) : undefined
    if (logon && !joined.relations.has(logon.relation)) joined.relations.set(logon.relation, element)
    joined.touches.push({
      actor: account,
      element,
      at: logon?.at ?? seed.at,
      relation: logon?.relation ?? seed.relation,
    })
  }
}

const kindOf = (network: PackedNetwork, { relation }: Seed): RelationKind =>
  kindAt(network.kinds[relation] ?? 0)

/** The account's last logon to an endpoint up to a time. */
function logonOf(
  { outStart, kinds, to, useStart, uses }: PackedNetwork,
  account: number,
  endpoint: number,
  until: number | null,
): { readonly relation: number; readonly at: number } | undefined {
  for (let relation = outStart[account] ?? 0; relation < (outStart[account + 1] ?? 0); relation += 1) {
    if (kinds[relation] !== indexOfKind('logged-on-to') || to[relation] !== endpoint) continue
    for (let use = (useStart[relation + 1] ?? 0) - 1; use >= (useStart[relation] ?? 0); use -= 1) {
      const at = uses[use] ?? 0
      if (until === null || at <= until + CLOCK_TOLERANCE_US) return { relation, at }
    }
  }
  return undefined
}
