import type { PackedNetwork } from '../graph/packed-network.ts'
import {
  type ActorTraces,
  ENOUGH,
  indexOfKind,
  type Joined,
  type JoinScene,
  type Trace,
} from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import { cameFrom, isMachineAccount, isRare } from './walks.ts'

/** The same account on the same endpoint goes on within this time. */
const SAME_SESSION = 12 * 3_600_000_000

/** Joins by what two parts have in common: a campaign, an account on an endpoint, a destination hardly anybody else talks to. */
export class SharedJoins {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #gathered: Gathered
  readonly #traces: ActorTraces
  readonly #joined: Joined

  constructor(scene: JoinScene) {
    this.#network = scene.network
    this.#facts = scene.facts
    this.#gathered = scene.gathered
    this.#traces = scene.traces
    this.#joined = scene.joined
  }

  /** Messages of one campaign, or of one outside sender domain, of which each has a part in something. */
  campaigns(campaignOf: (messageNode: number) => string | undefined): void {
    const { outStart, kinds, to } = this.#network
    const first = new Map<string, number>()
    for (const message of this.#gathered.things) {
      if (this.#facts.of(message).kind !== 'message' || this.#traces.weightOf(message) < ENOUGH) continue
      for (let r = outStart[message] ?? 0; r < (outStart[message + 1] ?? 0); r += 1) {
        const other = to[r] ?? 0
        if (kinds[r] !== indexOfKind('same-campaign') || !this.#gathered.things.has(other)) continue
        this.#joined.relations.set(r, message)
        this.#traces.join(message, other)
      }
      const campaign = campaignOf(message)
      if (campaign === undefined) continue
      const before = first.get(campaign)
      if (before === undefined) first.set(campaign, message)
      else this.#traces.join(before, message)
    }
  }

  /** The same account acting on the same endpoint, from the same place: an intruder with an administrator's account is not the administrator. */
  sameSession(): void {
    const { outStart, kinds, to } = this.#network
    const last = new Map<string, Trace>()
    const traces: (Trace & { readonly key: string })[] = []
    for (const node of this.#gathered.things) {
      if (this.#facts.of(node).kind !== 'process') continue
      const at = this.#facts.of(node).firstSeen
      if (at === null) continue
      let endpoint = -1
      let user = -1
      for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) {
        if (kinds[r] === indexOfKind('ran-on')) endpoint = to[r] ?? 0
        if (kinds[r] === indexOfKind('ran-as')) user = to[r] ?? 0
      }
      if (endpoint < 0 || user < 0 || isMachineAccount(this.#facts.of(user).name)) continue
      traces.push({
        at,
        element: node,
        relation: -1,
        key: `${endpoint}|${user}|${cameFrom(this.#network, this.#facts, node)}`,
      })
    }
    traces.sort((a, b) => a.at - b.at || a.element - b.element)
    for (const trace of traces) {
      if (this.#traces.weightOf(trace.element) < ENOUGH) continue
      const before = last.get(trace.key)
      if (before && trace.at - before.at <= SAME_SESSION) this.#traces.join(before.element, trace.element)
      last.set(trace.key, trace)
    }
  }

  /** Processes of two clusters that talk to the same address or name, which hardly anybody else talks to. */
  rareDestinations(): void {
    const first = new Map<number, number>()
    for (const touch of this.#gathered.touches) {
      const kind = touch.relation < 0 ? 255 : (this.#network.kinds[touch.relation] ?? 255)
      if (kind !== indexOfKind('connected-to') && kind !== indexOfKind('resolved')) continue
      if (this.#traces.weightOf(touch.element) < ENOUGH || !isRare(this.#network, this.#facts, touch.actor))
        continue
      const before = first.get(touch.actor)
      if (before === undefined) first.set(touch.actor, touch.element)
      else this.#traces.join(before, touch.element)
    }
  }
}
