import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'
import { inferredClicks } from './clicks-before-sign-ins.ts'
import type { Seed } from './seed.ts'

const set = (...kinds: RelationKind[]) => new Set(kinds.map((kind) => KIND_INDEX.get(kind) ?? 255))
const HOLDS = set('links-to', 'carries')
const ACTED_ON = set('clicked-by', 'opened-on', 'downloaded-to', 'saved-as', 'extracted-to', 'executed-as')
/** Below this a name or a host alone ties a mail to what happened: it may have been another one, or none. */
export const LIKELY = 0.6
/** What a click is worth of which only the time says that it led to what followed: it stays a candidate. */
const INFERRED = 0.45

/** How the mail of a story is tied to it. */
export class MailTies {
  readonly #network: PackedNetwork
  readonly #relations: ReadonlySet<number>
  readonly #inferred: ReadonlySet<number>
  /** Messages that signs are about, with the surest of these. */
  readonly #named = new Map<number, number>()

  constructor(network: PackedNetwork, seeds: readonly Seed[], relations: ReadonlySet<number>) {
    this.#network = network
    this.#relations = relations
    this.#inferred = inferredClicks(seeds)
    for (const { detection, nodes, sure } of seeds)
      if (detection >= 0)
        for (const node of nodes) this.#named.set(node, Math.max(sure, this.#named.get(node) ?? 0))
  }

  /**
   * How sure it is that something of a message led to the story: by what was acted on, else by a sign that is about the message itself;
   * undefined where the story does not say.
   */
  of(message: number): number | undefined {
    const { outStart, kinds, to, confidence } = this.#network
    let surest: number | undefined
    for (let held = outStart[message] ?? 0; held < (outStart[message + 1] ?? 0); held += 1) {
      if (!HOLDS.has(kinds[held] ?? 255) || !this.#relations.has(held)) continue
      const content = to[held] ?? 0
      for (let r = outStart[content] ?? 0; r < (outStart[content + 1] ?? 0); r += 1) {
        if (!ACTED_ON.has(kinds[r] ?? 255) || !this.#relations.has(r)) continue
        const sure = confidence[r] ?? 0
        surest = Math.max(surest ?? 0, this.#inferred.has(r) ? Math.min(INFERRED, sure) : sure)
      }
    }
    return surest ?? this.#named.get(message)
  }

  /** Whether mail is known to have led to the story, or may have: that of these messages counts which is surest. */
  isLikely(messages: readonly number[]): boolean {
    const ties = messages.flatMap((message) => this.of(message) ?? [])
    return ties.length === 0 || ties.some((sure) => sure >= LIKELY)
  }
}
