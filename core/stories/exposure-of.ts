import type { ExposedRow } from '../contract/nouns/exposure.ts'
import { loadEntities, toRef } from '../graph/entity-rows.ts'
import { GUARDED, mailGuard } from '../graph/mail-guard.ts'
import { networkOf, packedOf } from '../graph/network-cache.ts'
import { kindsOf } from '../graph/network-view.ts'
import { isStanding, kindAt, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import { bornAt, dropUnborn } from '../graph/birth.ts'
import { earliestArrival, latestDeparture, type Sweep } from '../graph/sweep.ts'
import { useTaken } from '../graph/use-taken.ts'
import type { EntityKind, RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { isMachineAccount } from './walks.ts'
import { Proofs } from './proof.ts'
import type { Scope } from './exposure-scope.ts'

/** What makes content arrive and act: a message becomes a file, a file a process, a process runs on an endpoint as somebody. */
const TOUCH: readonly RelationKind[] = [
  ...([
    'carries',
    'links-to',
    'clicked-by',
    'opened-on',
    'downloaded-to',
    'saved-as',
    'extracted-to',
  ] as const),
  ...(['executed-as', 'located-on', 'ran-on', 'ran-as', 'forwarded-as'] as const),
]
/** What ties people, endpoints and mailboxes to each other directly. */
const DIRECT: readonly RelationKind[] = [
  ...([
    'logged-on-to',
    'remote-logon',
    'remote-execution',
    'owned-by',
    'signed-in-as',
    'signed-in-to',
  ] as const),
  ...([
    'accessed-mailbox',
    'changed-mailbox',
    'forwards-to',
    'clicked-by',
    'opened-on',
    'ran-on',
    'ran-as',
  ] as const),
  ...(['accessed-credentials', 'shared-with', 'has-session'] as const),
]
/** Relations that show that something happened there, not only that it lies or could be reached there. */
const ACTED: ReadonlySet<RelationKind> = new Set<RelationKind>([
  ...([
    'clicked-by',
    'opened-on',
    'executed-as',
    'ran-on',
    'ran-as',
    'remote-execution',
    'logged-on-to',
  ] as const),
  ...([
    'remote-logon',
    'accessed-credentials',
    'changed-mailbox',
    'accessed-mailbox',
    'signed-in-as',
  ] as const),
])
/** Of these, what content does to whoever opens or runs it. */
const OPENED_OR_RUN: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'clicked-by',
  'opened-on',
  'executed-as',
])
/** By which a program that acts acts on. */
const BY_PROGRAM: ReadonlySet<RelationKind> = new Set<RelationKind>([
  ...(['spawned', 'injected-into', 'dropped', 'installed-service', 'created-task'] as const),
  ...(['created-subscription', 'wrote-registry'] as const),
])
/** Not followed beyond: that a name resolves or two mails look alike carries nothing. */
const NOT_FOLLOWED: readonly RelationKind[] = ['same-campaign', 'resolves-to', 'resolved', 'sent']

const CONTENT: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'message',
  'attachment',
  'url',
  'file',
  'process',
])

export interface Sides {
  readonly users: { rows: ExposedRow[]; total: number }
  readonly endpoints: { rows: ExposedRow[]; total: number }
  readonly before: { rows: ExposedRow[]; total: number }
  readonly after: { rows: ExposedRow[]; total: number }
  /** Entity ids of those affected, with when. */
  readonly affected: ReadonlyMap<number, number | null>
}

interface Draft {
  readonly node: number
  readonly relations: Set<number>
  first: number | null
  last: number | null
  /** Left out: its relations tell. */
  readonly isActedOn?: boolean
}

/** Who was and may be affected by something, and what came before and after it. */
export class ExposureOf {
  readonly #db: ReadStore
  readonly #packed: PackedNetwork
  readonly #proofs: Proofs

