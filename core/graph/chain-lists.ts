import { type ChainLists, type ChainObject, type GraphSlice, RATINGS } from '../contract/nouns/graph.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { loadEntities, type StoredEntity, toRef } from './entity-rows.ts'

/** The group a thing of a chain is behind that is not shown. */
export type Behind = Omit<GraphSlice['grouped'][number], 'count'>

/** A chain as its lists need it. */
export interface Listed {
  /** What is shown and what is behind groups. */
  readonly all: readonly number[]
  readonly firstObserved: number | null
  readonly behind: ReadonlyMap<number, Behind>
  readonly ratings: ReadonlyMap<number, ChainObject['rating']>
  readonly matched: ReadonlySet<number>
  /** When the chain reaches each, microseconds; what is not in it is reached at a time nobody knows. Not when the case first saw it: that can be days before. */
  readonly reached: ReadonlyMap<number, number | null>
}

const endpointsOf = `SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?)) AND kind = 'endpoint'`

const isNoteworthy = (rating: string | undefined): boolean =>
  rating === 'suspicious' || rating === 'malicious'

/** The objects of a chain in lists, also those behind a group: each can be located in it (threat-investigation.md 3.4). */
export function chainLists(db: ReadStore, chain: Listed): ChainLists {
  const timeOf = ({ id }: StoredEntity): number | null => chain.reached.get(id) ?? null
  const objects = [...named(db, chain).values()]
    .sort((a, b) => (timeOf(a) ?? Infinity) - (timeOf(b) ?? Infinity) || a.id - b.id)
    .map((entity) => ({
      id: entity.id,
      object: {
        ...toRef(entity),
        at: toIsoOrNull(timeOf(entity)),
        rating: chain.ratings.get(entity.id) ?? ('unrated' as const),
        behind: chain.behind.get(entity.id) ?? null,
      },
    }))
  const pick = (is: (id: number, object: ChainObject) => boolean) =>
    objects.filter(({ id, object }) => is(id, object)).map(({ object }) => object)
  const noteworthy = pick((_, { rating }) => isNoteworthy(rating))
  return {
    targetEndpoints: pick((_, { kind }) => kind === 'endpoint'),
    firstObserved: pick((id) => id === chain.firstObserved),
    matched: pick((id) => chain.matched.has(id)),
    noteworthy: noteworthy.sort((a, b) => RATINGS.indexOf(b.rating) - RATINGS.indexOf(a.rating)),
  }
}

/** What any list names, of all that was found: around a hub stand thousands that none does. */
function named(db: ReadStore, chain: Listed): ReadonlyMap<number, StoredEntity> {
  const endpoints = new Set(db.prepare(endpointsOf).pluck().all(JSON.stringify(chain.all)) as number[])
  return loadEntities(
    db,
    chain.all.filter(
      (id) =>
        endpoints.has(id) ||
        id === chain.firstObserved ||
        chain.matched.has(id) ||
        isNoteworthy(chain.ratings.get(id)),
    ),
  )
}
