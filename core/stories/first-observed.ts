import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import { ENOUGH } from './actor-traces.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor } from './gather.ts'
import { isScriptHost, isStarter } from './programs.ts'
import type { Seed } from './seed.ts'
import type { Story } from './story.ts'
import { isPrivate } from './walks.ts'

const FIRST_KINDS = new Set(['message', 'url', 'attachment', 'file', 'process'])
const DELIVERED = KIND_INDEX.get('delivered-to') ?? 255

/** Of a story: what it was found by, and what it holds. */
interface Found {
  readonly seeds: readonly Seed[]
  readonly things: ReadonlySet<number>
  readonly relations: ReadonlySet<number>
}
interface Candidate {
  readonly node: number
  readonly at: number
  readonly isPlain: boolean
  /** Another thing of the story led to it. */
  readonly isCaused: boolean
}

/** One record can be the first of several things: then what led to the others comes first. */
const compare = (facts: EntityFacts, a: Candidate, b: Candidate): number =>
  Number(a.isPlain) - Number(b.isPlain) ||
  a.at - b.at ||
  Number(a.isCaused) - Number(b.isCaused) ||
  facts.inOrder(a.node, b.node)

function causedIn({ from, to }: PackedNetwork, { things, relations }: Found): ReadonlySet<number> {
  const caused = new Set<number>()
  for (const relation of relations) {
    const [cause, effect] = [from[relation] ?? 0, to[relation] ?? 0]
    if (cause !== effect && things.has(cause) && things.has(effect)) caused.add(effect)
  }
  return caused
}

/**
 * What rules detected before the first thing and what is about actors alone (passwords guessed from outside): the outside address it
 * came from, else whom it is about.
 */
function signBefore(facts: EntityFacts, seeds: readonly Seed[], until: number): Story['firstObserved'] {
  const [seed] = seeds
    .filter(
      ({ at, detection, weight, nodes }) =>
        detection >= 0 &&
        at !== null &&
        at < until &&
        weight >= ENOUGH &&
        nodes.every((node) => isActor(facts.of(node).kind)),
    )
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || b.weight - a.weight || a.detection - b.detection)
  if (seed === undefined) return null
  const outside = seed.nodes.find((node) => {
    const { kind, name } = facts.of(node)
    return kind === 'ip' && !isPrivate(name)
  })
  const node = outside ?? seed.nodes[0]
  return node === undefined ? null : { node, at: seed.at }
}

/**
 * The mail it came with, the earliest of several; without mail the earliest thing, or what was detected before it, without things whom the first sign is about.
 * @param began when things that had been there long before began to have a part
 */
export function firstObserved(
  network: PackedNetwork,
  facts: EntityFacts,
  draft: Found,
  messages: readonly number[],
  began: ReadonlyMap<number, number>,
): Story['firstObserved'] {
  const [message] = messages
  if (message !== undefined)
    return { node: message, at: deliveredAt(network, message) ?? facts.of(message).firstSeen }
  const told = new Set(draft.seeds.flatMap((seed) => seed.nodes))
  const caused = causedIn(network, draft)
  let best: Candidate | undefined
  for (const node of draft.things) {
    const { kind, firstSeen, name } = facts.of(node)
    if (!FIRST_KINDS.has(kind) || firstSeen === null) continue
    // The shell in which somebody typed the attack's command is not what came first of it.
    const isPlain = !told.has(node) && kind === 'process' && (isStarter(name) || isScriptHost(name))
    const one: Candidate = { node, at: began.get(node) ?? firstSeen, isPlain, isCaused: caused.has(node) }
    if (!best || compare(facts, one, best) < 0) best = one
  }
  const sign = best && signBefore(facts, draft.seeds, best.at)
  if (sign) return sign
  if (best) return { node: best.node, at: best.at }
  const [seed] = draft.seeds
  const [node] = seed?.nodes ?? []
  return seed && node !== undefined ? { node, at: seed.at } : null
}

/** When the first copy of a message reached a mailbox. */
function deliveredAt(network: PackedNetwork, message: number): number | null {
  let first: number | null = null
  for (let r = network.outStart[message] ?? 0; r < (network.outStart[message + 1] ?? 0); r += 1) {
    if (network.kinds[r] !== DELIVERED) continue
    const use = network.uses[network.useStart[r] ?? 0]
    if (use !== undefined && (first === null || use < first)) first = use
  }
  return first
}
