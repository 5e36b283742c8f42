import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered, Touch } from './gather.ts'
import type { Seed } from './seed.ts'

const HOUR = 3_600_000_000

/** Somebody who was on an endpoint acts from there on others: this long after the last trace of it. */
export const FROM_HERE = 24 * HOUR
/** What a logon from afar set off on the endpoint reached begins within this time. */
export const SET_OFF = HOUR / 6
/** Suspicion below which nothing is joined through an actor: two trifles do not make a story. */
export const ENOUGH = 0.25

export const indexOfKind = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255
const ACTED = new Set(
  (['ran-on', 'ran-as', 'opened-on', 'clicked-by', 'accessed-credentials', 'remote-execution'] as const).map(
    indexOfKind,
  ),
)

/** What was taken in by a join beside what {@link Gathered} has: relations of the way between two parts. */
export interface Joined {
  readonly relations: Map<number, number>
  readonly touches: Touch[]
}

/** Somebody had a part in something at a time. */
export interface Trace {
  readonly at: number
  readonly element: number
  readonly relation: number
}

/** Traces of each actor in the order of time, and what the clusters weigh to which they belong. */
export class ActorTraces {
  readonly #network: PackedNetwork
  readonly #gathered: Gathered
  readonly #byActor = new Map<number, Trace[]>()
  readonly #weights = new Map<number, number>()

  /** @param idle elements of clusters that nothing comes of: they weigh nothing until something else joins them */
  constructor(
    network: PackedNetwork,
    gathered: Gathered,
    seeds: readonly Seed[],
    idle: readonly number[] = [],
  ) {
    this.#network = network
    this.#gathered = gathered
    const n = network.entities.length
    const without = new Set(idle.map((element) => gathered.clusters.find(element)))
    for (const [at, seed] of seeds.entries())
      if (!without.has(gathered.clusters.find(n + at))) this.#weigh(n + at, seed.weight)
    for (const touch of gathered.touches) this.#index(touch)
    for (const traces of this.#byActor.values()) traces.sort((a, b) => a.at - b.at || a.element - b.element)
  }

  of(actor: number): readonly Trace[] {
    return this.#byActor.get(actor) ?? []
  }
  isKnown(actor: number): boolean {
    return this.#byActor.has(actor)
  }
  byActor(): Iterable<[number, readonly Trace[]]> {
    return this.#byActor
  }

  /** Adds a trace that a join found, where it belongs in time. */
  note(actor: number, trace: Trace): void {
    const traces = this.#byActor.get(actor) ?? []
    this.#byActor.set(actor, traces)
    traces.splice(this.#countUntil(traces, trace.at), 0, trace)
  }

  #weigh(element: number, weight: number): void {
    const root = this.#gathered.clusters.find(element)
    this.#weights.set(root, (this.#weights.get(root) ?? 0) + weight)
  }

  weightOf(element: number): number {
    return this.#weights.get(this.#gathered.clusters.find(element)) ?? 0
  }

  join(a: number, b: number): void {
    const { clusters } = this.#gathered
    const [first, second] = [clusters.find(a), clusters.find(b)]
    if (first === second) return
    const weight = (this.#weights.get(first) ?? 0) + (this.#weights.get(second) ?? 0)
    clusters.join(first, second)
    this.#weights.set(clusters.find(first), weight)
  }

  #index(touch: Touch): void {
    const kind = touch.relation < 0 ? -1 : (this.#network.kinds[touch.relation] ?? 255)
    if (touch.at === null || (kind >= 0 && !ACTED.has(kind) && !this.isSeed(touch))) return
    const traces = this.#byActor.get(touch.actor) ?? []
    this.#byActor.set(touch.actor, traces)
    traces.push({ at: touch.at, element: touch.element, relation: touch.relation })
  }

  isSeed(touch: Touch): boolean {
    return touch.element >= this.#network.entities.length
  }

  /** How many traces of somebody are at or before a time. */
  #countUntil(traces: readonly Trace[], at: number): number {
    let low = 0
    let high = traces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((traces[middle]?.at ?? 0) <= at + CLOCK_TOLERANCE_US) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Traces of somebody at or before a time, the latest first, so many at most. */
  before(actor: number, at: number, most: number): Trace[] {
    const traces = this.of(actor)
    const end = this.#countUntil(traces, at)
    return traces.slice(Math.max(0, end - most), end).reverse()
  }

  /** The last trace of somebody at or before a time and not older than `span`, of a cluster that weighs enough. */
  last(actor: number, at: number, span: number, not: number): Trace | undefined {
    const traces = this.of(actor)
    const low = this.#countUntil(traces, at)
    const other = this.#gathered.clusters.find(not)
    for (let position = low - 1; position >= 0; position -= 1) {
      const trace = traces[position]
      if (!trace || trace.at < at - span) return undefined
      if (this.#gathered.clusters.find(trace.element) !== other && this.weightOf(trace.element) >= ENOUGH)
        return trace
    }
    return undefined
  }

  /** Whether the cluster of an element has itself been on an endpoint within the time before. */
  has(actor: number, at: number, element: number): boolean {
    const root = this.#gathered.clusters.find(element)
    return this.of(actor).some(
      (trace) =>
        trace.at <= at + CLOCK_TOLERANCE_US &&
        trace.at >= at - FROM_HERE &&
        this.#gathered.clusters.find(trace.element) === root,
    )
  }
}

/** What joins look at, and where they write what they took in. */
export interface JoinScene {
  readonly network: PackedNetwork
  readonly facts: EntityFacts
  readonly gathered: Gathered
  readonly seeds: readonly Seed[]
  readonly traces: ActorTraces
  readonly joined: Joined
}
