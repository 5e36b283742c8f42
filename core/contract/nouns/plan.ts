import { z } from 'zod'
import { command, query, readingJob } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, Nothing, TextRef } from '../shapes.ts'

/** Steps that a plan can propose. Redthread carries none of them out. */
export const PLAN_ACTIONS = [
  'quarantine-message',
  'delete-message',
  'move-to-junk',
  'restore-message',
  'label-message',
  'tag-message',
  'notify-user',
  'block-url',
  'reset-account',
  'revoke-sessions',
  'isolate-endpoint',
  'remove-inbox-rule',
] as const
export const PlanAction = z.enum(PLAN_ACTIONS)
export type PlanAction = z.infer<typeof PlanAction>

export const PLAN_STATES = ['open', 'approved', 'declined'] as const
export const PlanState = z.enum(PLAN_STATES)
export type PlanState = z.infer<typeof PlanState>

/** What a step is about, as plainly as the system that would carry it out needs it. */
export const PlanTarget = z.object({
  mailbox: z.string().nullable(),
  /** Internet Message-ID without angle brackets. */
  messageId: z.string().nullable(),
  /** Id of the copy in the mail system (`mail_unique_id`, NetworkMessageId). */
  uniqueId: z.string().nullable(),
  subject: z.string().nullable(),
  sender: z.string().nullable(),
  deliveredAt: IsoTime.nullable(),
  url: z.string().nullable(),
  /** Address or account name of the person. */
  account: z.string().nullable(),
  endpoint: z.string().nullable(),
  inboxRule: z.string().nullable(),
  /** Label or tag to set, or the text of a notification. */
  text: z.string().nullable(),
})
export type PlanTarget = z.infer<typeof PlanTarget>

export const PlanItem = z.object({
  /** Stable over runs: the same step about the same target. */
  id: z.string(),
  action: PlanAction,
  target: PlanTarget,
  /** The message, person, endpoint or URL the step is about. */
  subject: EntityRef.nullable(),
  /** Why: each with the rule (W-number or the id of the rule of correlation) it follows from. */
  reasons: z.array(z.object({ rule: z.string(), text: TextRef })),
  evidence: z.object({ messages: z.array(EntityRef), relations: z.array(Id), events: z.array(Id) }),
  state: PlanState,
  note: z.string(),
  decidedAt: IsoTime.nullable(),
})
export type PlanItem = z.infer<typeof PlanItem>

export const PLAN_FORMATS = ['powershell', 'graph', 'json', 'csv'] as const
export const PlanFormat = z.enum(PLAN_FORMATS)
export type PlanFormat = z.infer<typeof PlanFormat>

export const Plan = z.object({
  /** The retro scan it follows from; null: there was none, only exposure and established stories count. */
  run: z.object({ id: Id, at: IsoTime, policy: z.string() }).nullable(),
  counts: z.object({ open: Count, approved: Count, declined: Count }),
  items: z.array(PlanItem),
})
export type Plan = z.infer<typeof Plan>

export const planMethods = {
  /** What follows from a retro scan (the last one unless named), from what the evidence shows people did, and from established stories. */
  'plan.list': query(z.strictObject({ run: Id.nullish() }), Plan),
  /** Approves or declines steps (or puts them back to open), with a note; kept over later runs, and in the audit log. */
  'plan.decide': command(
    z.strictObject({
      ids: z.array(z.string().max(64)).min(1).max(10_000),
      state: PlanState,
      note: z.string().max(2000).default(''),
    }),
    z.object({ changed: Count }),
  ),
  'plan.formats': query(
    Nothing,
    z.array(z.object({ id: PlanFormat, extension: z.string(), title: TextRef, description: TextRef })),
  ),
  /** The text that `plan.export` would write; `left`: steps the other system has no way to carry out, `leftIds` names them. */
  'plan.preview': query(
    z.strictObject({ format: PlanFormat, run: Id.nullish(), all: z.boolean().default(false) }),
    z.object({
      text: z.string(),
      items: Count,
      left: Count,
      leftIds: z.array(z.string()),
      extension: z.string(),
    }),
  ),
  /** Writes steps as text for another system; approved ones unless `all`. Nothing is carried out. */
  'plan.export': readingJob(
    z.strictObject({
      grant: z.string(),
      format: PlanFormat,
      run: Id.nullish(),
      all: z.boolean().default(false),
    }),
    z.object({ path: z.string(), bytes: Count, sha256: z.string(), items: Count, left: Count }),
  ),
} as const
