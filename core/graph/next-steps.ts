import { POSSIBLE_RELATION_KINDS, type RelationKind } from '../model/relation.ts'
import { HOP_COST, type FoundHop, type FoundPath, type Link, type Network } from './path-search.ts'

/** Rights that give no control: who may read a shared mailbox does not act as its owner; what holds others is followed by `contains`. */
export const NEXT_KINDS: readonly RelationKind[] = POSSIBLE_RELATION_KINDS.filter(
  (kind) => kind !== 'shared-with',
)

/**
 * What an attacker holds when it holds something else: what merely came by mail, lies there or was talked to is not under control.
 */
export const NO_CONTROL: readonly RelationKind[] = [
  'sent',
  'delivered-to',
  'owned-by',
  'same-campaign',
  'located-on',
  'resolved',
  'resolves-to',
  'connected-to',
  'forwards-to',
]

export interface NextStep {
  readonly target: number
  /** Possible hops, from a compromised entity; `at` is when that one was. */
  readonly path: FoundPath
  readonly source: number
}

interface Way {
  readonly cost: number
  readonly at: number | null
  readonly source: number
  readonly link: Link | null
  readonly before: Way | null
}

/**
 * The surest ways over rights from what is compromised to each target.
 * @param network of possible relations only
 * @param sources entity -> when it was compromised (null: not known)
 */
export function findNext(
  network: Network,
  sources: ReadonlyMap<number, number | null>,
  isTarget: (entity: number) => boolean,
  maxHops: number,
): NextStep[] {
  const best = new Map<number, Way>()
  for (const [source, at] of sources) best.set(source, { cost: 0, at, source, link: null, before: null })
  let frontier = [...sources.keys()]
  for (let hop = 0; hop < maxHops && frontier.length > 0; hop += 1) {
    const next = new Map<number, Way>()
    for (const entity of frontier) {
      const way = best.get(entity)
      if (!way) continue
      for (const link of network.out.get(entity) ?? []) {
        if (sources.has(link.to)) continue
        const cost = way.cost - Math.log(Math.max(link.weight, 0.001)) + HOP_COST
        const known = next.get(link.to) ?? best.get(link.to)
        if (known && known.cost <= cost) continue
        next.set(link.to, { cost, at: way.at, source: way.source, link, before: way })
      }
    }
    for (const [entity, way] of next) best.set(entity, way)
    frontier = [...next.keys()]
  }
  const found: NextStep[] = []
  for (const [entity, way] of best)
    if (way.link && isTarget(entity)) found.push({ target: entity, source: way.source, path: toPath(way) })
  return found.sort((a, b) => b.path.confidence - a.path.confidence || a.target - b.target)
}

function toPath(end: Way): FoundPath {
  const hops: FoundHop[] = []
  let confidence = 1
  for (let way: Way | null = end; way?.link; way = way.before) {
    hops.unshift({ link: way.link, at: way.at })
    confidence *= way.link.weight
  }
  return { hops, confidence }
}
