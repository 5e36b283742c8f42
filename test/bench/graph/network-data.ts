import { createRandom } from '../../../core/demo/random.ts'
import type { RelationKind } from '../../../core/model/relation.ts'
import { KIND_INDEX, type LooseRelations } from '../../../core/graph/packed-network.ts'

export interface Size {
  readonly entities: number
  readonly relations: number
}

const DATED: readonly RelationKind[] = ['spawned', 'connected-to', 'logged-on-to', 'remote-logon', 'dropped']
const STANDING: readonly RelationKind[] = ['ran-on', 'located-on', 'owned-by']
const MONTH_US = 30 * 86_400 * 1_000_000
const START_US = Date.UTC(2026, 1, 1) * 1000

/** Relations between random entities over a month; every tenth end is one of a few hundred hubs. */
export interface BenchNetwork {
  readonly entities: Float64Array
  readonly loose: LooseRelations
  /** By position in `loose`. */
  readonly kinds: readonly RelationKind[]
}

/** @param standing share of relations that hold without a time */
export function makeNetwork({ entities, relations }: Size, standing: number): BenchNetwork {
  const random = createRandom(20_260_301)
  const from = new Int32Array(relations)
  const to = new Int32Array(relations)
  const kindIndex = new Uint8Array(relations)
  const kinds: RelationKind[] = []
  const useStart = new Int32Array(relations + 1)
  const uses = new Float64Array(relations)
  const hubs = Math.max(2, Math.floor(entities / 400))
  const anybody = (): number => 1 + (random.int(10) === 0 ? random.int(hubs) : random.int(entities))
  let used = 0
  for (let at = 0; at < relations; at++) {
    from[at] = anybody()
    to[at] = anybody()
    const isStanding = random.int(1000) < standing * 1000
    const kind = random.pick(isStanding ? STANDING : DATED)
    kinds.push(kind)
    kindIndex[at] = KIND_INDEX.get(kind) ?? 0
    if (!isStanding) uses[used++] = START_US + random.int(MONTH_US / 1000) * 1000 + random.int(1000)
    useStart[at + 1] = used
  }
  const ids = Float64Array.from({ length: relations }, (_, at) => at + 1)
  const confidence = new Float64Array(relations).fill(0.9)
  return {
    entities: Float64Array.from({ length: entities }, (_, at) => at + 1),
    loose: {
      count: relations,
      ids,
      kinds: kindIndex,
      from,
      to,
      confidence,
      useStart,
      uses: uses.slice(0, used),
    },
    kinds,
  }
}
