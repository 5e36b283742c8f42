import type { ReachRow } from '../contract/nouns/graph.ts'
import type { Page } from '../contract/shapes.ts'
import {
  ANALYST_RELATION_KINDS,
  POSSIBLE_RELATION_KINDS,
  type EntityKind,
  type RelationKind,
} from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { dropUnborn } from './birth.ts'
import { loadEntities, toRef } from './entity-rows.ts'
import { mailGuard, GUARDED } from './mail-guard.ts'
import { kindsOf, type NetworkFilter } from './network-view.ts'
import { kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'
import type { Network } from './path-search.ts'
import { earliestArrival, latestDeparture, type Sweep } from './sweep.ts'
import { useTaken } from './use-taken.ts'

export interface ReachRequest {
  readonly entity: number
  readonly direction: 'forward' | 'back'
  /** Microseconds; null: not known (forward) or never (back). */
  readonly at: number | null
  readonly filter: NetworkFilter
}

/** Rights and the analyst's word: nobody saw them used. */
const UNSEEN = new Set<RelationKind>([...POSSIBLE_RELATION_KINDS, ...ANALYST_RELATION_KINDS])

/** The sweep behind a question of reach. */
export function sweepFrom(packed: PackedNetwork, network: Network, request: ReachRequest): Sweep {
  const node = nodeOf(packed, request.entity)
  const kinds = kindsOf(request.filter)
  const window = request.filter.window ?? null
  if (node < 0) return { at: new Float64Array(), via: new Int32Array() }
  return request.direction === 'forward'
    ? earliestArrival(packed, [{ node, at: request.at ?? window?.from ?? -Infinity }], {
        kinds,
        window,
        guarded: GUARDED,
        guard: mailGuard(packed, network),
      })
    : dropUnborn(packed, latestDeparture(packed, [{ node, at: request.at ?? Infinity }], { kinds, window }))
}

/** What a sweep reached, in the order of time; standing ways (no time) first going forward, last going back. */
export function reachRows(
  db: ReadStore,
  packed: PackedNetwork,
  sweep: Sweep,
  request: ReachRequest,
  page: { readonly kind: EntityKind | null; readonly limit: number; readonly after: number },
): Page<ReachRow> & { counts: Record<string, number> } {
  const sign = request.direction === 'forward' ? 1 : -1
  const reached: number[] = []
  for (let node = 0; node < sweep.via.length; node += 1) if ((sweep.via[node] ?? -1) >= 0) reached.push(node)
  const kindOf = kindLookup(db)
  const counts = new Map<string, number>()
  const wanted = reached.filter((node) => {
    const kind = kindOf(packed.entities[node] ?? -1)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return page.kind === null || kind === page.kind
  })
  wanted.sort((a, b) => sign * compare(sweep.at[a] ?? 0, sweep.at[b] ?? 0) || a - b)
  const shown = wanted.slice(page.after, page.after + page.limit)
  const otherOf = (node: number): number => {
    const relation = sweep.via[node] ?? 0
    return packed.entities[(request.direction === 'forward' ? packed.from : packed.to)[relation] ?? 0] ?? 0
  }
  const names = loadEntities(
    db,
    shown.flatMap((node) => [packed.entities[node] ?? 0, otherOf(node)]),
  )
  return {
    rows: shown.flatMap((node): ReachRow[] => {
      const entity = names.get(packed.entities[node] ?? -1)
      const other = names.get(otherOf(node))
      const relation = sweep.via[node] ?? 0
      const at = useTaken(packed, relation, sweep.at[node] ?? 0)
      const kind = kindAt(packed.kinds[relation] ?? 0)
      if (!entity || !other) return []
      return [
        {
          entity: toRef(entity),
          at: Number.isFinite(at) ? toIso(at) : null,
          via: {
            relationId: String(packed.ids[relation]),
            kind,
            other: toRef(other),
            observed: !UNSEEN.has(kind),
          },
        },
      ]
    }),
    next: page.after + page.limit < wanted.length ? String(page.after + page.limit) : null,
    total: wanted.length,
    counts: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Infinities are equal to themselves. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

function kindLookup(db: ReadStore): (entity: number) => EntityKind {
  const rows = db.prepare('SELECT id, kind FROM entity').raw().all() as [number, EntityKind][]
  const kinds = new Map(rows)
  return (entity) => kinds.get(entity) ?? 'process'
}
