import type { RelationKind } from '../model/relation.ts'
import { passageOf, routineOf } from './carry.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { mailPassage, type Steps } from './mail-passage.ts'

/** One relation as the search sees it: typed, with all times it was used. */
export interface Link {
  readonly id: number
  readonly kind: RelationKind
  readonly from: number
  readonly to: number
  readonly confidence: number
  /** Confidence times carry: what the hop contributes to a path. */
  readonly weight: number
  /** Ascending microseconds; empty for a standing relation. */
  readonly uses: Float64Array
}

/** Relations out of and into an entity (by id), as a search asks for them. */
export interface Network {
  readonly out: { get(entity: number): readonly Link[] | undefined }
  readonly into: { get(entity: number): readonly Link[] | undefined }
  /** Where this is a part: all that is known, for what does not lie on a path but decides about it (whose mail it was). */
  readonly whole?: Network
}

export interface FoundHop {
  readonly link: Link
  /** Time of use; for a standing relation the time of arrival, null before any timed hop. */
  readonly at: number | null
}
export interface FoundPath {
  readonly hops: readonly FoundHop[]
  readonly confidence: number
}

interface Label {
  readonly node: number
  /** Earliest time one can be here by this way; -Infinity before any timed hop. */
  readonly at: number
  readonly cost: number
  /** Cost with the doubt that any hop from here adds: what arrivals at a node are compared by. */
  readonly leaving: number
  readonly hop: FoundHop | null
  readonly before: Label | null
  readonly length: number
  /** What the passage into this node adds, besides the hop's own weight. */
  readonly doubt: number
}

/** A hop costs a little besides its doubt, so that of two equally sure ways the shorter one wins. */
export const HOP_COST = 0.02
export { CLOCK_TOLERANCE_US }
/** Labels kept per node, number of hops and search: more alternatives than anyone reads. */
const LABELS_PER_PLACE = 24
/** Stops a search in a pathological graph; what was found until then is the answer. */
const MAX_LABELS = 2_000_000

export interface SearchRequest {
  readonly from: number
  readonly to: number
  readonly alternatives: number
  readonly maxHops: number
  /** Nothing before this is part of the path (a message cannot act before it was sent); null: no limit. */
  readonly notBefore: number | null
  /** The latest time one may be at an entity and still get to the end; what is later is not followed. Left out: not known. */
  readonly latestAt?: (entity: number) => number
}

/**
 * Time-respecting attack paths: each hop is used at or after the arrival at its start, so time never decreases. Best
 * confidence first (product over hops of confidence, carry and passage). Label-setting search over (cost, time, hops): a
 * label is dropped when as many others of its node as alternatives are wanted are cheaper to leave from, earlier, and no
 * longer (a longer one may meet the hop limit).
 */
export function findPaths(network: Network, request: SearchRequest): FoundPath[] {
  const queue = new Heap()
  const settled = new Map<string, Label[]>()
  const found: FoundPath[] = []
  const seen = new Set<string>()
  queue.push({
    node: request.from,
    at: request.notBefore ?? -Infinity,
    cost: 0,
    leaving: 0,
    hop: null,
    before: null,
    length: 0,
    doubt: 1,
  })
  let made = 0
  for (
    let label = queue.pop();
    label && found.length < request.alternatives && made < MAX_LABELS;
    label = queue.pop()
  ) {
    if (label.node === request.to && label.length > 0) {
      const path = toPath(label)
      const key = path.hops.map((hop) => hop.link.id).join(',')
      if (!seen.has(key)) {
        seen.add(key)
        found.push(path)
      }
      continue
    }
    const place = `${label.node}|${mailContext(label)}`
    const here = settled.get(place) ?? []
    const { leaving, at, length } = label
    const noLonger = here.filter((other) => other.length <= length)
    const better = noLonger.filter((other) => other.leaving <= leaving && other.at <= at).length
    if (better >= request.alternatives || noLonger.length >= LABELS_PER_PLACE) continue
    here.push(label)
    settled.set(place, here)
    if (label.length >= request.maxHops) continue
    for (const link of network.out.get(label.node) ?? []) {
      if (passes(label, link.to)) continue
      const used = findUse(link, label.at)
      if (used === undefined) continue
      if (request.latestAt && !(request.latestAt(link.to) >= (used ?? label.at))) continue
      const doubt =
        passageOf(label.hop?.link.kind, label.before?.hop?.link.kind) *
        routineOf(link.kind, link.uses[0], request.notBefore) *
        mailPassage(network, () => stepsOf(label), link.kind, link.to)
      if (doubt === 0) continue
      made += 1
      const cost = label.cost - Math.log(Math.max(link.weight * doubt, 0.001)) + HOP_COST
      queue.push({
        node: link.to,
        at: used ?? label.at,
        cost,
        leaving: cost - Math.log(passageOf(link.kind, label.hop?.link.kind)),
        hop: { link, at: used ?? (label.at === -Infinity ? null : label.at) },
        before: label,
        length: label.length + 1,
        doubt,
      })
    }
  }
  return found
}

/** The message a link or attachment was reached from: who may act on it depends on that, so such arrivals do not compare. */
function mailContext({ hop, before }: Label): number {
  const kind = hop?.link.kind
  if (hop && kind === 'carries') return hop.link.from
  if (hop && kind === 'links-to')
    return before?.hop?.link.kind === 'carries' ? before.hop.link.from : hop.link.from
  return 0
}

function stepsOf(label: Label): Steps | null {
  if (!label.hop) return null
  return {
    kind: label.hop.link.kind,
    from: label.hop.link.from,
    before: label.before ? stepsOf(label.before) : null,
  }
}

/** Earliest use at or after `at` (a little clock tolerance, never going back in time); null: standing; undefined: none. */
export function findUse(link: Link, at: number): number | null | undefined {
  const { uses } = link
  if (uses.length === 0) return null
  let low = 0
  let high = uses.length
  const wanted = at - CLOCK_TOLERANCE_US
  while (low < high) {
    const middle = (low + high) >> 1
    if ((uses[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  const use = uses[low]
  return use === undefined ? undefined : Math.max(use, at)
}

function passes(label: Label, node: number): boolean {
  for (let step: Label | null = label; step; step = step.before) if (step.node === node) return true
  return false
}

function toPath(end: Label): FoundPath {
  const hops: FoundHop[] = []
  let confidence = 1
  for (let step: Label | null = end; step?.hop; step = step.before) {
    hops.unshift(step.hop)
    confidence *= step.hop.link.weight * step.doubt
  }
  return { hops, confidence }
}

/** Binary heap by cost, then time, then order of arrival: the search is deterministic. */
class Heap {
  readonly #items: { label: Label; order: number }[] = []
  #next = 0
  push(label: Label): void {
    const items = this.#items
    let at = items.length
    const item = { label, order: this.#next++ }
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent]
      if (!above || !before(item, above)) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }
  pop(): Label | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (!top || !last || items.length === 0) return top?.label
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= items.length) break
      const right = left + 1
      const a = items[left]
      const b = items[right]
      if (!a) break
      const child = b && before(b, a) ? right : left
      const below = items[child]
      if (!below || !before(below, last)) break
      items[at] = below
      at = child
    }
    items[at] = { label: last.label, order: last.order }
    return top.label
  }
}
type Item = { label: Label; order: number }
function before(a: Item, b: Item): boolean {
  if (a.label.cost !== b.label.cost) return a.label.cost < b.label.cost
  if (a.label.at !== b.label.at) return a.label.at < b.label.at
  return a.order < b.order
}
