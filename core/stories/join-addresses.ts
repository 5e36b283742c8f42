import type { EntityKind } from '../model/relation.ts'
import { isActor } from './gather.ts'
import { type ActorTraces, ENOUGH, FROM_HERE, type JoinScene } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Seed } from './seed.ts'
import { isMachineAccount, isPrivate } from './walks.ts'

const isActorOrMail = (kind: EntityKind): boolean => isActor(kind) || kind === 'message'

/** Joins what rules detected of an account or endpoint and one outside address: the same two again go on with the same thing. */
export class AddressJoins {
  readonly #facts: EntityFacts
  readonly #seeds: readonly Seed[]
  readonly #traces: ActorTraces
  readonly #offset: number

  constructor({ network, facts, seeds, traces }: JoinScene) {
    this.#facts = facts
    this.#seeds = seeds
    this.#traces = traces
    this.#offset = network.entities.length
  }

  /**
   * A sign-in from an odd place and what was done to the mailbox from there; passwords guessed from an address and the logon from it. The
   * account or the endpoint has to be the same as well: one address may stand for a whole company.
   */
  sameAddress(): void {
    const last = new Map<string, { readonly at: number; readonly element: number }>()
    // Signs come in the order of time.
    for (const [place, seed] of this.#seeds.entries()) {
      if (seed.detection < 0 || seed.at === null) continue
      // Mail that led to a sign-in may be named beside the account and the address.
      if (!seed.nodes.every((node) => isActorOrMail(this.#facts.of(node).kind))) continue
      const element = this.#offset + place
      for (const key of this.#keysOf(seed)) {
        const before = last.get(key)
        last.set(key, { at: seed.at, element })
        if (before === undefined || seed.at - before.at > FROM_HERE) continue
        const isEnough = [before.element, element].some((one) => this.#traces.weightOf(one) >= ENOUGH)
        if (isEnough) this.#traces.join(before.element, element)
      }
    }
  }

  /** Pairs of somebody or some machine and an outside address. */
  #keysOf({ nodes, tried }: Seed): string[] {
    const of = (kind: string) => nodes.filter((node) => this.#facts.of(node).kind === kind)
    const outside = of('ip').filter((node) => !isPrivate(this.#facts.of(node).name))
    const users = of('user').filter(
      (node) => tried?.has(node) !== true && !isMachineAccount(this.#facts.of(node).name),
    )
    return outside.flatMap((ip) => [...users, ...of('endpoint')].map((who) => `${who}|${ip}`))
  }
}
