import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import { FROM_HERE, indexOfKind, type Joined } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import type { Seed } from './seed.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { endpointOf } from './walks.ts'

/** What two records say of one logon (microseconds). */
const SAME_LOGON = 2_000_000
/** An account that a rule names beside an endpoint had logged on to it this long before at most. */
const NAMED_AFTER = 600_000_000
/** Signs lighter than this say nothing of the account they name. */
const LEAST = 0.25
/** Parts that are joined for coming from one address weigh this much each. */
const GRAVE = 0.5

const sessionsOf = `SELECT coalesce(e.target_logon_id, e.logon_id) FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id = ? AND e.kind = ${kindNumber('logon')} AND e.at BETWEEN ? AND ? AND coalesce(e.target_logon_id, e.logon_id) IS NOT NULL`
const startedIn = `SELECT DISTINCT e.logon_id FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id = ? AND e.kind = ${kindNumber('process-start')} AND e.logon_id IS NOT NULL`

/** An account was at work on an endpoint, in a part of a story. */
interface AtWork {
  readonly user: number
  readonly endpoint: number
  readonly at: number
  readonly element: number
  /** The logon that led to it is this much older at most. */
  readonly span: number
  /** Of the network: its records name the session. */
  readonly proof?: number
}
/** A logon from an address that is no known endpoint's. */
interface Sourced {
  readonly at: number
  readonly address: number
  readonly relation: number
}

/**
 * Adds the addresses that accounts of a story came from where no endpoint is known to have had them: that of the last logon before the
 * account was at work there. Two grave parts within a day from one such address are one matter.
 */
export function noteSources(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  joined: Joined,
  seeds: readonly Seed[],
): void {
  const sourced = sourcedLogons(network, facts)
  if (sourced.size === 0) return
  const sessions = new Sessions(db, network)
  const found: (Sourced & { readonly element: number })[] = []
  for (const work of workOf(network, facts, gathered, joined, seeds)) {
    if (!sourced.has(work.endpoint)) continue
    const at = lastLogon(network, work)
    const source = at === undefined ? undefined : sourceAt(sourced.get(work.endpoint), at)
    if (source && !sessions.areOthers(source, work.proof)) found.push({ ...source, element: work.element })
  }
  for (const { relation, address, at, element } of found) {
    if (!joined.relations.has(relation)) joined.relations.set(relation, element)
    joined.touches.push({ actor: address, element, at, relation })
  }
  joinByAddress(network, gathered, seeds, found)
}

/** Whether the records name another session than that of the logon. */
class Sessions {
  readonly #network: PackedNetwork
  readonly #ofLogon
  readonly #ofStart

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#ofLogon = db.prepare(sessionsOf).pluck()
    this.#ofStart = db.prepare(startedIn).pluck()
  }

  /** @param proof a relation whose records say in which session a program was started */
  areOthers({ relation, at }: Sourced, proof: number | undefined): boolean {
    const { ids } = this.#network
    if (proof === undefined) return false
    const started = this.#ofStart.all(ids[proof] ?? -1)
    if (started.length === 0) return false
    const opened = this.#ofLogon.all(ids[relation] ?? -1, at - SAME_LOGON, at + SAME_LOGON)
    return opened.length > 0 && !opened.some((session) => started.includes(session))
  }
}

function joinByAddress(
  network: PackedNetwork,
  { clusters }: Gathered,
  seeds: readonly Seed[],
  found: readonly (Sourced & { readonly element: number })[],
): void {
  const weights = new Map<number, number>()
  for (const [place, { weight }] of seeds.entries()) {
    const root = clusters.find(network.entities.length + place)
    weights.set(root, (weights.get(root) ?? 0) + weight)
  }
  const grave = found.filter(({ element }) => (weights.get(clusters.find(element)) ?? 0) >= GRAVE)
  for (const parts of Map.groupBy(grave, ({ address }) => address).values()) {
    const ordered = parts.toSorted((a, b) => a.at - b.at || a.element - b.element)
    for (const [place, part] of ordered.entries()) {
      const before = ordered[place - 1]
      if (before && part.at - before.at <= FROM_HERE) clusters.join(before.element, part.element)
    }
  }
}

