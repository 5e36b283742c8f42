import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered, Touch } from './gather.ts'
import type { Seed } from './seed.ts'
import { cameFrom, endpointOf, isMachineAccount, isRare, ranAs, usedBetween } from './walks.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Somebody who was on an endpoint acts from there on others: this long after the last trace of it. */
const FROM_HERE = 24 * HOUR
/** What a logon from afar set off on the endpoint reached begins within this time. */
const SET_OFF = 10 * MINUTE
/** The same account on the same endpoint goes on within this time. */
const SAME_SESSION = 12 * HOUR
/** A password given away or stolen is used within this time. */
const ACCOUNT_USED = 7 * DAY
/** Suspicion below which nothing is joined through an actor: two trifles do not make a story. */
const ENOUGH = 0.25

const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255
const ACTED = new Set([
  ...(
    ['ran-on', 'ran-as', 'opened-on', 'clicked-by', 'accessed-credentials', 'remote-execution'] as const
  ).map(index),
])
const OPENED = new Set((['clicked-by', 'opened-on'] as const).map(index))

/** What was taken in by a join beside what {@link Gathered} has: relations of the way between two parts. */
export interface Joined {
  readonly relations: Map<number, number>
  readonly touches: Touch[]
}

interface Trace {
  readonly at: number
  readonly element: number
  readonly relation: number
}

interface Arrival {
  readonly at: number
  readonly source: number
  readonly relation: number
}

/**
 * Joins parts through those who have a part in them, each only where time and the one who acted fit: on from an endpoint to one reached
 * from there, on with an account that was given away, the same account on the same endpoint, the same rare destination, the same
 * campaign. Where several could be the cause, the latest trace before is taken: one busy server does not make one story of everything.
 */
export class ActorJoins {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #gathered: Gathered
  readonly #seeds: readonly Seed[]
  readonly #byActor = new Map<number, Trace[]>()
  readonly #weights = new Map<number, number>()
  readonly joined: Joined = { relations: new Map(), touches: [] }

  constructor(network: PackedNetwork, facts: EntityFacts, gathered: Gathered, seeds: readonly Seed[]) {
    this.#network = network
    this.#facts = facts
    this.#gathered = gathered
    this.#seeds = seeds
    const n = network.entities.length
    for (const [at, seed] of seeds.entries()) this.#weigh(n + at, seed.weight)
    for (const touch of gathered.touches) this.#index(touch)
    for (const traces of this.#byActor.values()) traces.sort((a, b) => a.at - b.at || a.element - b.element)
  }

  /** @param campaignOf what messages of one sender have in common; undefined: nothing that ties them */
  run(campaignOf: (messageNode: number) => string | undefined): Joined {
    this.#campaigns(campaignOf)
    this.#sameSession()
    this.#reachedFromHere()
    this.#accountsUsed()
    this.#rareDestinations()
    this.#credentialsUsed()
    return this.joined
  }

  #weigh(element: number, weight: number): void {
    const root = this.#gathered.clusters.find(element)
    this.#weights.set(root, (this.#weights.get(root) ?? 0) + weight)
  }