  constructor(db: ReadStore) {
    this.#db = db
    this.#packed = packedOf(db)
    this.#proofs = new Proofs(db, this.#packed)
  }

  sides(scope: Scope, limit: number): Sides {
    const nodes = scope.ids.map((id) => nodeOf(this.#packed, id)).filter((node) => node >= 0)
    const near = CONTENT.has(scope.main.kind) ? this.#touched(scope, nodes) : this.#direct(nodes)
    for (const node of nodes) near.delete(node)
    const kinds = this.#kindsOf([...near.keys()])
    const names = loadEntities(
      this.#db,
      [...near.keys()].map((node) => this.#packed.entities[node] ?? 0),
    )
    const isPerson = (node: number) =>
      kinds.get(node) === 'user' && !isMachineAccount(names.get(this.#packed.entities[node] ?? 0)?.name ?? '')
    const users = [...near.values()].filter((draft) => isPerson(draft.node))
    const endpoints = [...near.values()].filter((draft) => kinds.get(draft.node) === 'endpoint')
    const affected = [...users, ...endpoints].filter((draft) => this.#isAffected(draft))
    return {
      users: this.#side(users, limit),
      endpoints: this.#side(endpoints, limit),
      before: this.#side(this.#swept(scope, nodes, 'back'), limit),
      after: this.#side(this.#swept(scope, nodes, 'forward'), limit),
      affected: new Map([
        ...affected.map((draft) => [this.#packed.entities[draft.node] ?? 0, draft.first] as const),
        ...(scope.main.kind === 'user' || scope.main.kind === 'endpoint'
          ? [[scope.main.id, scope.main.first_seen] as const]
          : []),
      ]),
    }
  }

  #isAffected(draft: Draft): boolean {
    if (draft.isActedOn !== undefined) return draft.isActedOn
    return [...draft.relations].some((relation) => ACTED.has(kindAt(this.#packed.kinds[relation] ?? 0)))
  }

  /** What content came to: everything it became, and who and what these have to do with. */
  #touched(scope: Scope, nodes: readonly number[]): Map<number, Draft> {
    const sweep = this.#sweep(scope, nodes, 'forward', kindsOf({ possible: false, include: TOUCH }))
    const { outStart, kinds, to } = this.#packed
    const wanted = kindsOf({ possible: false, include: TOUCH })
    const found = new Map<number, Draft>()
    for (let node = 0; node < sweep.at.length; node += 1) {
      const here = sweep.at[node] ?? Infinity
      if (here === Infinity) continue
      for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) {
        if (wanted[kinds[r] ?? 0] !== 1) continue
        const next = to[r] ?? 0
        const there = sweep.at[next] ?? Infinity
        if (there === Infinity || !this.#usableSince(r, here)) continue
        this.#note(found, next, r, there)
      }
    }
    return found
  }

  #usableSince(relation: number, since: number): boolean {
    const { kinds, useStart, uses } = this.#packed
    if (isStanding(kinds[relation] ?? 0)) return true
    return (uses[(useStart[relation + 1] ?? 0) - 1] ?? -Infinity) >= since
  }

  /** Whom and what an actor has to do with, directly and through the programs it ran. */
  #direct(nodes: readonly number[]): Map<number, Draft> {
    const { outStart, inStart, into, kinds, from, to, useStart, uses } = this.#packed
    const wanted = kindsOf({ possible: true, include: DIRECT })
    const found = new Map<number, Draft>()
    const first = (relation: number) => uses[useStart[relation] ?? 0] ?? -Infinity
    for (const node of nodes) {
      for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1)
        if (wanted[kinds[r] ?? 0] === 1) this.#note(found, to[r] ?? 0, r, first(r))
      for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
        const relation = into[p] ?? 0
        if (wanted[kinds[relation] ?? 0] === 1)
          this.#note(found, from[relation] ?? 0, relation, first(relation))
      }
    }
    // A program that ran as a user ran on an endpoint, and the other way round.
    for (const draft of [...found.values()]) {
      const kind = kindAt(kinds[[...draft.relations][0] ?? 0] ?? 0)
      if (kind !== 'ran-as' && kind !== 'ran-on') continue
      for (let r = outStart[draft.node] ?? 0; r < (outStart[draft.node + 1] ?? 0); r += 1) {
        const other = kindAt(kinds[r] ?? 0)
        if (other === 'ran-as' || other === 'ran-on') this.#note(found, to[r] ?? 0, r, -Infinity)
      }
    }
    return found
  }

  #note(found: Map<number, Draft>, node: number, relation: number, at: number): void {
    const draft = found.get(node) ?? { node, relations: new Set(), first: null, last: null }
    found.set(node, draft)
    draft.relations.add(relation)
    const { kinds, useStart, uses } = this.#packed
    const isTimed = !isStanding(kinds[relation] ?? 0)
    const times = [
      at,
      isTimed ? (uses[useStart[relation] ?? 0] ?? -Infinity) : -Infinity,
      isTimed ? (uses[(useStart[relation + 1] ?? 0) - 1] ?? -Infinity) : -Infinity,
    ].filter((time) => Number.isFinite(time))
    for (const time of times.filter((one) => one >= at || at === -Infinity)) {
      if (draft.first === null || time < draft.first) draft.first = time
      if (draft.last === null || time > draft.last) draft.last = time
    }
  }

  #sweep(scope: Scope, nodes: readonly number[], direction: 'forward' | 'back', kinds: Uint8Array): Sweep {
    const packed = this.#packed
    // A mail cannot act before it was sent, a process not before it started, a file not before the first record of it.
    const { kind, first_seen } = scope.main
    const sent = kind === 'message' ? (first_seen ?? -Infinity) : -Infinity
    const beginOf = (node: number) =>
      Math.max(
        sent,
        bornAt(packed, packed.entities[node] ?? -1),
        kind === 'file' ? this.#firstUseOf(node) : -Infinity,
      )
    return direction === 'forward'
      ? earliestArrival(
          packed,
          nodes.map((node) => ({ node, at: beginOf(node) })),
          { kinds, guarded: GUARDED, guard: mailGuard(packed, networkOf(this.#db, { possible: false })) },
        )
      : dropUnborn(
          packed,
          latestDeparture(
            packed,
            nodes.map((node) => ({ node, at: Infinity })),
            { kinds },
          ),
        )
  }

  /** The first time anything is on record of a node, by the right clocks; -Infinity: never. */
  #firstUseOf(node: number): number {
    const { outStart, inStart, into, kinds, useStart, uses } = this.#packed
    let first = Infinity
    const look = (relation: number): void => {
      if (!isStanding(kinds[relation] ?? 0))
        first = Math.min(first, uses[useStart[relation] ?? 0] ?? Infinity)
    }
    for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) look(r)
    for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) look(into[p] ?? 0)
    return first === Infinity ? -Infinity : first
  }

  #swept(scope: Scope, nodes: readonly number[], direction: 'forward' | 'back'): Draft[] {
    const sweep = this.#sweep(scope, nodes, direction, kindsOf({ possible: false, exclude: NOT_FOLLOWED }))
    const found: Draft[] = []
    const acted = direction === 'forward' ? this.#actedOn(sweep, nodes) : undefined
    for (let node = 0; node < sweep.via.length; node += 1) {
      const relation = sweep.via[node] ?? -1
      if (relation < 0) continue
      const at = useTaken(this.#packed, relation, sweep.at[node] ?? 0)
      const time = Number.isFinite(at) ? at : null
      const draft = { node, relations: new Set([relation]), ...this.#span(relation, time, direction) }
      found.push(acted ? { ...draft, isActedOn: acted.has(node) } : draft)
    }
    // Going on: first come first; going back: what was last is nearest.
    return direction === 'forward'
      ? found
      : found.sort((a, b) => (b.last ?? Infinity) - (a.last ?? Infinity) || a.node - b.node)
  }

  /** From the first use of a relation to the one that led on; going forward from that one to the last. */
  #span(relation: number, time: number | null, direction: 'forward' | 'back'): Pick<Draft, 'first' | 'last'> {
    const { kinds, useStart, uses } = this.#packed
    if (time === null || isStanding(kinds[relation] ?? 0)) return { first: time, last: time }
    return direction === 'back'
      ? { first: uses[useStart[relation] ?? 0] ?? time, last: time }
      : { first: time, last: uses[(useStart[relation + 1] ?? 0) - 1] ?? time }
  }

  /**
   * What was acted on among what was reached. Content that is opened or run acts by itself; what programs and people do from there says
   * as much as is known of them: where somebody logs on who only got a mail is at risk as he is, not affected.
   */
  #actedOn(sweep: Sweep, nodes: readonly number[]): ReadonlySet<number> {
    const { outStart, kinds, to } = this.#packed
    const acted = new Set(nodes)
    const queue: number[] = []
    const follow = (node: number, isTaken: (kind: RelationKind) => boolean): void => {
      const here = sweep.at[node] ?? Infinity
      for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) {
        const next = to[r] ?? 0
        if (acted.has(next) || (sweep.via[next] ?? -1) < 0 || !isTaken(kindAt(kinds[r] ?? 0))) continue
        if (!this.#usableSince(r, here)) continue
        acted.add(next)
        queue.push(next)
      }
    }
    for (let node = 0; node < sweep.via.length; node += 1)
      if ((sweep.at[node] ?? Infinity) < Infinity) follow(node, (kind) => OPENED_OR_RUN.has(kind))
    queue.push(...nodes)
    for (let node = queue.pop(); node !== undefined; node = queue.pop())
      follow(node, (kind) => ACTED.has(kind) || BY_PROGRAM.has(kind))
    return acted
  }

  #kindsOf(nodes: readonly number[]): Map<number, EntityKind> {
    const rows = loadEntities(
      this.#db,
      nodes.map((node) => this.#packed.entities[node] ?? 0),
    )
    return new Map(
      nodes.map((node) => [node, rows.get(this.#packed.entities[node] ?? 0)?.kind ?? ('process' as const)]),
    )
  }

  #side(drafts: Draft[], limit: number): { rows: ExposedRow[]; total: number } {
    const isSorted = drafts.every((draft) => draft.relations.size === 1)
    const order = isSorted
      ? [...drafts]
      : [...drafts].sort(
          (a, b) =>
            Number(this.#isAffected(b)) - Number(this.#isAffected(a)) ||
            (a.first ?? Infinity) - (b.first ?? Infinity) ||
            a.node - b.node,
        )
    const shown = order.slice(0, limit)
    const rows = loadEntities(
      this.#db,
      shown.map((draft) => this.#packed.entities[draft.node] ?? 0),
    )
    return {
      total: drafts.length,
      rows: shown.flatMap((draft): ExposedRow[] => {
        const row = rows.get(this.#packed.entities[draft.node] ?? 0)
        if (!row) return []
        const relations = [...draft.relations].sort((a, b) => this.#firstUse(a) - this.#firstUse(b) || a - b)
        return [
          {
            entity: toRef(row),
            how: [...new Set(relations.map((relation) => kindAt(this.#packed.kinds[relation] ?? 0)))],
            firstAt: toIsoOrNull(draft.first),
            lastAt: toIsoOrNull(draft.last),
            state: this.#isAffected(draft) ? 'affected' : 'at-risk',
            proof: this.#proofs.of(relations),
          },
        ]
      }),
    }
  }

  #firstUse(relation: number): number {
    const { kinds, useStart, uses } = this.#packed
    return isStanding(kinds[relation] ?? 0) ? Infinity : (uses[useStart[relation] ?? 0] ?? Infinity)
  }
}
