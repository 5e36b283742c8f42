import { KIND_INDEX, kindAt, type PackedNetwork } from '../graph/packed-network.ts'
import type { Steps } from '../jobs/turn.ts'
import type { RelationKind } from '../model/relation.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { noteActingAccounts } from './acting-accounts.ts'
import type { EntityFacts } from './entity-facts.ts'
import { firstObserved } from './first-observed.ts'
import { findSeeds } from './find-seeds.ts'
import { Gatherer, isActor, type Gathered, type Touch } from './gather.ts'
import type { Joined } from './actor-traces.ts'
import { joinActors } from './join-actors.ts'
import { isMachineAccount } from './walks.ts'
import { joinBareSigns } from './join-bare-signs.ts'
import { joinByLogonSession } from './join-logon-sessions.ts'
import { joinByInstall } from './join-records.ts'
import { joinRollouts } from './join-rollouts.ts'
import { joinSetups } from './join-setups.ts'
import { joinByTask } from './join-tasks.ts'
import { MailTies } from './mail-tie.ts'
import { isMerelyHeld } from './merely-held.ts'
import { noteSources } from './note-sources.ts'
import { joinRoutine } from './routine.ts'
import { scoreStory } from './score.ts'
import type { Seed } from './seed.ts'
import { lastSeen } from './seed-span.ts'
import { senderDomains } from './sender-domains.ts'
import { IndependentSources } from './independent-sources.ts'
import { storyIds } from './story-id.ts'
import { isAffected, type Part, type Role, type Story } from './story.ts'

const BAD: ReadonlySet<RiskLevel> = new Set<RiskLevel>(['dangerous', 'highly-suspicious', 'suspicious'])
const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255
const LOGONS = new Set([index('remote-logon'), index('logged-on-to')])

/** What a relation says of the actor at its other end. */
const ROLE: Partial<Record<RelationKind, Role>> = {
  'clicked-by': 'clicked',
  'ran-as': 'ran',
  'ran-on': 'ran',
  'opened-on': 'opened',
  'located-on': 'held',
  'accessed-credentials': 'credentials',
  'logged-on-to': 'account-used',
  'remote-logon': 'reached',
  'remote-execution': 'source',
  'delivered-to': 'recipient',
  'connected-to': 'contacted',
  resolved: 'contacted',
  'installed-service': 'changed',
  'created-task': 'changed',
  'created-subscription': 'changed',
  'wrote-registry': 'changed',
  'changed-mailbox': 'changed',
  'accessed-mailbox': 'changed',
  'forwards-to': 'changed',
  'downloaded-to': 'held',
}

/** What the account did that has a part in it. */
const ACTS: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'remote-execution',
  'installed-service',
  'created-task',
])

/**
 * All stories of the case, best first. Linear in its relations: one look at each for what is suspicious, then only what hangs together
 * with that. Step by step, for a large case takes a while.
 * @param riskOf level known now of url entities (by id)
 */
export function* buildStories(
  db: ReadStore,
  network: PackedNetwork,
  facts: EntityFacts,
  riskOf: ReadonlyMap<number, RiskLevel>,
): Steps<Story[]> {
  const riskOfNode = (node: number): RiskLevel | null => riskOf.get(network.entities[node] ?? -1) ?? null
  const isBad = (node: number): boolean => BAD.has(riskOfNode(node) ?? 'untested')
  const seeds = findSeeds(db, network, facts, riskOfNode)
  yield
  const gathered = new Gatherer(network, facts, isBad, seeds.length).gather(seeds)
  yield
  joinRoutine(network, gathered, seeds)
  joinByInstall(db, network, gathered, seeds)
  joinByTask(network, facts, gathered, seeds)
  joinBareSigns(db, network, facts, gathered, seeds)
  joinByLogonSession(db, network, facts, gathered, seeds)
  yield
  const campaigns = senderDomains(db)
  const rollouts = joinRollouts(network, facts, gathered, seeds)
  const joined = joinActors(db, network, facts, gathered, seeds, rollouts, (node) =>
    campaigns(network.entities[node] ?? -1),
  )
  noteActingAccounts(db, network, facts, joined, seeds)
  noteSources(db, network, facts, gathered, joined, seeds)
  joinSetups(network, facts, gathered, seeds)
  const counts = new IndependentSources(db, network)
  yield
  const stories: Story[] = []
  const drafts = split(network, gathered, joined, seeds, rollouts)
  const ids = storyIds(
    facts,
    drafts.map((draft) => draft.seeds),
  )
  for (const [at, draft] of drafts.entries()) {
    const parts = partsOf(network, facts, draft, seeds, gathered.began)
    stories.push({ id: ids[at] ?? '', ...toStory(network, facts, counts, draft, parts, gathered.began) })
    yield
  }
  return stories.sort(
    (a, b) =>
      b.score - a.score || (a.startAt ?? Infinity) - (b.startAt ?? Infinity) || (a.id < b.id ? -1 : 1),
  )
}

