import { RELATION_KINDS } from '../model/relation.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { mailPassage } from './mail-passage.ts'
import { KIND_INDEX, kindAt, type PackedNetwork } from './packed-network.ts'
import type { Network } from './path-search.ts'

const linksTo = KIND_INDEX.get('links-to') ?? 255
const carries = KIND_INDEX.get('carries') ?? 255

/** The kinds of relations the guard is asked about. */
export const GUARDED = Uint8Array.from(RELATION_KINDS, (kind) =>
  kind === 'clicked-by' || kind === 'opened-on' ? 1 : 0,
)

/**
 * A link stands in many messages: what spreads from one of them goes on only to people who had a message that was reached by then
 * ({@link mailPassage}). A URL that was reached otherwise (by itself, out of a program) is nobody's mail.
 * @returns the guard of a sweep
 */
export function mailGuard(
  packed: PackedNetwork,
  network: Network,
): (relation: number, use: number, at: Float64Array) => boolean {
  const { from, to, kinds, entities, inStart, into } = packed
  return (relation, use, at) => {
    const url = from[relation] ?? 0
    const who = entities[to[relation] ?? 0] ?? 0
    const kind = kindAt(kinds[relation] ?? 0)
    let isFromMail = false
    for (const message of messagesWith(url)) {
      if ((at[message] ?? Infinity) > use + CLOCK_TOLERANCE_US) continue
      isFromMail = true
      const steps = { kind: 'links-to', from: entities[message] ?? 0, before: null }
      if (mailPassage(network, () => steps, kind, who) > 0) return true
    }
    return !isFromMail
  }

  function* messagesWith(url: number): Generator<number> {
    for (let p = inStart[url] ?? 0; p < (inStart[url + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (kinds[relation] !== linksTo) continue
      const holder = from[relation] ?? 0
      let isCarried = false
      for (let q = inStart[holder] ?? 0; q < (inStart[holder + 1] ?? 0); q += 1) {
        const carrier = into[q] ?? 0
        if (kinds[carrier] !== carries) continue
        isCarried = true
        yield from[carrier] ?? 0
      }
      if (!isCarried) yield holder
    }
  }
}
