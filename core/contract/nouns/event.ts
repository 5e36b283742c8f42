import { z } from 'zod'
import { EVENT_KINDS } from '../../model/event.ts'
import { query } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, PageInput, pageOf, Source } from '../shapes.ts'

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
})
export type EventFilter = z.infer<typeof EventFilter>

export const QueryChip = z.object({
  /** The chip as written in the query. */
  text: z.string(),
  field: z.string().nullable(),
  negated: z.boolean(),
})

export const eventMethods = {
  'event.search': query(
    EventFilter.extend({ ...PageInput.shape, order: z.enum(['oldest', 'newest']).default('oldest') }),
    pageOf(EventRow).extend({ chips: z.array(QueryChip) }),
  ),
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
