import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import {
  type ActorTraces,
  ENOUGH,
  FROM_HERE,
  indexOfKind,
  type Joined,
  type JoinScene,
  SET_OFF,
  type Trace,
} from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor, type Gathered } from './gather.ts'
import type { Seed } from './seed.ts'
import { endpointOf, isMachineAccount, ranAs, usedBetween } from './walks.ts'

/** A password given away or stolen is used within this time. */
const ACCOUNT_USED = 7 * 86_400_000_000
/** What was seen of an endpoint before something is looked through so far back: a server has traces by the thousand. */
const MAX_TRACES = 500
const OPENED = new Set((['clicked-by', 'opened-on'] as const).map(indexOfKind))

/** Joins by accounts that were given away or read, and then used. */
export class AccountJoins {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #gathered: Gathered
  readonly #seeds: readonly Seed[]
  readonly #traces: ActorTraces
  readonly #joined: Joined

  constructor(scene: JoinScene) {
    this.#network = scene.network
    this.#facts = scene.facts
    this.#gathered = scene.gathered
    this.#seeds = scene.seeds
    this.#traces = scene.traces
    this.#joined = scene.joined
  }

  /**
   * An account that opened a bad link, or whose credentials were read, and then does what it never did: logs on to an endpoint
   * for the first time; or is itself what something else is about.
   */
  accountsUsed(): void {
    const { outStart, kinds, to, useStart, uses } = this.#network
    for (const [user, traces] of this.#traces.byActor()) {
      if (this.#facts.of(user).kind !== 'user') continue
      const opened = traces.filter((trace) => this.#isGivenAway(trace))
      const [first] = opened
      if (!first || isMachineAccount(this.#facts.of(user).name)) continue
      for (const trace of traces)
        if (
          this.#traces.isSeed({ ...trace, actor: user }) &&
          trace.at >= first.at &&
          trace.at <= first.at + ACCOUNT_USED
        ) {
          const cause = opened.findLast((one) => one.at <= trace.at)
          if (cause && this.#traces.weightOf(cause.element) >= ENOUGH)
            this.#traces.join(cause.element, trace.element)
        }
      for (let relation = outStart[user] ?? 0; relation < (outStart[user + 1] ?? 0); relation += 1) {
        if (kinds[relation] !== indexOfKind('logged-on-to')) continue
        const begin = useStart[relation] ?? 0
        const at = uses[begin] ?? 0
        const cause = opened.findLast((one) => one.at <= at)
        if (!cause || at > cause.at + ACCOUNT_USED || this.#traces.weightOf(cause.element) < ENOUGH) continue
        const endpoint = to[relation] ?? 0
        this.#joined.relations.set(relation, cause.element)
        this.#joined.touches.push({ actor: endpoint, element: cause.element, at, relation })
        this.#joined.touches.push({ actor: user, element: cause.element, at, relation })
        const set = this.#traces
          .of(endpoint)
          .find(
            (one) =>
              one.at >= at - CLOCK_TOLERANCE_US &&
              one.at <= at + SET_OFF &&
              ranAs(this.#network, one.element, user),
          )
        if (set) this.#traces.join(cause.element, set.element)
      }
    }
  }

  /**
   * What was detected of an account and the endpoint it acted from, where something of a story had run as that account before: tickets
   * asked for by the malware's user, from the malware's endpoint.
   */
  signsWhereItRan(): void {
    for (const [place, seed] of this.#seeds.entries()) {
      if (seed.detection < 0 || seed.at === null) continue
      const kinds = seed.nodes.map((node) => this.#facts.of(node).kind)
      if (!seed.nodes.every((node) => isActor(this.#facts.of(node).kind))) continue
      const [user, endpoint] = [seed.nodes[kinds.indexOf('user')], seed.nodes[kinds.indexOf('endpoint')]]
      if (user === undefined || endpoint === undefined || isMachineAccount(this.#facts.of(user).name))
        continue
      const element = this.#network.entities.length + place
      const { at } = seed
      const root = this.#gathered.clusters.find(element)
      const before = this.#traces
        .before(endpoint, at, MAX_TRACES)
        .find(
          (trace) =>
            trace.at >= at - FROM_HERE &&
            this.#gathered.clusters.find(trace.element) !== root &&
            ranAs(this.#network, trace.element, user),
        )
      if (before && this.#traces.weightOf(before.element) >= ENOUGH)
        this.#traces.join(before.element, element)
    }
  }

  /** Whose credentials may have been read: accounts logged on there the day before, that then log on to an endpoint of the story. */
  credentialsUsed(): void {
    const { from, inStart, into, outStart, kinds, to, useStart, uses } = this.#network
    for (const seed of this.#seeds) {
      if (seed.sign !== 'credentials' || seed.relation < 0 || seed.at === null) continue
      const process = from[seed.relation] ?? 0
      const endpoint = endpointOf(this.#network, this.#facts, process)
      if (endpoint === undefined) continue
      const root = this.#gathered.clusters.find(process)
      for (let p = inStart[endpoint] ?? 0; p < (inStart[endpoint + 1] ?? 0); p += 1) {
        const logon = into[p] ?? 0
        const user = from[logon] ?? 0
        if (kinds[logon] !== indexOfKind('logged-on-to') || isMachineAccount(this.#facts.of(user).name))
          continue
        if (!usedBetween(this.#network, logon, seed.at - FROM_HERE, seed.at)) continue
        for (let r = outStart[user] ?? 0; r < (outStart[user + 1] ?? 0); r += 1) {
          const target = to[r] ?? 0
          if (kinds[r] !== indexOfKind('logged-on-to') || target === endpoint) continue
          for (let use = useStart[r] ?? 0; use < (useStart[r + 1] ?? 0); use += 1) {
            const at = uses[use] ?? 0
            if (at < seed.at || at > seed.at + FROM_HERE) continue
            const isHere = this.#traces
              .of(target)
              .some(
                (one) =>
                  one.at >= at - CLOCK_TOLERANCE_US &&
                  one.at <= at + SET_OFF &&
                  this.#gathered.clusters.find(one.element) === root,
              )
            if (!isHere) continue
            this.#joined.relations.set(r, process)
            this.#joined.touches.push({ actor: user, element: process, at, relation: r })
            this.#joined.touches.push({ actor: target, element: process, at, relation: r })
          }
        }
      }
    }
  }

  #isGivenAway(trace: Trace): boolean {
    if (trace.relation < 0) return false
    const kind = this.#network.kinds[trace.relation] ?? 255
    return OPENED.has(kind) || kind === indexOfKind('accessed-credentials')
  }
}
