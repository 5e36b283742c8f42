import { z } from 'zod'
import { job, query } from '../define.ts'
import {
  AliasKindShape,
  Count,
  EntityKindShape,
  EntityRef,
  Id,
  IsoTime,
  Nothing,
  PageInput,
  pageOf,
  RelationKindShape,
  RiskLevelShape,
  Source,
  TextRef,
} from '../shapes.ts'
import { EventRow } from './event.ts'

export const AliasRow = z.object({
  kind: AliasKindShape,
  value: z.string(),
  /** Null when derived (for instance from the entity's own key). */
  source: Source.nullable(),
  confidence: z.number(),
  /** Why this name belongs to the entity. */
  reason: TextRef,
})
export type AliasRow = z.infer<typeof AliasRow>

export const EntityRow = EntityRef.extend({
  firstSeenAt: IsoTime.nullable(),
  lastSeenAt: IsoTime.nullable(),
  /** Kind-specific facts: process `pid, guid, path, commandLine, startedAt, endpoint`, file `path, sha256, endpoint`, ... */
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  relations: Count,
  /** Worst risk level known now (urls, and messages through their urls). */
  risk: RiskLevelShape.nullable(),
})
export type EntityRow = z.infer<typeof EntityRow>

export const RelationRow = z.object({
  id: Id,
  kind: RelationKindShape,
  from: EntityRef,
  to: EntityRef,
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  count: Count,
  confidence: z.number(),
  observed: z.boolean(),
  rule: z.string(),
  reason: TextRef,
  /** Up to 20 proving event ids. */
  events: z.array(Id),
  eventTotal: Count,
})
export type RelationRow = z.infer<typeof RelationRow>

export const RATINGS = ['normal', 'unrated', 'suspicious', 'malicious'] as const
/** Neutral node of a graph: no colours, no positions (threat-investigation.md 3.4). */
export const GraphNode = EntityRef.extend({
  at: IsoTime.nullable(),
  rating: z.enum(RATINGS),
  marks: z.array(z.enum(['first-observed', 'matched', 'start', 'target', 'high-value'])),
  /** Relations of this node that are not in the slice, by kind: for "expand". */
  hidden: z.array(z.object({ kind: RelationKindShape, direction: z.enum(['out', 'in']), count: Count })),
  /** Second line under the name (endpoint of a process, mailbox owner, ...). */
  detail: z.string(),
})
export type GraphNode = z.infer<typeof GraphNode>
export const GraphEdge = z.object({
  id: Id,
  from: Id,
  to: Id,
  kind: RelationKindShape,
  at: IsoTime.nullable(),
  observed: z.boolean(),
  confidence: z.number(),
  count: Count,
  /** Part of the shown attack path: drawn in the red thread. */
  onPath: z.boolean(),
})
export type GraphEdge = z.infer<typeof GraphEdge>
export const GraphSlice = z.object({
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  /** Neighbours left out because a limit was reached; shown as "showing X of Y". */
  total: z.object({ nodes: Count, edges: Count }),
  grouped: z.array(
    z.object({ around: Id, kind: RelationKindShape, direction: z.enum(['out', 'in']), count: Count }),
  ),
})
export type GraphSlice = z.infer<typeof GraphSlice>

export const PathHop = z.object({
  relationId: Id,
  from: EntityRef,
  to: EntityRef,
  relation: RelationKindShape,
  /** Time of the use of the relation in this path; for a standing relation that of the arrival, null when there is none yet. Never decreases. */
  at: IsoTime.nullable(),
  confidence: z.number(),
  rule: z.string(),
  observed: z.boolean(),
  reason: TextRef,
  events: z.array(Id),
})
export const AttackPath = z.object({
  confidence: z.number(),
  startAt: IsoTime.nullable(),
  endAt: IsoTime.nullable(),
  hops: z.array(PathHop),
})
export type AttackPath = z.infer<typeof AttackPath>

