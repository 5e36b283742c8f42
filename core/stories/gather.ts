import { CLOCK_TOLERANCE_US } from '../graph/clock-tolerance.ts'
import { isStanding, KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityKind, RelationKind } from '../model/relation.ts'
import { Clusters } from './clusters.ts'
import type { EntityFacts } from './entity-facts.ts'
import { leadOf, whenBegan } from './long-lives.ts'
import { isInstalledPath, isStarter } from './programs.ts'
import type { Seed } from './seed.ts'

/** Somebody or some place a cluster has to do with. */
export interface Touch {
  readonly actor: number
  /** Element of the clusters. */
  readonly element: number
  readonly at: number | null
  readonly relation: number
}

/** What belongs together because one thing caused the other. */
export interface Gathered {
  /** Nodes 0..n-1, then one element for each seed. */
  readonly clusters: Clusters
  /** Relations taken in, each with an element of its cluster. */
  readonly relations: Map<number, number>
  readonly touches: Touch[]
  /** Nodes that are things of some cluster. */
  readonly things: ReadonlySet<number>
  /** Of things that had been there long before: when they began to have a part. */
  readonly began: ReadonlyMap<number, number>
}

/** Whom and what everybody has to do with: they tie nothing together by themselves (join-*.ts decides by time and by who acted). */
const ACTORS: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'user',
  'endpoint',
  'mailbox',
  'ip',
  'domain',
  'cloud-app',
  'group',
  'gpo',
  'ou',
])
export const isActor = (kind: EntityKind): boolean => ACTORS.has(kind)

/** A parent with more children than this is a service of its own kind (an agent, a scheduler), unless it is suspicious itself. */
const MANY_CHILDREN = 60
/** A file run more often than this was not brought for one attack. */
const MANY_RUNS = 12
/** A link or attachment in more messages than this (a logo, a portal) ties no strangers together, unless packs call it bad. */
const MANY_MESSAGES = 60
/** A link in more messages than this, of which it is not known whose mailboxes they lie in, says not which of them was acted on. */
const FEW_MESSAGES = 3
const MANY_USES = 12
/** A page that came by mail writes what it holds within this time of being opened (microseconds). */
const OPENED_BEFORE = 10 * 60_000_000
/** Clocks of mail systems and endpoints differ: a delivery this much later is taken as before. */
const SKEW = 5 * 60_000_000

const set = (...kinds: RelationKind[]) => new Set(kinds.map((kind) => KIND_INDEX.get(kind) ?? 255))
const CAUSES = set(
  ...(['spawned', 'executed-as', 'injected-into', 'remote-execution', 'dropped', 'saved-as'] as const),
  ...(['downloaded-to', 'extracted-to', 'carries', 'links-to', 'forwarded-as'] as const),
  ...(['installed-service', 'created-task', 'created-subscription', 'wrote-registry'] as const),
)
const EFFECTS = set(
  ...(['spawned', 'executed-as', 'injected-into', 'remote-execution', 'dropped', 'saved-as'] as const),
  ...([
    'downloaded-to',
    'extracted-to',
    'carries',
    'links-to',
    'forwarded-as',
    'accessed-credentials',
  ] as const),
  ...(['installed-service', 'created-task', 'created-subscription', 'wrote-registry'] as const),
)
/** Relations of a thing to those it has to do with. */
const TOUCHES = set(
  ...(['ran-on', 'ran-as', 'clicked-by', 'opened-on', 'located-on', 'connected-to', 'resolved'] as const),
  ...(['delivered-to', 'accessed-credentials', 'remote-execution'] as const),
)
const index = (kind: RelationKind) => KIND_INDEX.get(kind) ?? 255
const BROUGHT = set('saved-as', 'downloaded-to', 'extracted-to', 'dropped')
const FETCHED = set('saved-as', 'downloaded-to', 'extracted-to')

interface Step {
  readonly node: number
  readonly at: number
}

/**
 * Gathers around every seed what led to it (its parent processes, the file they came from, the message that carried it) and what came of
 * all that. Goes through things only, never through actors or programs that start everything; in the order of time. Each thing is
 * visited a few times at most, so the work grows with what is suspicious, not with the case.
 */
