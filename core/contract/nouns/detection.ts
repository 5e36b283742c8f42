import { z } from 'zod'
import { query } from '../define.ts'
import { DETECTION_LEVELS } from '../../model/detection.ts'
import { Count, EntityRef, Id, IsoTime, PageInput, pageOf, Source, TextRef } from '../shapes.ts'
import { EventRow } from './event.ts'
import { EntityArgument, RuleRow } from './graph.ts'

export const DetectionLevelShape = z.enum(DETECTION_LEVELS)

/** A pattern a rule saw in the events, about one entity: beaconing, a spray of passwords, a rule set in a mailbox. */
export const DetectionRow = z.object({
  id: Id,
  rule: z.string(),
  /** Which of the rule's detections, in words (`rule.<id>.detection.<what>`). */
  title: TextRef,
  level: DetectionLevelShape,
  subject: EntityRef,
  /** Others that have a part in it: the address, the mailbox, the accounts. At most 50. */
  involved: z.array(EntityRef),
  involvedTotal: Count,
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  count: Count,
  confidence: z.number(),
  reason: TextRef,
  attack: z.array(z.string()),
  /** Up to 20 proving event ids. */
  events: z.array(Id),
  eventTotal: Count,
})
export type DetectionRow = z.infer<typeof DetectionRow>

/** `level`: gravest first; `rule`, `subject`: by its id, or by the name of whom it is about. Within, and else, newest first; undated last. */
export const DETECTION_ORDERS = ['newest', 'oldest', 'level', 'rule', 'subject'] as const
export type DetectionOrder = (typeof DETECTION_ORDERS)[number]

export const detectionMethods = {
  /** `entityId`: those about it or in which it has a part. */
  'detection.list': query(
    PageInput.extend({
      entityId: EntityArgument.nullish(),
      rule: z.string().max(200).nullish(),
      levels: z.array(DetectionLevelShape).nullish(),
      order: z.enum(DETECTION_ORDERS).default('newest'),
    }),
    pageOf(DetectionRow),
  ),
  /** How many there are of each level and rule, those with most first: what a list can be narrowed to. */
  'detection.counts': query(
    z.strictObject({ entityId: EntityArgument.nullish() }),
    z.object({
      total: Count,
      levels: z.array(z.object({ level: DetectionLevelShape, count: Count })),
      rules: z.array(z.object({ rule: z.string(), count: Count })),
    }),
  ),
  /** A detection with the rule behind it and its proving records. */
  'detection.get': query(
    z.strictObject({ id: Id }),
    DetectionRow.extend({ ruleInfo: RuleRow.nullable(), proof: z.array(EventRow), sources: z.array(Source) }),
  ),
} as const