  #weightOf(element: number): number {
    return this.#weights.get(this.#gathered.clusters.find(element)) ?? 0
  }

  #join(a: number, b: number): void {
    const { clusters } = this.#gathered
    const [first, second] = [clusters.find(a), clusters.find(b)]
    if (first === second) return
    const weight = (this.#weights.get(first) ?? 0) + (this.#weights.get(second) ?? 0)
    clusters.join(first, second)
    this.#weights.set(clusters.find(first), weight)
  }

  #index(touch: Touch): void {
    const kind = touch.relation < 0 ? -1 : (this.#network.kinds[touch.relation] ?? 255)
    if (touch.at === null || (kind >= 0 && !ACTED.has(kind) && !this.#isSeed(touch))) return
    const traces = this.#byActor.get(touch.actor) ?? []
    this.#byActor.set(touch.actor, traces)
    traces.push({ at: touch.at, element: touch.element, relation: touch.relation })
  }

  #isSeed(touch: Touch): boolean {
    return touch.element >= this.#network.entities.length
  }

  /** The last trace of somebody at or before a time and not older than `span`, of a cluster that weighs enough. */
  #lastTrace(actor: number, at: number, span: number, not: number): Trace | undefined {
    const traces = this.#byActor.get(actor) ?? []
    let low = 0
    let high = traces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((traces[middle]?.at ?? 0) <= at + CLOCK_TOLERANCE_US) low = middle + 1
      else high = middle
    }
    const other = this.#gathered.clusters.find(not)
    for (let position = low - 1; position >= 0; position -= 1) {
      const trace = traces[position]
      if (!trace || trace.at < at - span) return undefined
      if (this.#gathered.clusters.find(trace.element) !== other && this.#weightOf(trace.element) >= ENOUGH)
        return trace
    }
    return undefined
  }

  /** Messages of one campaign, or of one outside sender domain, of which each has a part in something. */
  #campaigns(campaignOf: (messageNode: number) => string | undefined): void {
    const { outStart, kinds, to } = this.#network
    const first = new Map<string, number>()
    for (const message of this.#gathered.things) {
      if (this.#facts.of(message).kind !== 'message' || this.#weightOf(message) < ENOUGH) continue
      for (let r = outStart[message] ?? 0; r < (outStart[message + 1] ?? 0); r += 1) {
        const other = to[r] ?? 0
        if (kinds[r] !== index('same-campaign') || !this.#gathered.things.has(other)) continue
        this.joined.relations.set(r, message)
        this.#join(message, other)
      }
      const campaign = campaignOf(message)
      if (campaign === undefined) continue
      const before = first.get(campaign)
      if (before === undefined) first.set(campaign, message)
      else this.#join(before, message)
    }
  }

  /** The same account acting on the same endpoint, from the same place: an intruder with an administrator's account is not the administrator. */
  #sameSession(): void {
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
        if (kinds[r] === index('ran-on')) endpoint = to[r] ?? 0
        if (kinds[r] === index('ran-as')) user = to[r] ?? 0
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
      if (this.#weightOf(trace.element) < ENOUGH) continue
      const before = last.get(trace.key)
      if (before && trace.at - before.at <= SAME_SESSION) this.#join(before.element, trace.element)
      last.set(trace.key, trace)
    }
  }

  /** From an endpoint with traces of a cluster to one on which something begins right after a logon or execution from there. */
  #reachedFromHere(): void {
    const { from, entities } = this.#network
    const n = entities.length
    for (const [at, seed] of this.#seeds.entries()) {
      if (seed.sign !== 'remote_execution' || seed.relation < 0 || seed.at === null) continue
      const source = from[seed.relation] ?? 0
      if (this.#facts.of(source).kind !== 'endpoint') continue
      const cause = this.#lastTrace(source, seed.at, FROM_HERE, n + at)
      if (cause) this.#join(cause.element, n + at)
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
        if (cause) this.#join(cause.element, begin.element)
        this.joined.relations.set(arrival.relation, begin.element)
        this.joined.touches.push({
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
      if (this.#hasTrace(arrival.source, arrival.at, begin.element)) return { arrival }
      const cause = this.#lastTrace(arrival.source, arrival.at, FROM_HERE, begin.element)
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
      if (kinds[relation] !== index('remote-logon') || !this.#byActor.has(target)) continue
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

  /** Whether the cluster of an element has itself been on an endpoint within the time before. */
  #hasTrace(actor: number, at: number, element: number): boolean {
    const root = this.#gathered.clusters.find(element)
    return (this.#byActor.get(actor) ?? []).some(
      (trace) =>
        trace.at <= at + CLOCK_TOLERANCE_US &&
        trace.at >= at - FROM_HERE &&
        this.#gathered.clusters.find(trace.element) === root,
    )
  }

  /** Per endpoint, when each cluster is first seen there. */
  #beginnings(): Map<number, Trace[]> {
    const begins = new Map<number, Trace[]>()
    for (const [actor, traces] of this.#byActor) {
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

  /**
   * An account that opened a bad link, or whose credentials were read, and then does what it never did: logs on to an endpoint
   * for the first time; or is itself what something else is about.
   */
  #accountsUsed(): void {
    const { outStart, kinds, to, useStart, uses } = this.#network
    for (const [user, traces] of this.#byActor) {
      if (this.#facts.of(user).kind !== 'user') continue
      const opened = traces.filter((trace) => this.#isGivenAway(trace))
      const [first] = opened
      if (!first || isMachineAccount(this.#facts.of(user).name)) continue
      for (const trace of traces)
        if (
          this.#isSeed({ ...trace, actor: user }) &&
          trace.at >= first.at &&
          trace.at <= first.at + ACCOUNT_USED
        ) {
          const cause = opened.findLast((one) => one.at <= trace.at)
          if (cause && this.#weightOf(cause.element) >= ENOUGH) this.#join(cause.element, trace.element)
        }
      for (let relation = outStart[user] ?? 0; relation < (outStart[user + 1] ?? 0); relation += 1) {
        if (kinds[relation] !== index('logged-on-to')) continue
        const begin = useStart[relation] ?? 0
        const at = uses[begin] ?? 0
        const cause = opened.findLast((one) => one.at <= at)
        if (!cause || at > cause.at + ACCOUNT_USED || this.#weightOf(cause.element) < ENOUGH) continue
        const endpoint = to[relation] ?? 0
        this.joined.relations.set(relation, cause.element)
        this.joined.touches.push({ actor: endpoint, element: cause.element, at, relation })
        this.joined.touches.push({ actor: user, element: cause.element, at, relation })
        const set = (this.#byActor.get(endpoint) ?? []).find(
          (one) =>
            one.at >= at - CLOCK_TOLERANCE_US &&
            one.at <= at + SET_OFF &&
            ranAs(this.#network, one.element, user),
        )
        if (set) this.#join(cause.element, set.element)
      }
    }
  }

  /** Whose credentials may have been read: accounts logged on there the day before, that then log on to an endpoint of the story. */
  #credentialsUsed(): void {
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
        if (kinds[logon] !== index('logged-on-to') || isMachineAccount(this.#facts.of(user).name)) continue
        if (!usedBetween(this.#network, logon, seed.at - FROM_HERE, seed.at)) continue
        for (let r = outStart[user] ?? 0; r < (outStart[user + 1] ?? 0); r += 1) {
          const target = to[r] ?? 0
          if (kinds[r] !== index('logged-on-to') || target === endpoint) continue
          for (let use = useStart[r] ?? 0; use < (useStart[r + 1] ?? 0); use += 1) {
            const at = uses[use] ?? 0
            if (at < seed.at || at > seed.at + FROM_HERE) continue
            const isHere = (this.#byActor.get(target) ?? []).some(
              (one) =>
                one.at >= at - CLOCK_TOLERANCE_US &&
                one.at <= at + SET_OFF &&
                this.#gathered.clusters.find(one.element) === root,
            )
            if (!isHere) continue
            this.joined.relations.set(r, process)
            this.joined.touches.push({ actor: user, element: process, at, relation: r })
            this.joined.touches.push({ actor: target, element: process, at, relation: r })
          }
        }
      }
    }
  }

  #isGivenAway(trace: Trace): boolean {
    if (trace.relation < 0) return false
    const kind = this.#network.kinds[trace.relation] ?? 255
    return OPENED.has(kind) || kind === index('accessed-credentials')
  }

  /** Processes of two clusters that talk to the same address or name, which hardly anybody else talks to. */
  #rareDestinations(): void {
    const first = new Map<number, number>()
    for (const touch of this.#gathered.touches) {
      const kind = touch.relation < 0 ? 255 : (this.#network.kinds[touch.relation] ?? 255)
      if (kind !== index('connected-to') && kind !== index('resolved')) continue
      if (this.#weightOf(touch.element) < ENOUGH || !isRare(this.#network, this.#facts, touch.actor)) continue
      const before = first.get(touch.actor)
      if (before === undefined) first.set(touch.actor, touch.element)
      else this.#join(before, touch.element)
    }
  }
}
