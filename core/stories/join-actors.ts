import type { PackedNetwork } from '../graph/packed-network.ts'
import { ActorTraces, type Joined, type JoinScene } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import { AccountJoins } from './join-accounts.ts'
import { AddressJoins } from './join-addresses.ts'
import { ArrivalJoins } from './join-arrivals.ts'
import { HopJoins } from './join-hops.ts'
import { ProgramJoins } from './join-programs.ts'
import { SharedJoins } from './join-shared.ts'
import type { ReadStore } from '../store/store.ts'
import type { Seed } from './seed.ts'

/**
 * Joins parts through those who have a part in them, each only where time and the one who acted fit: on from an endpoint to one reached
 * from there, on with an account that was given away, the same account on the same endpoint, the same program or rare destination, the
 * same outside address, the same campaign. Where several could be the cause, the latest trace before is taken: one busy server does not make one story of everything.
 * @param rollouts joined services: nothing comes of a roll-out but what it rolls out
 * @param campaignOf what messages of one sender have in common; undefined: nothing that ties them
 */
export function joinActors(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  seeds: readonly Seed[],
  rollouts: ReadonlyMap<number, number>,
  campaignOf: (messageNode: number) => string | undefined,
): Joined {
  const traces = new ActorTraces(network, gathered, seeds, [...rollouts.keys()])
  const joined: Joined = { relations: new Map(), touches: [] }
  const scene: JoinScene = { network, facts, gathered, seeds, traces, joined }
  const [shared, arrivals, accounts] = [
    new SharedJoins(scene),
    new ArrivalJoins(scene),
    new AccountJoins(scene),
  ]
  shared.campaigns(campaignOf)
  new AddressJoins(scene).sameAddress()
  shared.sameSession()
  new ProgramJoins(scene).samePrograms()
  accounts.signsWhereItRan()
  new HopJoins(db, scene).onFromTheft()
  arrivals.reachedFromHere()
  accounts.accountsUsed()
  shared.rareDestinations()
  accounts.credentialsUsed()
  return joined
}
