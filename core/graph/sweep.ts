import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { firstAtOrAfter, type PackedNetwork } from './packed-network.ts'

/** Where and when a sweep begins. `at`: -Infinity forward when the time is unknown, Infinity backward when there is no end. */
export interface SweepStart {
  readonly node: number
  readonly at: number
}

export interface SweepOptions {
  /** 1 for every relation kind (index) that may be taken; null: all. */
  readonly kinds?: Uint8Array | null
  /** Contacts outside are not taken, both ends included. */
  readonly window?: { readonly from: number; readonly to: number } | null
  readonly tolerance?: number
  /**
   * Asked for contacts of the kinds marked in `guarded` before they are taken.
   * @param at arrival times so far
   */
  readonly guarded?: Uint8Array | null
  readonly guard?: (relation: number, use: number, at: Float64Array) => boolean
}

/** Per node: the time (see the sweep), and the relation by which it was reached; -1 for a start and what was not reached. */
export interface Sweep {
  readonly at: Float64Array
  readonly via: Int32Array
}

/** Contacts looked at one by one before the node's own list is searched. */
const NEAR = 24

/** The kinds a sweep takes, as it reads them: 1 take, 2 ask the guard, 0 leave. */
function takes(options: SweepOptions): Uint8Array | null {
  const { kinds = null, guarded = null, guard } = options
  if (kinds === null && (guarded === null || guard === undefined)) return null
  const table = new Uint8Array(256)
  for (let kind = 0; kind < 256; kind += 1)
    table[kind] = kinds !== null && kinds[kind] !== 1 ? 0 : guarded?.[kind] === 1 && guard ? 2 : 1
  return table
}

/**
 * The earliest time each node can be reached from the starts: every hop is used at or after the arrival at its beginning
 * (less the clock tolerance; the arrival never goes back), standing relations at any time. Infinity: never.
 * One pass over all contacts in the order of time. Where an arrival falls among contacts passed already (equal times, the tolerance,
 * standing relations), only those of the tolerance before are looked at again.
 */
export function earliestArrival(
  network: PackedNetwork,
  starts: readonly SweepStart[],
  options: SweepOptions = {},
): Sweep {
  const { contactTime, contactFrom, contactTo, contactRelation, leaveStart, leaves } = network
  const { kinds, to, outStart, outDated } = network
  const tolerance = options.tolerance ?? CLOCK_TOLERANCE_US
  const table = takes(options)
  const at = new Float64Array(network.entities.length).fill(Infinity)
  const via = new Int32Array(at.length).fill(-1)
  const stack: number[] = []
  const begin = options.window ? firstAtOrAfter(contactTime, options.window.from) : 0
  const end = options.window ? firstAfter(contactTime, options.window.to) : contactTime.length
  const mayTake = (relation: number, use: number): boolean => {
    if (table === null) return true
    const word = table[kinds[relation] ?? 0]
    return word === 1 || (word === 2 && options.guard?.(relation, use, at) === true)
  }
  const arrive = (node: number, time: number, relation: number): void => {
    at[node] = time
    via[node] = relation
    stack.push(node)
  }
  const take = (contact: number): void => {
    const use = contactTime[contact] ?? 0
    const here = at[contactFrom[contact] ?? 0] ?? Infinity
    const arrival = use > here ? use : here
    const node = contactTo[contact] ?? 0
    if (use >= here - tolerance && arrival < (at[node] ?? 0)) {
      const relation = contactRelation[contact] ?? 0
      if (mayTake(relation, use)) arrive(node, arrival, relation)
    }
  }
  /** Follows arrivals over standing relations and contacts that were passed already (positions below `passed`). */
  const settle = (passed: number): void => {
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const time = at[node] ?? Infinity
      const dated = outDated[node] ?? 0
      for (let relation = outStart[node] ?? 0; relation < dated; relation += 1) {
        const next = to[relation] ?? 0
        if (time < (at[next] ?? 0) && mayTake(relation, time)) arrive(next, time, relation)
      }
      const since = time - tolerance
      let contact = passed - 1
      for (const stop = Math.max(begin, passed - NEAR); contact >= stop; contact -= 1) {
        if ((contactTime[contact] ?? 0) < since) break
        if (contactFrom[contact] === node) take(contact)
      }
      if (contact < begin || (contactTime[contact] ?? 0) < since) continue
      const last = leaveStart[node + 1] ?? 0
      for (
        let own = firstLeaf(contactTime, leaves, since, leaveStart[node] ?? 0, last);
        own < last;
        own += 1
      ) {
        const leaf = leaves[own] ?? 0
        if (leaf >= passed) break
        if (leaf >= begin) take(leaf)
      }
    }
  }
  for (const start of starts) if (start.at < (at[start.node] ?? 0)) arrive(start.node, start.at, -1)
  settle(begin)
  for (
    let contact = nextArrival(network, at, begin, end, tolerance);
    contact < end;
    contact = nextArrival(network, at, contact + 1, end, tolerance)
  ) {
    take(contact)
    settle(contact + 1)
  }
  return { at, via }
}

/**
 * The latest time one may be at each node and still reach one of the targets by its time: {@link earliestArrival} backwards.
 * -Infinity: never reaches it. The guard is not asked: what comes before a hop is not known when going back.
 */
