import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { RelationKind } from '../model/relation.ts'

const set = (...kinds: RelationKind[]) => new Set(kinds.map((kind) => KIND_INDEX.get(kind) ?? 255))
const FETCHED = set('saved-as', 'downloaded-to', 'extracted-to')
const DROPPED = set('dropped')
const RAN = set('executed-as')

/**
 * Whether a file only lies where somebody saved it out of a mail, a page or an archive, and was not opened as far as is known: who has it is
 * at risk and not affected. What a program of the story wrote, or what came in a way that nobody recorded, an intruder may have put there.
 * @param things of the story: the mail client that saved a file is none
 */
export function isMerelyHeld(
  { inStart, into, outStart, kinds, from }: PackedNetwork,
  things: ReadonlySet<number>,
  file: number,
): boolean {
  for (let r = outStart[file] ?? 0; r < (outStart[file + 1] ?? 0); r += 1)
    if (RAN.has(kinds[r] ?? 255)) return false
  let wasFetched = false
  for (let p = inStart[file] ?? 0; p < (inStart[file + 1] ?? 0); p += 1) {
    const relation = into[p] ?? 0
    const kind = kinds[relation] ?? 255
    if (DROPPED.has(kind) && things.has(from[relation] ?? -1)) return false
    if (FETCHED.has(kind)) wasFetched = true
  }
  return wasFetched
}