export class Gatherer {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #isBad: (urlNode: number) => boolean
  readonly #clusters: Clusters
  readonly #relations = new Map<number, number>()
  readonly #touches: Touch[] = []
  readonly #things = new Set<number>()
  readonly #seeded = new Set<number>()
  /** Programs that are not what their names say: they start what they start for themselves. */
  readonly #disguised = new Set<number>()
  /** The latest time a thing was asked for its causes, the earliest it was asked for its effects. */
  readonly #upAt = new Map<number, number>()
  readonly #downAt = new Map<number, number>()
  readonly #people = new Map<number, Set<number>>()

  constructor(
    network: PackedNetwork,
    facts: EntityFacts,
    isBad: (urlNode: number) => boolean,
    seeds: number,
  ) {
    this.#network = network
    this.#facts = facts
    this.#isBad = isBad
    this.#clusters = new Clusters(network.entities.length + seeds)
  }

  gather(seeds: readonly Seed[]): Gathered {
    const n = this.#network.entities.length
    for (const { nodes, isDisguise } of seeds) {
      for (const node of nodes) this.#seeded.add(node)
      const [subject] = nodes
      if (isDisguise === true && subject !== undefined) this.#disguised.add(subject)
    }
    for (const [at, seed] of seeds.entries()) {
      const element = n + at
      if (seed.relation >= 0) this.#relations.set(seed.relation, element)
      for (const node of seed.nodes) {
        if (isActor(this.#facts.of(node).kind)) {
          this.#touches.push({ actor: node, element, at: seed.at, relation: seed.relation })
          continue
        }
        if (this.#isHub(node)) continue
        this.#clusters.join(element, node)
        this.#things.add(node)
        this.#follow({ node, at: seed.at ?? Infinity }, { node, at: this.#startOf(node, seed.at) })
      }
    }
    const began = whenBegan(this.#network, this.#facts, this.#things, this.#relations, this.#downAt)
    for (const node of this.#things) this.#touch(node, began.get(node))
    return {
      clusters: this.#clusters,
      relations: this.#relations,
      touches: this.#touches,
      things: this.#things,
      began,
    }
  }

  /** From when on the effects of a thing are its own: a process's whole life (of one that runs for long: see `leadOf`), a file since it was brought. */
  #startOf(node: number, at: number | null): number {
    if (this.#facts.of(node).kind === 'file')
      return Math.min(at ?? -Infinity, this.#broughtAt(node) ?? Infinity)
    const isOwn = at === null || this.#disguised.has(node) || this.#wasOpened(node)
    return isOwn ? -Infinity : (leadOf(this.#facts, node, at) ?? -Infinity)
  }

  /** Whether a process was started with a file that was brought. */
  #wasOpened(process: number): boolean {
    const { inStart, into, kinds, from } = this.#network
    for (let p = inStart[process] ?? 0; p < (inStart[process + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (kinds[relation] === index('executed-as') && BROUGHT.has(this.#kindInto(from[relation] ?? 0)))
        return true
    }
    return false
  }

  #broughtAt(file: number): number | undefined {
    const { inStart, into, kinds, useStart, uses } = this.#network
    let first: number | undefined
    for (let p = inStart[file] ?? 0; p < (inStart[file + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (!BROUGHT.has(kinds[relation] ?? 255)) continue
      const use = uses[useStart[relation] ?? 0] ?? 0
      if (first === undefined || use < first) first = use
    }
    return first
  }

  #isHub(node: number): boolean {
    const fact = this.#facts.of(node)
    const { outStart, inStart } = this.#network
    const out = (outStart[node + 1] ?? 0) - (outStart[node] ?? 0)
    const into = (inStart[node + 1] ?? 0) - (inStart[node] ?? 0)
    switch (fact.kind) {
      case 'process':
        if (this.#disguised.has(node)) return false
        return isStarter(fact.name) || (out > MANY_CHILDREN && !this.#seeded.has(node))
      case 'file':
        return isInstalledPath(String(fact.attributes.get('path') ?? '')) || this.#runs(node) > MANY_RUNS
      case 'url':
        return !this.#isBad(node) && into + out > MANY_USES
      case 'attachment':
        return into > MANY_MESSAGES && !this.#seeded.has(node)
      default:
        return isActor(fact.kind)
    }
  }

  #runs(file: number): number {
    const { outStart, kinds } = this.#network
    let runs = 0
    for (let r = outStart[file] ?? 0; r < (outStart[file + 1] ?? 0); r += 1)
      if (kinds[r] === index('executed-as')) runs += 1
    return runs
  }

  /** Causes of one thing and effects of another, and of all that is found on the way. */
  #follow(up: Step, down: Step): void {
    const ups: Step[] = [up]
    const downs: Step[] = [down]
    for (;;) {
      const cause = ups.pop()
      if (cause) {
        this.#causes(cause, ups, downs)
        continue
      }
      const effect = downs.pop()
      if (!effect) return
      this.#effects(effect, ups, downs)
    }
  }

  #causes({ node, at }: Step, ups: Step[], downs: Step[]): void {
    const known = this.#upAt.get(node)
    if (known !== undefined && known >= at) return
    this.#upAt.set(node, at)
    const { inStart, into, kinds, from } = this.#network
    for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      const kind = kinds[relation] ?? 255
      if (!CAUSES.has(kind)) continue
      const use = this.#lastUse(relation, at)
      if (use === undefined) continue
      const before = from[relation] ?? 0
      if (kind === index('links-to') && !this.#isBad(node) && !this.#wasSentTo(before, node, at)) continue
      if (kind === index('executed-as') && !BROUGHT.has(this.#kindInto(before))) continue
      if (!this.#take(relation, node, before)) {
        this.#throughStarter(before, node, use, ups)
        continue
      }
      ups.push({ node: before, at: Math.min(at, use) })
      const lead = this.#wasOpened(before) ? undefined : leadOf(this.#facts, before, use)
      downs.push({ node: before, at: lead ?? this.#startOf(before, use) })
    }
  }

  /**
   * A browser or viewer that was opened on a file that came by mail, shortly before: what it wrote then came out of that file (a page
   * that builds a program). Nothing else of that program belongs to it.
   */
  #throughStarter(starter: number, node: number, at: number, ups: Step[]): void {
    if (this.#facts.of(starter).kind !== 'process') return
    const { inStart, into, kinds, from } = this.#network
    for (let p = inStart[starter] ?? 0; p < (inStart[starter + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (kinds[relation] !== index('executed-as')) continue
      const file = from[relation] ?? 0
      const use = this.#lastUse(relation, at)
      if (use === undefined || use < at - OPENED_BEFORE || !FETCHED.has(this.#kindInto(file))) continue
      if (!this.#take(relation, node, file)) continue
      ups.push({ node: file, at: use })
    }
  }

  /**
   * Whether a message with a link was delivered, before the link did something, to somebody who had to do with that: opened it, or works
   * where it was opened or what it brought lies. Where nobody knows whose the mailboxes are (no directory), a link that hardly any other
   * message has is enough: paths doubt it the same way (mail-passage).
   */
  #wasSentTo(holder: number, url: number, at: number): boolean {
    const { outStart, kinds, to } = this.#network
    if (this.#facts.of(holder).kind !== 'message') return this.#things.has(holder)
    const people = this.#peopleOf(url)
    let [wasDelivered, isOwned] = [false, false]
    for (let r = outStart[holder] ?? 0; r < (outStart[holder + 1] ?? 0); r += 1) {
      if (kinds[r] !== index('delivered-to') || this.#lastUse(r, at + SKEW) === undefined) continue
      const mailbox = to[r] ?? 0
      wasDelivered = true
      for (let o = outStart[mailbox] ?? 0; o < (outStart[mailbox + 1] ?? 0); o += 1) {
        if (kinds[o] !== index('owned-by')) continue
        if (people.has(to[o] ?? -1)) return true
        isOwned = true
      }
    }
    return wasDelivered && !isOwned && people.size > 0 && this.#messagesWith(url) <= FEW_MESSAGES
  }

  #messagesWith(url: number): number {
    const { inStart, into, kinds } = this.#network
    let count = 0
    for (let p = inStart[url] ?? 0; p < (inStart[url + 1] ?? 0); p += 1)
      if (kinds[into[p] ?? 0] === index('links-to')) count += 1
    return count
  }

  /** Accounts that have to do with a link: who opened it, and who works on the endpoints where it was opened or brought something. */
  #peopleOf(url: number): Set<number> {
    const known = this.#people.get(url)
    if (known) return known
    const { outStart, inStart, into, kinds, from, to } = this.#network
    const people = new Set<number>()
    const endpoints = new Set<number>()
    const each = (node: number, visit: (kind: number, other: number) => void): void => {
      for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1)
        visit(kinds[r] ?? 255, to[r] ?? 0)
    }
    each(url, (kind, other) => {
      if (kind === index('clicked-by')) people.add(other)
      if (kind === index('opened-on')) endpoints.add(other)
      if (kind === index('downloaded-to'))
        each(other, (where, endpoint) => {
          if (where === index('located-on')) endpoints.add(endpoint)
        })
    })
    for (const endpoint of endpoints)
      for (let p = inStart[endpoint] ?? 0; p < (inStart[endpoint + 1] ?? 0); p += 1) {
        const relation = into[p] ?? 0
        if (kinds[relation] === index('logged-on-to')) people.add(from[relation] ?? 0)
      }
    this.#people.set(url, people)
    return people
  }

  /** The kind of relation that brought a file; none: 255. */
  #kindInto(file: number): number {
    const { inStart, into, kinds } = this.#network
    for (let p = inStart[file] ?? 0; p < (inStart[file + 1] ?? 0); p += 1) {
      const kind = kinds[into[p] ?? 0] ?? 255
      if (BROUGHT.has(kind)) return kind
    }
    return 255
  }

  #effects({ node, at }: Step, ups: Step[], downs: Step[]): void {
    const known = this.#downAt.get(node)
    if (known !== undefined && known <= at) return
    this.#downAt.set(node, at)
    const { outStart, kinds, to } = this.#network
    for (let relation = outStart[node] ?? 0; relation < (outStart[node + 1] ?? 0); relation += 1) {
      const kind = kinds[relation] ?? 255
      if (!EFFECTS.has(kind)) continue
      const use = this.#firstUse(relation, at)
      if (use === undefined) continue
      const next = to[relation] ?? 0
      if (kind === index('links-to') && !this.#isBad(next)) continue
      if (!this.#take(relation, node, next)) continue
      downs.push({ node: next, at: Math.max(at, use) })
      // The other copies of a mail, the other mails with the file: what brought them belongs to it as well.
      if (kind !== index('carries') && kind !== index('links-to'))
        ups.push({ node: next, at: Math.max(at, use) })
    }
  }

  /** Takes a relation in; true when its other end is a thing to go on from. */
  #take(relation: number, node: number, other: number): boolean {
    this.#relations.set(relation, node)
    if (this.#isHub(other)) return false
    this.#clusters.join(node, other)
    this.#things.add(other)
    return true
  }

  /** @param began when it began to have a part, where it had been there before */
  #touch(node: number, began: number | undefined): void {
    const { outStart, inStart, into, from, kinds, to } = this.#network
    const note = (relation: number, actor: number): void => {
      if (!TOUCHES.has(kinds[relation] ?? 255) || !isActor(this.#facts.of(actor).kind)) return
      this.#relations.set(relation, node)
      const at = (began === undefined ? undefined : this.#firstUse(relation, began)) ?? began
      this.#touches.push({ actor, element: node, at: at ?? this.#timeOf(relation, node), relation })
    }
    for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) note(r, to[r] ?? 0)
    for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      note(relation, from[relation] ?? 0)
    }
  }

  #timeOf(relation: number, node: number): number | null {
    const { kinds, useStart, uses } = this.#network
    if (!isStanding(kinds[relation] ?? 255)) return uses[useStart[relation] ?? 0] ?? null
    return this.#facts.of(node).firstSeen
  }

  /** The last use not after a time; a standing relation: that time. Undefined: none. */
  #lastUse(relation: number, at: number): number | undefined {
    const { kinds, useStart, uses } = this.#network
    if (isStanding(kinds[relation] ?? 255)) return at
    for (let use = (useStart[relation + 1] ?? 0) - 1; use >= (useStart[relation] ?? 0); use -= 1) {
      const time = uses[use] ?? 0
      if (time <= at + CLOCK_TOLERANCE_US) return time
    }
    return undefined
  }

  #firstUse(relation: number, at: number): number | undefined {
    const { kinds, useStart, uses } = this.#network
    if (isStanding(kinds[relation] ?? 255)) return at
    for (let use = useStart[relation] ?? 0; use < (useStart[relation + 1] ?? 0); use += 1) {
      const time = uses[use] ?? 0
      if (time >= at - CLOCK_TOLERANCE_US) return time
    }
    return undefined
  }
}
