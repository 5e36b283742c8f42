import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isScriptHost, isStarter } from './programs.ts'
import type { Seed } from './seed.ts'
import type { Story } from './story.ts'

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

/** The mail it came with, the earliest of several; without mail the earliest thing, without things whom the first sign is about. */
export function firstObserved(
  network: PackedNetwork,
  facts: EntityFacts,
  draft: Found,
  messages: readonly number[],
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
    const one: Candidate = { node, at: firstSeen, isPlain, isCaused: caused.has(node) }
    if (!best || compare(facts, one, best) < 0) best = one
  }
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
