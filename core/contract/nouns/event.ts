import { z } from 'zod'
import { EVENT_KINDS } from '../../model/event.ts'
import { query } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, Nothing, PageInput, pageOf, Source } from '../shapes.ts'

export const EventRow = z.object({
  id: Id,
  /** Null for an undated record. */
  at: IsoTime.nullable(),
  kind: z.enum(EVENT_KINDS),
  endpoint: EntityRef.nullable(),
  user: EntityRef.nullable(),
  /** One line in words made of the fields, language-neutral (names, paths, addresses). URLs are defanged. */
  summary: z.string(),
  /** Public field names (ECS-like) to values; only those present. Values are live, not defanged. */
  fields: z.record(z.string(), z.union([z.string(), z.number()])),
  evidenceId: Id,
  record: Count,
  /** Empty in a brief answer. */
  locator: z.string(),
})
export type EventRow = z.infer<typeof EventRow>

export const EventFilter = z.object({
  /** Search syntax of UX.md section 5: words, "phrase", OR, -not, field:value, field:a*, ip:cidr, time:a..b, kind:x. */
  text: z.string().max(4000).default(''),
  kinds: z.array(z.enum(EVENT_KINDS)).nullish(),
  from: IsoTime.nullish(),
  to: IsoTime.nullish(),
  entityId: Id.nullish(),
  evidenceId: Id.nullish(),
  /** Chosen facets; several of one kind: any of them. */
  endpointIds: z.array(Id).max(100).nullish(),
  userIds: z.array(Id).max(100).nullish(),
  evidenceIds: z.array(Id).max(100).nullish(),
})
export type EventFilter = z.infer<typeof EventFilter>

export const QueryChip = z.object({
  /** The chip as written in the query. */
  text: z.string(),
  field: z.string().nullable(),
  negated: z.boolean(),
})

/**
 * What a case of any size can be sorted by: there is an index, or the values are few. Within one value events follow in the order
 * of time, those of a source in the order of its records.
 */
export const EVENT_SORTS = ['time', 'kind', 'endpoint', 'user', 'source', 'process'] as const
/** Most events that can be sorted by anything else, or by more than one column beside the time. */
export const SORT_LIMIT = 50_000
/** `by`: one of {@link EVENT_SORTS}, or the public name of a field. */
export const EventSort = z.strictObject({ by: z.string().max(60), descending: z.boolean().default(false) })
export type EventSort = z.infer<typeof EventSort>

/** What events are counted by, beside time and kind. */
export const EVENT_GROUPS = ['source', 'endpoint', 'user', 'process'] as const
export type EventGroup = (typeof EVENT_GROUPS)[number]
/** Fewest and most lanes of a picture. */
const MOST_LANES = 40

export const eventMethods = {
  /**
   * @throws `request.unknown_field` (search, sort), `request.unknown_kind` (search), `event.too_many_to_sort` with the `limit`
   */
  'event.search': query(
    EventFilter.extend({
      ...PageInput.shape,
      order: z.enum(['oldest', 'newest']).default('oldest'),
      /** First key first; takes the place of `order`. */
      sort: z.array(EventSort).max(4).nullish(),
      /** Language of the reader (`zh-TW`): names are sorted in its order. English without. */
      lang: z.string().max(35).nullish(),
      /**
       * Answers within a tenth of a second: fewer rows than asked for (even none) when more would take longer, no total and empty locators;
       * `next` goes on, `searched` says how far it is. `event.count` counts beside it.
       */
      brief: z.boolean().default(false),
      /**
       * With a sort by kind, source, endpoint or user: of these values (`n`: none) only the first event, or with `isExcept` of all
       * others. Kinds by their place in the list of kinds, the rest by id.
       */
      fold: z
        .object({
          values: z.array(z.string().regex(/^(\d{1,16}|n)$/)).max(2000),
          isExcept: z.boolean().default(false),
        })
        .nullish(),
    }),
    pageOf(EventRow).extend({
      chips: z.array(QueryChip),
      /** 0..1; null when the page is full. */
      searched: z.number().nullable(),
    }),
  ),
  /**
   * Counts by time, kind and whatever `by` names, a short piece at a time: what one answer says adds to the answers before it.
   * Ask again with `next` until it is null. Buckets are `bucketSeconds` wide, at most `buckets` over the time window.
   */
  'event.count': query(
    EventFilter.extend({
      by: z.array(z.enum(EVENT_GROUPS)).max(4).default([]),
      /** Buckets of some values of one group: a lane each. */
      lanes: z.object({ by: z.enum(EVENT_GROUPS), ids: z.array(Id).max(MOST_LANES) }).nullish(),
      buckets: z.number().int().min(10).max(2000).default(160),
      cursor: z.string().max(200).nullish(),
    }),
    z.object({
      /** Of the window: the first and last plausible time of the case, cut to `from` and `to`. */
      bucketSeconds: z.number(),
      from: IsoTime.nullable(),
      to: IsoTime.nullable(),
      total: Count,
      undated: Count,
      buckets: z.array(z.object({ at: IsoTime, count: Count })),
      kinds: z.array(z.object({ kind: z.enum(EVENT_KINDS), count: Count })),
      groups: z.array(
        z.object({
          by: z.enum(EVENT_GROUPS),
          values: z.array(z.object({ id: Id, name: z.string(), count: Count })),
        }),
      ),
      lanes: z.array(z.object({ id: Id, buckets: z.array(z.object({ at: IsoTime, count: Count })) })),
      /** How much of the case has been looked at, 0..1. */
      done: z.number(),
      next: z.string().nullable(),
    }),
  ),
  /** How much of the search index is built, 0..1; it is built in idle times, and without it searches take longer. */
  'event.index': query(Nothing, z.object({ share: z.number() })),
  'event.get': query(
    z.strictObject({ id: Id }),
    EventRow.extend({ source: Source, zoneAssumed: z.boolean() }),
  ),
  /** Counts per bucket of `bucketSeconds`; the engine chooses a bucket so that there are at most `buckets`. */
  'event.histogram': query(
    EventFilter.extend({ buckets: z.number().int().min(10).max(500).default(120) }),
    z.object({
      bucketSeconds: z.number(),
      from: IsoTime.nullable(),
      to: IsoTime.nullable(),
      undated: Count,
      buckets: z.array(z.object({ at: IsoTime, count: Count })),
      kinds: z.array(z.object({ kind: z.enum(EVENT_KINDS), count: Count })),
    }),
  ),
} as const
