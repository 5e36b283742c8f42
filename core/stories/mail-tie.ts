import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'

const set = (...kinds: RelationKind[]) => new Set(kinds.map((kind) => KIND_INDEX.get(kind) ?? 255))
const HOLDS = set('links-to', 'carries')
const ACTED_ON = set('clicked-by', 'opened-on', 'downloaded-to', 'saved-as', 'extracted-to', 'executed-as')
/** Below this a name or a host alone ties a mail to what happened: it may have been another one, or none. */
const LIKELY = 0.6

/** How sure it is that something of a message was acted on, by the relations of a story; undefined where the story does not say. */
function tieOf(
  { outStart, kinds, to, confidence }: PackedNetwork,
  relations: ReadonlySet<number>,
  message: number,
): number | undefined {
  const sure: number[] = []
  for (let held = outStart[message] ?? 0; held < (outStart[message + 1] ?? 0); held += 1) {
    if (!HOLDS.has(kinds[held] ?? 255) || !relations.has(held)) continue
    const content = to[held] ?? 0
    for (let r = outStart[content] ?? 0; r < (outStart[content + 1] ?? 0); r += 1)
      if (ACTED_ON.has(kinds[r] ?? 255) && relations.has(r)) sure.push(confidence[r] ?? 0)
  }
  return sure.length === 0 ? undefined : Math.max(...sure)
}

/** Whether mail is known to have led to a story, or may have: that of its messages counts which is surest. */
export function isMailLikely(
  network: PackedNetwork,
  relations: ReadonlySet<number>,
  messages: readonly number[],
): boolean {
  const ties = messages.flatMap((message) => tieOf(network, relations, message) ?? [])
  return ties.length === 0 || ties.some((sure) => sure >= LIKELY)
}
