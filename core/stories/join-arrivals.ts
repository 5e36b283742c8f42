import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import {
  type ActorTraces,
  FROM_HERE,
  indexOfKind,
  type Joined,
  type JoinScene,
  SET_OFF,
  type Trace,
} from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import type { Seed } from './seed.ts'
import { endpointOf } from './walks.ts'

/** A logon from afar, by what it came from. */
interface Arrival {
  readonly at: number
  readonly source: number
  readonly relation: number
}

/** Joins what begins on an endpoint to where the logon or execution came from that set it off. */
export class ArrivalJoins {
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

  /** From an endpoint with traces of a cluster to one on which something begins right after a logon or execution from there. */
  reachedFromHere(): void {
    const { from, entities } = this.#network
    const n = entities.length
    for (const [at, seed] of this.#seeds.entries()) {
      if (seed.sign !== 'remote_execution' || seed.relation < 0 || seed.at === null) continue
      const source = from[seed.relation] ?? 0
      if (this.#facts.of(source).kind !== 'endpoint') continue
      const cause = this.#traces.last(source, seed.at, FROM_HERE, n + at)
      if (cause) this.#traces.join(cause.element, n + at)
    }
    const logons = this.#remoteLogons()
    const runs = this.#remoteRuns()
    for (const [target, begins] of this.#beginnings()) {
      const arrivals = logons.get(target)
      if (!arrivals) continue
      for (const begin of begins) {
        const known = this.#sourcesOf(runs.get(target) ?? [], begin.element)
        const { arrival, cause } = this.#arrivalOf(begin, arrivals, known)
        if (!arrival) continue
        if (cause) this.#traces.join(cause.element, begin.element)
        this.#joined.relations.set(arrival.relation, begin.element)
        this.#joined.touches.push({
          actor: target,
          element: begin.element,
          at: arrival.at,
          relation: arrival.relation,
        })
      }
    }
  }

  /**
   * The last logon before something began on an endpoint that came from where the story already is, or from where another one is: that one
   * led to it.
   */
  #arrivalOf(
    begin: Trace,
    arrivals: readonly Arrival[],
    known: ReadonlySet<number>,
  ): { readonly arrival?: Arrival; readonly cause?: Trace } {
    for (let position = arrivals.length - 1; position >= 0; position -= 1) {
      const arrival = arrivals[position]
      if (!arrival || arrival.at < begin.at - SET_OFF) return {}
      if (arrival.at > begin.at + CLOCK_TOLERANCE_US) continue
      if (known.size > 0 && !known.has(arrival.source)) continue
      if (this.#traces.has(arrival.source, arrival.at, begin.element)) return { arrival }
      const cause = this.#traces.last(arrival.source, arrival.at, FROM_HERE, begin.element)
      if (cause) return { arrival, cause }
    }
    return {}
  }

  /** Logons from afar by the endpoint logged on to, in the order of time. */
  #remoteLogons(): Map<number, Arrival[]> {
    const { kinds, from, to, useStart, uses } = this.#network
    const found = new Map<number, Arrival[]>()
    for (let relation = 0; relation < kinds.length; relation += 1) {
      const target = to[relation] ?? 0
      if (kinds[relation] !== indexOfKind('remote-logon') || !this.#traces.isKnown(target)) continue
      // Whoever came from an address of no known endpoint is told apart by account and session (note-sources).
      if (this.#facts.of(from[relation] ?? 0).kind === 'ip') continue
      const list = found.get(target) ?? []
      found.set(target, list)
      for (let use = useStart[relation] ?? 0; use < (useStart[relation + 1] ?? 0); use += 1)
        list.push({ at: uses[use] ?? 0, source: from[relation] ?? 0, relation })
    }
    for (const list of found.values()) list.sort((a, b) => a.at - b.at || a.relation - b.relation)
    return found
  }

  /** Where something was run from afar: by endpoint, the source and an element of its cluster. */
  #remoteRuns(): Map<number, { readonly element: number; readonly source: number }[]> {
    const { from, to, entities } = this.#network
    const found = new Map<number, { element: number; source: number }[]>()
    for (const [at, seed] of this.#seeds.entries()) {
      if (seed.sign !== 'remote_execution' || seed.relation < 0) continue
      const target = endpointOf(this.#network, this.#facts, to[seed.relation] ?? 0)
      const source = endpointOf(this.#network, this.#facts, from[seed.relation] ?? 0)
      if (target === undefined || source === undefined) continue
      const list = found.get(target) ?? []
      found.set(target, list)
      list.push({ element: entities.length + at, source })
    }
    return found
  }

  /** From where the cluster of an element is known to have come to an endpoint. */
  #sourcesOf(
    runs: readonly { readonly element: number; readonly source: number }[],
    element: number,
  ): Set<number> {
    const root = this.#gathered.clusters.find(element)
    return new Set(
      runs.filter((run) => this.#gathered.clusters.find(run.element) === root).map((run) => run.source),
    )
  }

  /** Per endpoint, when each cluster is first seen there. */
  #beginnings(): Map<number, Trace[]> {
    const begins = new Map<number, Trace[]>()
    for (const [actor, traces] of this.#traces.byActor()) {
      if (this.#facts.of(actor).kind !== 'endpoint') continue
      const seen = new Set<number>()
      const first: Trace[] = []
      for (const trace of traces) {
        const root = this.#gathered.clusters.find(trace.element)
        if (seen.has(root)) continue
        seen.add(root)
        first.push(trace)
      }
      begins.set(actor, first)
    }
    return begins
  }
}