interface Draft {
  readonly seeds: Seed[]
  readonly things: Set<number>
  readonly relations: Set<number>
  readonly touches: Touch[]
  /** Endpoints of its largest roll-out. */
  rolledOut: number
}

function split(
  network: PackedNetwork,
  gathered: Gathered,
  joined: Joined,
  seeds: readonly Seed[],
  rollouts: ReadonlyMap<number, number>,
): Draft[] {
  const drafts = new Map<number, Draft>()
  const of = (element: number): Draft => {
    const root = gathered.clusters.find(element)
    const known = drafts.get(root)
    if (known) return known
    const made: Draft = { seeds: [], things: new Set(), relations: new Set(), touches: [], rolledOut: 0 }
    drafts.set(root, made)
    return made
  }
  const n = network.entities.length
  for (const [at, seed] of seeds.entries()) of(n + at).seeds.push(seed)
  for (const thing of gathered.things) of(thing).things.add(thing)
  for (const [relation, element] of [...gathered.relations, ...joined.relations])
    of(element).relations.add(relation)
  for (const [element, endpoints] of rollouts)
    of(element).rolledOut = Math.max(of(element).rolledOut, endpoints)
  for (const touch of [...gathered.touches, ...joined.touches]) of(touch.element).touches.push(touch)
  return [...drafts.values()].filter((draft) => draft.seeds.length > 0)
}

function partsOf(
  network: PackedNetwork,
  facts: EntityFacts,
  draft: Draft,
  seeds: readonly Seed[],
  began: ReadonlyMap<number, number>,
): Map<number, Part> {
  const parts = new Map<number, Part>()
  const of = (node: number): Part => {
    const known = parts.get(node)
    if (known) return known
    const made: Part = {
      node,
      kind: facts.of(node).kind,
      roles: new Set(),
      first: null,
      last: null,
      relations: new Set(),
      detections: new Set(),
    }
    parts.set(node, made)
    return made
  }
  for (const thing of draft.things) {
    const part = of(thing)
    part.roles.add('part')
    note(part, began.get(thing) ?? facts.of(thing).firstSeen)
  }
  for (const touch of draft.touches) {
    const part = of(touch.actor)
    if (touch.relation < 0) {
      const seed = seeds[touch.element - network.entities.length]
      part.roles.add(seed?.tried?.has(touch.actor) ? 'tried' : 'detected')
    } else {
      const kind = kindAt(network.kinds[touch.relation] ?? 0)
      part.relations.add(touch.relation)
      const role = roleOf(kind, part.kind, network.to[touch.relation] === touch.actor)
      const isPut = role === 'held' && !isMerelyHeld(network, draft.things, network.from[touch.relation] ?? 0)
      part.roles.add(isPut ? 'changed' : role)
    }
    note(part, touch.at)
  }
  for (const seed of draft.seeds) {
    for (const node of seed.nodes) {
      const part = of(node)
      if (seed.detection >= 0) part.detections.add(seed.detection)
      if (seed.relation >= 0) part.relations.add(seed.relation)
      if (part.roles.size === 0) part.roles.add('part')
      note(part, seed.at)
      note(part, lastSeen(network, facts, seed))
    }
  }
  for (const relation of draft.relations)
    for (const node of [network.from[relation] ?? 0, network.to[relation] ?? 0])
      if (!isActor(facts.of(node).kind)) of(node).relations.add(relation)
  return parts
}

