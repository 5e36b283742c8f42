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

export const detectionMethods = {
  /** Newest first. `entityId`: those about it or in which it has a part. */
  'detection.list': query(
    PageInput.extend({
      entityId: EntityArgument.nullish(),
      rule: z.string().max(200).nullish(),
      levels: z.array(DetectionLevelShape).nullish(),
    }),
    pageOf(DetectionRow),
  ),
  /** A detection with the rule behind it and its proving records. */
  'detection.get': query(
    z.strictObject({ id: Id }),
    DetectionRow.extend({ ruleInfo: RuleRow.nullable(), proof: z.array(EventRow), sources: z.array(Source) }),
  ),
} as const
