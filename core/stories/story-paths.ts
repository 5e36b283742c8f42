import { KIND_INDEX, kindAt, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import { toLink } from '../graph/network-view.ts'
import { findPaths, type FoundPath, type Link, type Network } from '../graph/path-search.ts'
import { INTERACTION_START, reachAll } from '../graph/reach.ts'
import type { RelationKind } from '../model/relation.ts'
import { byTime } from './content-order.ts'
import type { EntityFacts } from './entity-facts.ts'
import type { Story } from './story.ts'

/** How far what was reached tells of an attack; the path's confidence is multiplied by it. */
const EFFECT: Partial<Record<RelationKind, number>> = {
  'remote-execution': 3,
  'accessed-credentials': 2,
  'remote-logon': 1.5,
  'injected-into': 1.4,
  'logged-on-to': 1.2,
  'created-subscription': 1.2,
  'installed-service': 1.1,
  'created-task': 1,
  'wrote-registry': 1,
  spawned: 0.9,
  'connected-to': 0.8,
  'executed-as': 0.8,
  'clicked-by': 0.7,
  'opened-on': 0.6,
}
const MAX_HOPS = 14
/** Below this a path is a candidate and is called one. */
export const ESTABLISHED_PATH = 0.5
/** What leads on to another machine or account tells this much or more. */
const FURTHER = 1.4
/** A way as telling as the best is nearly as sure at this share of its value. */
const NEARLY = 0.8
/** Mails of one story that are tried as its beginning; a campaign of thousands is begun by its earliest. */
const MAX_VECTORS = 40

const index = (kind: RelationKind): number => KIND_INDEX.get(kind) ?? 255

/** Relations of the story as a search asks for them: what lies outside does not carry it. */
export function storyNetwork(network: PackedNetwork, story: Story): Network {
  const relations = new Set(story.relations)
  // Who owns a mailbox decides whose click belongs to which mail (mail-passage).
  for (const part of story.parts.values()) {
    if (part.kind !== 'mailbox') continue
    for (let r = network.outStart[part.node] ?? 0; r < (network.outStart[part.node + 1] ?? 0); r += 1)
      if (network.kinds[r] === index('owned-by')) relations.add(r)
  }
  const out = new Map<number, Link[]>()
  const into = new Map<number, Link[]>()
  for (const relation of [...relations].sort((a, b) => a - b)) {
    const link = toLink(network, relation, null)
    if (!link) continue
    push(out, link.from, link)
    push(into, link.to, link)
  }
  return { out, into }
}

function push(map: Map<number, Link[]>, key: number, link: Link): void {
  const list = map.get(key)
  if (list) list.push(link)
  else map.set(key, [link])
}

export interface StoryPaths {
  /** Best first. */
  readonly paths: FoundPath[]
  /** The message the first path begins with: entity id. */
  readonly vector: number | null
}

/** The attack paths that tell the story best: from its mail (else from its first thing) to what weighs most of what was reached. */
export function storyPaths(
  network: PackedNetwork,
  facts: EntityFacts,
  story: Story,
  alternatives: number,
): StoryPaths {
  const own = storyNetwork(network, story)
  const starts = story.messages.slice(0, MAX_VECTORS)
  const isMail = starts.length > 0
  if (!isMail && story.firstObserved)
    starts.push(
      story.firstObserved.node,
      ...pagesOf(network, story, story.firstObserved.node),
      ...sourcesOf(network, facts, story),
    )
  const found = foundFrom(own, facts, starts, isMail)
  // It begins with an outside address or an account, from which no relation leads on.
  if (found.length === 0 && !isMail)
    found.push(...foundFrom(own, facts, leftFrom(network, facts, story), false))
  found.sort(
    (a, b) =>
      b.value - a.value ||
      a.path.hops.length - b.path.hops.length ||
      byTime(a.path.hops.at(-1)?.at ?? null, b.path.hops.at(-1)?.at ?? null) ||
      facts.inOrder(nodeOf(network, a.end), nodeOf(network, b.end)),
  )
  const first = isMail ? beginning(found) : fromThing(facts, found)
  if (!first) return { paths: [], vector: null }
  const best = furthest(first, found)
  found.splice(found.indexOf(best), 1)
  found.unshift(best)
  const chosen: FoundPath[] = []
  const ends = new Set<number>()
  for (const { path, end, start } of found) {
    const extended = toMachine(own, path)
    const place = extended.hops.at(-1)?.link.to ?? end
    const isBare = facts.of(start).kind === 'endpoint'
    const isTold = (other: FoundPath): boolean =>
      contains(other, path) ||
      contains(path, other) ||
      goesOn(own, path, other) ||
      (isBare && other.hops.some(({ link }) => link.to === end))
    if (ends.has(place) || chosen.some(isTold)) continue
    ends.add(place)
    chosen.push(extended)
    if (chosen.length >= alternatives) break
  }
  if (chosen.length < alternatives)
    chosen.push(...otherWays(own, facts, best.start, chosen, alternatives - chosen.length, isMail))
  return { paths: chosen, vector: isMail ? facts.of(best.start).id : null }
}

/** Ways from each start to everything that tells of an attack. */
function foundFrom(own: Network, facts: EntityFacts, starts: readonly number[], isMail: boolean): Found[] {
  const found: Found[] = []
  for (const node of starts) {
    const { id, firstSeen } = facts.of(node)
    const reached = reachAll(own, id, MAX_HOPS, isMail ? INTERACTION_START : null, isMail ? firstSeen : null)
    for (const [end, [path]] of reached) {
      const last = path?.hops.at(-1)
      const weight = last && EFFECT[last.link.kind]
      if (path === undefined || weight === undefined) continue
      const depth = new Set(path.hops.map((hop) => hop.link.kind)).size
      const reach = weight * (1 + depth / 20)
      found.push({ path, end, start: node, reach, value: path.confidence * reach })
    }
  }
  return found
}

interface Found {
  readonly path: FoundPath
  /** Entity id. */
  readonly end: number
  /** Node. */
  readonly start: number
  /** What was reached tells so much, sure or not. */
  readonly reach: number
  readonly value: number
}

/**
 * The path that is told first: the best one; where other mails of the story led as far and are as good as known to have, the one that did so first.
 * Which of five opened mails a story began with is a matter of time, and not of which click was logged best.
 * @param found best first
 */
function beginning(found: readonly Found[]): Found | undefined {
  const [best] = found
  if (!best || best.path.confidence < ESTABLISHED_PATH) return best
  const endOf = ({ path }: Found): number => path.hops.at(-1)?.at ?? Infinity
  const seen = new Set<number>()
  let first = best
  for (const one of found) {
    // Of each start its best path alone.
    if (seen.has(one.start)) continue
    seen.add(one.start)
    if (one.reach < best.reach || one.path.confidence < ESTABLISHED_PATH) continue
    if (endOf(one) < endOf(first)) first = one
  }
  return first
}

/**
 * Without mail: a way from what was observed first is told rather than one from a bare endpoint, which leaves out how the intruder came
 * there, where it leads as far and is as good as known.
 * @param found best first
 */
function fromThing(facts: EntityFacts, found: readonly Found[]): Found | undefined {
  const [best] = found
  if (!best || facts.of(best.start).kind !== 'endpoint') return best
  const isTold = ({ start, reach, path }: Found): boolean =>
    facts.of(start).kind !== 'endpoint' && reach >= best.reach && path.confidence >= ESTABLISHED_PATH
  return found.find(isTold) ?? best
}

/**
 * The way that goes on from where the first one ends, or from where another ends that tells as much and is nearly as sure: to another
 * machine, or to credentials. What came later is a part of the same way, not another candidate for it.
 * @param found best first
 */
function furthest(first: Found, found: readonly Found[]): Found {
  const alike = found.filter(
    ({ start, reach, value }) =>
      start === first.start && reach >= first.reach && value >= first.value * NEARLY,
  )
  const further = found.filter(
    ({ start, path }) =>
      start === first.start &&
      path.confidence >= ESTABLISHED_PATH &&
      (EFFECT[path.hops.at(-1)?.link.kind ?? 'sent'] ?? 0) >= FURTHER,
  )
  let told = first
  let next = goingOn([first, ...alike], further)
  while (next) {
    told = next
    next = goingOn([told], further)
  }
  return told
}

/** The first of several ways that begins with one of these and goes on. */
const goingOn = (ways: readonly Found[], further: readonly Found[]): Found | undefined => {
  for (const way of ways) {
    const { hops } = way.path
    const next = further.find(
      ({ path }) =>
        path.hops.length > hops.length && hops.every(({ link }, at) => path.hops[at]?.link.id === link.id),
    )
    if (next) return next
  }
  return undefined
}

/** Where a way ends, what is on another was started: it is the beginning of that. */
const goesOn = (network: Network, { hops }: FoundPath, other: FoundPath): boolean => {
  const last = hops.at(-1)
  const later = new Set(
    other.hops.filter(({ at }) => (at ?? 0) >= (last?.at ?? 0)).map(({ link }) => link.to),
  )
  return (network.out.get(last?.link.to ?? -1) ?? []).some(
    ({ kind, to }) => kind === 'spawned' && later.has(to),
  )
}

/** Where the file a story begins with was downloaded from. */
function pagesOf({ inStart, into, kinds, from }: PackedNetwork, story: Story, file: number): number[] {
  const pages: number[] = []
  for (let p = inStart[file] ?? 0; p < (inStart[file + 1] ?? 0); p += 1) {
    const relation = into[p] ?? 0
    const page = from[relation] ?? 0
    if (kinds[relation] === index('downloaded-to') && story.things.has(page)) pages.push(page)
  }
  return pages.slice(0, MAX_VECTORS)
}

/** Where something was run from afar and nothing is known before: the endpoints it came from. */
const sourcesOf = (network: PackedNetwork, facts: EntityFacts, story: Story): number[] =>
  story.seeds
    .filter((seed) => seed.relation >= 0 && facts.of(network.from[seed.relation] ?? 0).kind === 'endpoint')
    .slice(0, MAX_VECTORS)
    .map((seed) => network.from[seed.relation] ?? 0)

/** Endpoints of the story from which somebody logged on to another one. */
const leftFrom = ({ kinds, from }: PackedNetwork, facts: EntityFacts, story: Story): number[] =>
  [
    ...new Set(
      story.relations
        .filter((relation) => kinds[relation] === index('remote-logon'))
        .map((relation) => from[relation] ?? 0)
        .filter((node) => facts.of(node).kind === 'endpoint'),
    ),
  ].slice(0, MAX_VECTORS)

/** A part of a path that is shown already tells nothing more. */
const contains = (whole: FoundPath, part: FoundPath): boolean => {
  const ids = new Set(whole.hops.map((hop) => hop.link.id))
  return part.hops.every((hop) => ids.has(hop.link.id))
}

function toMachine(network: Network, path: FoundPath): FoundPath {
  const last = path.hops.at(-1)
  const link =
    last?.link.kind === 'remote-execution'
      ? network.out.get(last.link.to)?.find((one) => one.kind === 'ran-on')
      : undefined
  return last && link
    ? { hops: [...path.hops, { link, at: last.at }], confidence: path.confidence * link.weight }
    : path
}

function otherWays(
  network: Network,
  facts: EntityFacts,
  start: number,
  known: readonly FoundPath[],
  count: number,
  isMail: boolean,
): FoundPath[] {
  const end = known[0]?.hops.at(-1)?.link.to
  if (end === undefined) return []
  const { id, firstSeen } = facts.of(start)
  const ways = findPaths(network, {
    from: id,
    to: end,
    alternatives: count + 1,
    maxHops: MAX_HOPS,
    notBefore: isMail ? firstSeen : null,
  })
  return ways.filter((way) => !known.some((other) => contains(other, way))).slice(0, count)
}

export const kindOf = (network: PackedNetwork, relation: number): RelationKind =>
  kindAt(network.kinds[relation] ?? 0)