function roleOf(kind: RelationKind, actor: Part['kind'], isTarget: boolean): Role {
  if (actor === 'user' && ACTS.has(kind)) return 'account-used'
  if (kind === 'remote-logon' && actor === 'ip') return 'source'
  if (kind === 'remote-execution') return isTarget ? 'reached' : 'source'
  if (kind === 'remote-logon' || kind === 'logged-on-to') return actor === 'user' ? 'account-used' : 'reached'
  // A ticket of the account was taken to guess its password from; nothing says that the guess was right.
  if (kind === 'accessed-credentials' && actor === 'user' && isTarget) return 'tried'
  return ROLE[kind] ?? 'part'
}

function note(part: Part, at: number | null): void {
  if (at === null) return
  if (part.first === null || at < part.first) part.first = at
  if (part.last === null || at > part.last) part.last = at
}

function toStory(
  network: PackedNetwork,
  facts: EntityFacts,
  counts: IndependentSources,
  draft: Draft,
  parts: Map<number, Part>,
  began: ReadonlyMap<number, number>,
): Omit<Story, 'id'> {
  const all = [...parts.values()]
  const byFirst = (a: Part, b: Part) =>
    (a.first ?? Infinity) - (b.first ?? Infinity) || facts.inOrder(a.node, b.node)
  const affected = all.filter(isAffected).sort(byFirst)
  const users = affected.filter((part) => part.kind === 'user' && !isMachineAccount(facts.of(part.node).name))
  const endpoints = affected.filter((part) => part.kind === 'endpoint')
  const tried = all.filter((part) => part.kind === 'user' && part.roles.has('tried') && !isAffected(part))
  const messages = [...draft.things]
    .filter((node) => facts.of(node).kind === 'message')
    .sort(
      (a, b) =>
        (facts.of(a).firstSeen ?? Infinity) - (facts.of(b).firstSeen ?? Infinity) || facts.inOrder(a, b),
    )
  const first = firstObserved(network, facts, draft, messages, began)
  const times = [
    ...draft.seeds.flatMap((seed) => [seed.at, lastSeen(network, facts, seed)]),
    ...affected.flatMap((part) => [part.first, part.last]),
    first?.at ?? null,
  ].filter((at) => at !== null)
  const relations = [...draft.relations].sort((a, b) => a - b)
  const remoteTargets = new Set(
    draft.seeds
      .filter((seed) => seed.sign === 'remote_execution' && seed.relation >= 0)
      .map((seed) => endpointAt(network, facts, network.to[seed.relation] ?? 0)),
  )
  const sources = counts.of(draft.seeds, relations)
  const { score, reasons } = scoreStory({
    seeds: draft.seeds,
    mail:
      messages.length === 0
        ? 'none'
        : new MailTies(network, draft.seeds, draft.relations).isLikely(messages)
          ? 'likely'
          : 'maybe',
    endpoints: endpoints.length,
    sources: sources.length,
    isHighValue: endpoints.some(
      (part) =>
        facts.of(part.node).attributes.get('isHighValue') === true ||
        facts.of(part.node).attributes.get('isDomainController') === true,
    ),
    remoteTargets: remoteTargets.size,
    rolledOut: draft.rolledOut,
  })
  return {
    seeds: draft.seeds,
    relations,
    things: draft.things,
    parts,
    users,
    endpoints,
    tried: tried.sort(byFirst),
    messages,
    usedAt: logonsUsed(network, draft),
    firstObserved: first,
    startAt: times.reduce<number | null>((least, at) => (least === null || at < least ? at : least), null),
    endAt: times.reduce<number | null>((most, at) => (most === null || at > most ? at : most), null),
    sources,
    score,
    reasons,
  }
}

/** When a logon led on in the story: the same account may have logged on there every morning before. */
function logonsUsed(network: PackedNetwork, { touches }: Draft): Map<number, number> {
  const used = new Map<number, number>()
  for (const { relation, at } of touches) {
    if (relation < 0 || at === null || !LOGONS.has(network.kinds[relation] ?? 255)) continue
    used.set(relation, Math.min(at, used.get(relation) ?? at))
  }
  return used
}

/** The endpoint a node is, or ran on; itself when that is not known. */
function endpointAt(network: PackedNetwork, facts: EntityFacts, node: number): number {
  if (facts.of(node).kind === 'endpoint') return node
  for (let r = network.outStart[node] ?? 0; r < (network.outStart[node + 1] ?? 0); r += 1)
    if (network.kinds[r] === index('ran-on')) return network.to[r] ?? node
  return node
}
