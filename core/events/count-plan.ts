import type { EventFilter, EventGroup } from '../contract/nouns/event.ts'
import { hasEventCounts } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'
import type { Where } from './filter-sql.ts'

export interface CountQuestion {
  readonly filter: Partial<EventFilter>
  /** Microseconds. */
  readonly from: number | null
  readonly to: number | null
  readonly by: readonly EventGroup[]
  readonly lanes: { readonly by: EventGroup; readonly ids: readonly string[] } | null
  readonly buckets: number
  readonly cursor: string | null
}
/** Column an event is counted by. */
export const COLUMN_OF: Readonly<Record<EventGroup, string>> = {
  source: 'evidence_id',
  endpoint: 'endpoint_id',
  user: 'user_id',
  process: 'process_path',
}
/** Groups with an index that has the time, too: counted value by value without looking at an event. */
const INDEXED: readonly EventGroup[] = ['endpoint', 'user', 'process']

/**
 * Steps of a count, in this order; a cursor is `step` or `step:place`. `hours`: time, kinds and sources out of the kept counts; a group:
 * its index; `lanes`: the index of its group; `rest`: everything else in one go through the events.
 */
export type Step = 'hours' | 'lanes' | 'rest' | EventGroup
export interface CountPlan {
  readonly steps: readonly Step[]
  /** What the go through the events counts. */
  readonly rest: { readonly time: boolean; readonly by: readonly EventGroup[]; readonly lanes: boolean }
}

/** How a question is counted in the fewest looks at events. */
export function planOf(db: ReadStore, where: Where, question: CountQuestion): CountPlan {
  const { filter, by, lanes } = question
  const isChosen =
    (filter.endpointIds?.length ?? 0) > 0 ||
    (filter.userIds?.length ?? 0) > 0 ||
    filter.entityId != null ||
    where.query.length > 0
  const byCounts = !isChosen && hasEventCounts(db)
  const isWhole =
    byCounts &&
    (filter.kinds?.length ?? 0) === 0 &&
    (filter.evidenceIds?.length ?? 0) === 0 &&
    filter.evidenceId == null
  const isQuick = (one: EventGroup) => (one === 'source' ? byCounts : isWhole && INDEXED.includes(one))
  const quickLanes = lanes !== null && isWhole && INDEXED.includes(lanes.by)
  const rest = {
    time: !byCounts,
    by: by.filter((one) => !isQuick(one)),
    lanes: lanes !== null && !quickLanes,
  }
  const isRest = rest.time || rest.by.length > 0 || rest.lanes
  return {
    steps: [
      ...(byCounts ? (['hours'] as const) : []),
      ...(quickLanes ? (['lanes'] as const) : []),
      ...by.filter((one) => one !== 'source' && isQuick(one)),
      ...(isRest ? (['rest'] as const) : []),
    ],
    rest,
  }
}

/** Where a step goes on in the next piece, and how much of it is done (0 to 1); null: it is done. */
export type Left = { readonly place: string; readonly done: number } | null
