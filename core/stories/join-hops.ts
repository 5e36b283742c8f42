import { nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import {
  type ActorTraces,
  ENOUGH,
  FROM_HERE,
  indexOfKind,
  type Joined,
  type JoinScene,
} from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Gathered } from './gather.ts'
import type { Seed } from './seed.ts'
import { endpointOf, isMachineAccount, usedBetween } from './walks.ts'

/** Credentials that were read are used to go on within this time (microseconds). */
const GOES_ON = 3 * 86_400_000_000
/** What two logs say of one logon. */
const SAME_LOGON = 60_000_000
/** Endpoints gone through one after the other. */
const MAX_HOPS = 5
/** Of a logon by remote desktop. */
const DESKTOP = 10

const logonsOf = `SELECT p.relation_id AS relation, e.kind, e.user_id AS user, e.logon_type AS type, e.at
  FROM relation_proof p JOIN event e ON e.id = p.event_id
  WHERE p.relation_id IN (SELECT value FROM json_each(@relations)) AND e.kind IN (@logon, @given) AND e.at IS NOT NULL
  ORDER BY p.relation_id, e.at`

interface Logon {
  readonly relation: number
  readonly kind: number
  readonly user: number | null
  readonly type: number | null
  readonly at: number
}
/** Somebody went on to another endpoint by hand: by remote desktop, or with credentials given for it. */
interface Hop {
  readonly relation: number
  readonly target: number
  readonly user: number
  readonly at: number
}
interface Station {
  readonly endpoint: number
  readonly since: number
  readonly accounts: ReadonlySet<number>
}

/** Joins the way on by hand of whoever read credentials: no program of theirs tells where they went. */
export class HopJoins {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #gathered: Gathered
  readonly #seeds: readonly Seed[]
  readonly #traces: ActorTraces
  readonly #joined: Joined
  readonly #hops: ReadonlyMap<number, readonly Hop[]>

  constructor(db: ReadStore, scene: JoinScene) {
    this.#network = scene.network
    this.#facts = scene.facts
    this.#gathered = scene.gathered
    this.#seeds = scene.seeds
    this.#traces = scene.traces
    this.#joined = scene.joined
    this.#hops = this.#hopsFrom(db)
  }

  /**
   * After a read of credentials an account that has a session there goes on to an endpoint to which nobody had come from there before;
   * and from that one on. Each is reached, and what begins there afterwards came from there.
   */
  onFromTheft(): void {
    if (this.#hops.size === 0) return
    for (const seed of this.#seeds) {
      if (seed.sign !== 'credentials' || seed.relation < 0 || seed.at === null) continue
      const process = this.#network.from[seed.relation] ?? 0
      const endpoint = endpointOf(this.#network, this.#facts, process)
      if (endpoint === undefined || this.#traces.weightOf(process) < ENOUGH) continue
      const accounts = this.#accountsOn(endpoint, seed.at)
      if (accounts.size > 0) this.#goOn(process, { endpoint, since: seed.at, accounts })
    }
  }

  #goOn(element: number, from: Station): void {
    const seen = new Set([from.endpoint])
    let level = [from]
    for (let step = 0; step < MAX_HOPS && level.length > 0; step += 1) {
      const next: Station[] = []
      for (const { endpoint, since, accounts } of level)
        for (const hop of this.#hops.get(endpoint) ?? []) {
          const { target, user, at } = hop
          if (at < since || at > since + GOES_ON || !accounts.has(user) || seen.has(target)) continue
          seen.add(target)
          this.#take(element, hop)
          next.push({ endpoint: target, since: at, accounts: new Set([user]) })
        }
      level = next
    }
  }

  #take(element: number, { relation, target, user, at }: Hop): void {
    const { outStart, kinds, to } = this.#network
    this.#joined.relations.set(relation, element)
    this.#joined.touches.push({ actor: target, element, at, relation })
    this.#traces.note(target, { at, element, relation })
    for (let r = outStart[user] ?? 0; r < (outStart[user + 1] ?? 0); r += 1)
      if (
        kinds[r] === indexOfKind('logged-on-to') &&
        to[r] === target &&
        usedBetween(this.#network, r, at - SAME_LOGON, at + SAME_LOGON)
      ) {
        this.#joined.relations.set(r, element)
        this.#joined.touches.push({ actor: user, element, at, relation: r })
      }
  }

  /** Who was logged on to an endpoint the day before. */
  #accountsOn(endpoint: number, at: number): Set<number> {
    const { from, inStart, into, kinds } = this.#network
    const found = new Set<number>()
    for (let p = inStart[endpoint] ?? 0; p < (inStart[endpoint + 1] ?? 0); p += 1) {
      const logon = into[p] ?? 0
      const user = from[logon] ?? 0
      if (kinds[logon] !== indexOfKind('logged-on-to') || isMachineAccount(this.#facts.of(user).name))
        continue
      if (usedBetween(this.#network, logon, at - FROM_HERE, at)) found.add(user)
    }
    return found
  }

  /** First ways from one endpoint to another, where somebody took them by hand, by the endpoint they came from. */
  #hopsFrom(db: ReadStore): Map<number, Hop[]> {
    const { kinds, from, to, ids, useStart, uses } = this.#network
    const found = new Map<number, Hop[]>()
    if (!this.#seeds.some(({ sign }) => sign === 'credentials')) return found
    const first = new Map<number, { readonly relation: number; readonly at: number }>()
    for (let relation = 0; relation < kinds.length; relation += 1) {
      if (kinds[relation] !== indexOfKind('remote-logon')) continue
      const isBetween = [from[relation] ?? 0, to[relation] ?? 0].every(
        (node) => this.#facts.of(node).kind === 'endpoint',
      )
      const at = uses[useStart[relation] ?? 0]
      if (isBetween && at !== undefined) first.set(ids[relation] ?? -1, { relation, at })
    }
    const rows = db.prepare(logonsOf).all({
      relations: JSON.stringify([...first.keys()]),
      logon: kindNumber('logon'),
      given: kindNumber('explicit-credentials'),
    }) as Logon[]
    for (const [id, logons] of Map.groupBy(rows, (row) => row.relation)) {
      const way = first.get(id)
      if (!way) continue
      const near = logons.filter(({ at }) => Math.abs(at - way.at) <= SAME_LOGON)
      const isGiven = near.some(({ kind }) => kind === kindNumber('explicit-credentials'))
      const logon = near.find(
        ({ kind, type, user }) =>
          kind === kindNumber('logon') && user !== null && (type === DESKTOP || isGiven),
      )
      const user = logon?.user == null ? -1 : nodeOf(this.#network, logon.user)
      if (user < 0) continue
      const source = from[way.relation] ?? 0
      const list = found.get(source) ?? []
      found.set(source, list)
      list.push({ relation: way.relation, target: to[way.relation] ?? 0, user, at: way.at })
    }
    return found
  }
}
