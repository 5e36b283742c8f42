import {
  ANALYST_RELATION_KINDS,
  POSSIBLE_RELATION_KINDS,
  RELATION_KINDS,
  type RelationKind,
} from '../model/relation.ts'
import { carryOf } from './carry.ts'
import { firstAtOrAfter, isStanding, kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'
import type { Link, Network } from './path-search.ts'

/** Which relations a question is about. */
export interface NetworkFilter {
  /** Also rights out of the directory. */
  readonly possible: boolean
  /** Also what the analyst says belongs together. */
  readonly analyst?: boolean
  /** Only these kinds; null: all. */
  readonly include?: readonly RelationKind[] | null
  readonly exclude?: readonly RelationKind[] | null
  /** Only uses within, both ends included (microseconds); null: no limit. Standing relations hold at any time. */
  readonly window?: { readonly from: number; readonly to: number } | null
}

const POSSIBLE = new Set<RelationKind>(POSSIBLE_RELATION_KINDS)
const ANALYST = new Set<RelationKind>(ANALYST_RELATION_KINDS)

/** 1 for every kind (index into RELATION_KINDS) the filter lets through. */
export function kindsOf(filter: NetworkFilter): Uint8Array {
  return Uint8Array.from(RELATION_KINDS, (kind) =>
    (filter.possible || !POSSIBLE.has(kind)) &&
    (filter.analyst === true || !ANALYST.has(kind)) &&
    (filter.include?.includes(kind) ?? true) &&
    !(filter.exclude?.includes(kind) ?? false)
      ? 1
      : 0,
  )
}

/**
 * Packed relations as a search asks for them: links are made where it comes to, and kept for the next.
 * @param whole what the filter leaves a part of
 */
export function viewNetwork(packed: PackedNetwork, filter: NetworkFilter, whole?: Network): Network {
  const kinds = kindsOf(filter)
  const links = new Map<number, Link | null>()
  const linkOf = (relation: number): Link | null => {
    const known = links.get(relation)
    if (known !== undefined) return known
    const made =
      kinds[packed.kinds[relation] ?? 0] === 1 ? toLink(packed, relation, filter.window ?? null) : null
    links.set(relation, made)
    return made
  }
  const gather = (relations: Iterable<number>): Link[] => {
    const found: Link[] = []
    for (const relation of relations) {
      const link = linkOf(relation)
      if (link) found.push(link)
    }
    return found.sort((a, b) => a.id - b.id)
  }
  return {
    ...(whole ? { whole } : {}),
    out: remembered((entity) => {
      const node = nodeOf(packed, entity)
      return node < 0 ? [] : gather(range(packed.outStart[node] ?? 0, packed.outStart[node + 1] ?? 0))
    }),
    into: remembered((entity) => {
      const node = nodeOf(packed, entity)
      return node < 0 ? [] : gather(packed.into.subarray(packed.inStart[node], packed.inStart[node + 1]))
    }),
  }
}

function remembered(find: (entity: number) => readonly Link[]): Network['out'] {
  const known = new Map<number, readonly Link[]>()
  return {
    get: (entity) => {
      const before = known.get(entity)
      if (before) return before
      const found = find(entity)
      known.set(entity, found)
      return found
    },
  }
}

function* range(begin: number, end: number): Generator<number> {
  for (let at = begin; at < end; at += 1) yield at
}

/** One relation; null when it has no use within the window. */
export function toLink(
  packed: PackedNetwork,
  relation: number,
  window: { readonly from: number; readonly to: number } | null,
): Link | null {
  const kind = packed.kinds[relation] ?? 0
  let begin = packed.useStart[relation] ?? 0
  let end = packed.useStart[relation + 1] ?? 0
  if (window && !isStanding(kind)) {
    begin = firstAtOrAfter(packed.uses, window.from, begin, end)
    end = firstAtOrAfter(packed.uses, window.to + 1, begin, end)
    if (begin === end) return null
  }
  const confidence = packed.confidence[relation] ?? 0
  return {
    id: packed.ids[relation] ?? 0,
    kind: kindAt(kind),
    from: packed.entities[packed.from[relation] ?? 0] ?? 0,
    to: packed.entities[packed.to[relation] ?? 0] ?? 0,
    confidence,
    weight: confidence * carryOf(kindAt(kind)),
    uses: packed.uses.subarray(begin, end),
  }
}