export function latestDeparture(
  network: PackedNetwork,
  targets: readonly SweepStart[],
  options: Omit<SweepOptions, 'guarded' | 'guard'> = {},
): Sweep {
  const { contactTime, contactFrom, contactTo, contactRelation, arriveStart, arrives } = network
  const { kinds, from, inStart, inDated, into } = network
  const tolerance = options.tolerance ?? CLOCK_TOLERANCE_US
  const table = takes(options)
  const at = new Float64Array(network.entities.length).fill(-Infinity)
  const via = new Int32Array(at.length).fill(-1)
  const stack: number[] = []
  const begin = options.window ? firstAtOrAfter(contactTime, options.window.from) : 0
  const end = options.window ? firstAfter(contactTime, options.window.to) : contactTime.length
  const mayTake = (relation: number): boolean => table === null || table[kinds[relation] ?? 0] === 1
  const depart = (node: number, time: number, relation: number): void => {
    at[node] = time
    via[node] = relation
    stack.push(node)
  }
  const take = (contact: number): void => {
    const use = contactTime[contact] ?? 0
    const there = at[contactTo[contact] ?? 0] ?? -Infinity
    if (use > there) return
    const departure = use + tolerance < there ? use + tolerance : there
    const node = contactFrom[contact] ?? 0
    if (departure <= (at[node] ?? 0)) return
    const relation = contactRelation[contact] ?? 0
    if (mayTake(relation)) depart(node, departure, relation)
  }
  const settle = (passed: number): void => {
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const time = at[node] ?? -Infinity
      const dated = inDated[node] ?? 0
      for (let position = inStart[node] ?? 0; position < dated; position += 1) {
        const relation = into[position] ?? 0
        const before = from[relation] ?? 0
        if (time > (at[before] ?? 0) && mayTake(relation)) depart(before, time, relation)
      }
      let contact = passed
      for (const stop = Math.min(end, passed + NEAR); contact < stop; contact += 1) {
        if ((contactTime[contact] ?? 0) > time) break
        if (contactTo[contact] === node) take(contact)
      }
      if (contact >= end || (contactTime[contact] ?? 0) > time) continue
      const first = arriveStart[node] ?? 0
      const last = arriveStart[node + 1] ?? 0
      for (let own = firstLeaf(contactTime, arrives, time + 1, first, last) - 1; own >= first; own -= 1) {
        const leaf = arrives[own] ?? 0
        if (leaf < passed) break
        if (leaf < end) take(leaf)
      }
    }
  }
  for (const target of targets) if (target.at > (at[target.node] ?? 0)) depart(target.node, target.at, -1)
  settle(end)
  for (
    let contact = nextDeparture(network, at, end - 1, begin, tolerance);
    contact >= begin;
    contact = nextDeparture(network, at, contact - 1, begin, tolerance)
  ) {
    take(contact)
    settle(contact)
  }
  return { at, via }
}

/** The next contact that would bring an earlier arrival; `end` when there is none. The loop everything hangs on: nothing else in it. */
function nextArrival(
  { contactTime, contactFrom, contactTo }: PackedNetwork,
  at: Float64Array,
  begin: number,
  end: number,
  tolerance: number,
): number {
  for (let contact = begin; contact < end; contact += 1) {
    const use = contactTime[contact]!
    const there = at[contactTo[contact]!]!
    if (use >= there) continue
    const here = at[contactFrom[contact]!]!
    if (here < there && use >= here - tolerance) return contact
  }
  return end
}

/** {@link nextArrival} backwards: the next contact that would allow a later departure. */
function nextDeparture(
  { contactTime, contactFrom, contactTo }: PackedNetwork,
  at: Float64Array,
  begin: number,
  end: number,
  tolerance: number,
): number {
  for (let contact = begin; contact >= end; contact -= 1) {
    const use = contactTime[contact]!
    const here = at[contactFrom[contact]!]!
    if (use + tolerance <= here) continue
    const there = at[contactTo[contact]!]!
    if (here < there && use <= there) return contact
  }
  return end - 1
}

/** Position after the last value not above `wanted`. */
function firstAfter(values: Float64Array, wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** First position in a node's list of contacts that is not before `since`. */
function firstLeaf(
  times: Float64Array,
  leaves: Int32Array,
  since: number,
  begin: number,
  end: number,
): number {
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[leaves[middle] ?? 0] ?? 0) < since) low = middle + 1
    else high = middle
  }
  return low
}

/** Nodes within so many relations of a node, in both directions and whatever their times: node -> number of relations away. */
export function neighbourhood(
  network: PackedNetwork,
  node: number,
  hops: number,
  options: { readonly kinds?: Uint8Array | null; readonly limit?: number } = {},
): Map<number, number> {
  const { from, to, kinds: kindOf, outStart, inStart, into } = network
  const limit = options.limit ?? Infinity
  const away = new Map([[node, 0]])
  let frontier = [node]
  for (let hop = 1; hop <= hops && frontier.length > 0 && away.size < limit; hop += 1) {
    const next: number[] = []
    const visit = (relation: number, other: number): void => {
      if (options.kinds && options.kinds[kindOf[relation] ?? 0] !== 1) return
      if (away.has(other) || away.size >= limit) return
      away.set(other, hop)
      next.push(other)
    }
    for (const here of frontier) {
      for (let r = outStart[here] ?? 0; r < (outStart[here + 1] ?? 0); r += 1) visit(r, to[r] ?? 0)
      for (let p = inStart[here] ?? 0; p < (inStart[here + 1] ?? 0); p += 1) {
        const relation = into[p] ?? 0
        visit(relation, from[relation] ?? 0)
      }
    }
    frontier = next
  }
  return away
}