/** Accounts at work in parts of stories: their programs, their logons that led on, and what rules say of them and an endpoint. */
function* workOf(
  network: PackedNetwork,
  facts: EntityFacts,
  gathered: Gathered,
  joined: Joined,
  seeds: readonly Seed[],
): Generator<AtWork> {
  const { outStart, kinds, from, to } = network
  for (const process of gathered.things) {
    const { kind, firstSeen } = facts.of(process)
    const at = gathered.began.get(process) ?? firstSeen
    const endpoint = kind === 'process' ? endpointOf(network, facts, process) : undefined
    if (endpoint === undefined || at === null) continue
    for (let r = outStart[process] ?? 0; r < (outStart[process + 1] ?? 0); r += 1)
      if (kinds[r] === indexOfKind('ran-as'))
        yield { user: to[r] ?? 0, endpoint, at, element: process, span: FROM_HERE, proof: r }
  }
  for (const { relation, at, element } of [...joined.touches])
    if (relation >= 0 && at !== null && kinds[relation] === indexOfKind('logged-on-to'))
      yield { user: from[relation] ?? 0, endpoint: to[relation] ?? 0, at, element, span: SAME_LOGON }
  for (const [place, { weight, nodes, tried, at }] of seeds.entries()) {
    if (weight < LEAST || at === null) continue
    const of = (kind: string): number[] =>
      nodes.filter((node) => facts.of(node).kind === kind && tried?.has(node) !== true)
    const element = network.entities.length + place
    for (const user of of('user'))
      for (const endpoint of of('endpoint')) yield { user, endpoint, at, element, span: NAMED_AFTER }
  }
}

/** The account's last logon to the endpoint before it was at work there. */
function lastLogon(
  { outStart, kinds, to, useStart, uses }: PackedNetwork,
  { user, endpoint, at, span }: AtWork,
): number | undefined {
  let last: number | undefined
  for (let r = outStart[user] ?? 0; r < (outStart[user + 1] ?? 0); r += 1) {
    if (kinds[r] !== indexOfKind('logged-on-to') || to[r] !== endpoint) continue
    for (let use = (useStart[r + 1] ?? 0) - 1; use >= (useStart[r] ?? 0); use -= 1) {
      const time = uses[use] ?? 0
      if (time > at + CLOCK_TOLERANCE_US) continue
      if (time >= at - span && (last === undefined || time > last)) last = time
      break
    }
  }
  return last
}

const momentOf = (at: number): number => Math.floor(at / SAME_LOGON)

function sourceAt(logons: ReadonlyMap<number, Sourced> | undefined, at: number): Sourced | undefined {
  const near = [0, -1, 1].map((step) => logons?.get(momentOf(at) + step))
  return near.find((one) => one !== undefined && Math.abs(one.at - at) <= SAME_LOGON)
}

/** Logons from addresses, by the endpoint logged on to and the moment. */
function sourcedLogons(network: PackedNetwork, facts: EntityFacts): Map<number, Map<number, Sourced>> {
  const { kinds, from, to, useStart, uses } = network
  const found = new Map<number, Map<number, Sourced>>()
  for (let relation = 0; relation < kinds.length; relation += 1) {
    if (kinds[relation] !== indexOfKind('remote-logon')) continue
    const address = from[relation] ?? 0
    if (facts.of(address).kind !== 'ip') continue
    const target = to[relation] ?? 0
    const logons = found.get(target) ?? new Map<number, Sourced>()
    found.set(target, logons)
    for (let use = useStart[relation] ?? 0; use < (useStart[relation + 1] ?? 0); use += 1) {
      const at = uses[use] ?? 0
      logons.set(momentOf(at), { at, address, relation })
    }
  }
  return found
}