/** An entity by id or as `kind:alias` (`user:CORP\jdoe`, `endpoint:ws-01`, `message:<id@host>`, `url:hxxps://...`). */
export const EntityArgument = z.string().min(1).max(4000)

export const RuleRow = z.object({
  id: z.string(),
  title: TextRef,
  description: TextRef,
  needs: TextRef,
  falsePositives: TextRef,
  attack: z.array(z.string()),
  relations: z.array(RelationKindShape),
  /** Titles of what it detects beside relations. */
  detections: z.array(TextRef),
})
export type RuleRow = z.infer<typeof RuleRow>

export const graphMethods = {
  /** `full` runs every rule again; else those whose input changed (with the same result). */
  'correlation.run': job(
    z.strictObject({ full: z.boolean().default(false) }),
    z.object({
      entities: Count,
      relations: Count,
      detections: Count,
      rules: z.array(
        z.object({
          id: z.string(),
          relations: Count,
          detections: Count,
          error: z.string().nullable(),
          /** Where (the whole case, or single endpoints) what it found was kept, and where it ran. */
          reused: Count,
          run: Count,
        }),
      ),
      reused: Count,
      run: Count,
      seconds: z.number(),
    }),
  ),
  'rule.list': query(Nothing, z.array(RuleRow)),
  'entity.search': query(
    PageInput.extend({ kind: EntityKindShape.nullish(), text: z.string().max(4000).default('') }),
    pageOf(EntityRow.extend({ aliases: z.array(AliasRow) })),
  ),
  'entity.get': query(
    z.strictObject({ id: EntityArgument }),
    EntityRow.extend({ aliases: z.array(AliasRow) }),
  ),
  'relation.list': query(
    PageInput.extend({
      entityId: EntityArgument.nullish(),
      kind: RelationKindShape.nullish(),
      observedOnly: z.boolean().default(false),
    }),
    pageOf(RelationRow),
  ),
  /** A relation with the rule behind it and its proving events, for "Why is this linked?". */
  'relation.get': query(
    z.strictObject({ id: Id }),
    RelationRow.extend({ ruleInfo: RuleRow.nullable(), proof: z.array(EventRow), sources: z.array(Source) }),
  ),
  /** The chain: causes and effects around one entity. */
  'chain.around': query(
    z.strictObject({
      entity: EntityArgument,
      depth: z.number().int().min(1).max(12).default(4),
      limit: z.number().int().min(10).max(5000).default(150),
      possible: z.boolean().default(false),
      kinds: z.array(RelationKindShape).nullish(),
    }),
    GraphSlice,
  ),
  /** Direct neighbours of one node, to expand it in place. */
  'chain.expand': query(
    z.strictObject({
      entityId: Id,
      kind: RelationKindShape.nullish(),
      direction: z.enum(['out', 'in']).nullish(),
      possible: z.boolean().default(true),
      limit: z.number().int().min(1).max(1000).default(60),
    }),
    GraphSlice,
  ),
  /** Time-respecting attack paths, best confidence first, with the slice to draw them. */
  'path.find': query(
    z.strictObject({
      from: EntityArgument,
      to: EntityArgument,
      observedOnly: z.boolean().default(false),
      alternatives: z.number().int().min(1).max(10).default(3),
      maxHops: z.number().int().min(1).max(20).default(14),
    }),
    z.object({ from: EntityRef, to: EntityRef, paths: z.array(AttackPath), graph: GraphSlice }),
  ),
  /** Candidate attack narratives for Overview and report: from an email vector (or first foothold) to what was reached. */
  'path.suggest': query(
    z.strictObject({ limit: z.number().int().min(1).max(20).default(5) }),
    z.array(
      z.object({
        from: EntityRef,
        to: EntityRef,
        score: z.number(),
        reasons: z.array(TextRef),
        path: AttackPath,
      }),
    ),
  ),
} as const
