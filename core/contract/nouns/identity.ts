import { z } from 'zod'
import { command, query } from '../define.ts'
import {
  AliasKindShape,
  Count,
  EntityKindShape,
  EntityRef,
  Id,
  IsoTime,
  Nothing,
  TextRef,
} from '../shapes.ts'
import { EntityArgument } from './graph.ts'

const Reason = z.string().trim().min(1).max(2000)
const AliasName = z.object({ kind: AliasKindShape, value: z.string().min(1).max(4000) })

/** What an analyst said of who is who. It stands above what evidence says, in every run, until it is undone. */
export const IdentityDecision = z.object({
  id: Id,
  kind: z.enum(['merge', 'split', 'apart']),
  entityKind: EntityKindShape,
  /** Merged ones (the first gave its name), ones that are kept apart, or the one whose names were split off; `entity` is what it is now, if it is;
   * `key` told it from others of its name. */
  members: z.array(z.object({ name: z.string(), key: z.string(), entity: EntityRef.nullable() })),
  /** Split-off names. */
  aliases: z.array(AliasName),
  /** What the names became, once correlation ran. */
  result: EntityRef.nullable(),
  reason: z.string(),
  by: z.string(),
  at: IsoTime,
  undoneAt: IsoTime.nullable(),
  undoReason: z.string().nullable(),
  /**
   * `pending` until correlation runs; `applied`; `idle` when the case no longer holds what it speaks of; `undone`.
   */
  state: z.enum(['pending', 'applied', 'idle', 'undone']),
})
export type IdentityDecision = z.infer<typeof IdentityDecision>

/** Two that may be one. A hint: nothing is joined by it. */
export const IdentityCandidate = z.object({
  a: EntityRef,
  b: EntityRef,
  /** What speaks for it, surest first. */
  reasons: z.array(TextRef),
  /** What speaks against it. */
  against: z.array(TextRef),
  confidence: z.number(),
})
export type IdentityCandidate = z.infer<typeof IdentityCandidate>

export const identityMethods = {
  /** These are one: users, endpoints, mailboxes or groups, all of one kind. The first gives its key and name. */
  'identity.merge': command(
    z.strictObject({ ids: z.array(EntityArgument).min(2).max(50), reason: Reason }),
    z.object({ decision: Id }),
  ),
  /** These names, and the events and mail that carry them, are somebody else's. */
  'identity.split': command(
    z.strictObject({ id: EntityArgument, aliases: z.array(AliasName).min(1).max(100), reason: Reason }),
    z.object({ decision: Id }),
  ),
  /** These are not one, however alike: no pair of them is a candidate any more. Nothing else follows from it. */
  'identity.apart': command(
    z.strictObject({ ids: z.array(EntityArgument).min(2).max(50), reason: Reason }),
    z.object({ decision: Id }),
  ),
  /** Takes a decision back; it stays in the list, and in the audit log. */
  'identity.undo': command(
    z.strictObject({ decision: Id, reason: z.string().trim().max(2000).default('') }),
    z.object({ decision: Id }),
  ),
  /** Newest first. */
  'identity.decisions': query(Nothing, z.array(IdentityDecision)),
  /** Pairs that may be one: display names, local parts and host names alike. Surest first. */
  'identity.candidates': query(
    z.strictObject({
      kind: EntityKindShape.nullish(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    z.object({ rows: z.array(IdentityCandidate), total: Count }),
  ),
} as const
