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
import { MAIL_STATES } from './mail.ts'

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

/** Kinds of nodes of a root-cause analysis (threat-investigation.md 3.4), and `actor`: users, endpoints and the like, which are hubs. */
export const NODE_CLASSES = [
  'boot',
  'browser',
  'email-client',
  'email-message',
  'file',
  'network',
  'process',
  'registry',
  'actor',
] as const

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
  /** Always given by the engine; what a screen makes up itself has none. */
  nodeClass: z.enum(NODE_CLASSES).optional(),
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
  /** `event`: something was done at a time. `association`: it holds. Always given by the engine. */
  type: z.enum(['event', 'association']).optional(),
})
export type GraphEdge = z.infer<typeof GraphEdge>
export const GraphSlice = z.object({
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  /** Neighbours left out because a limit was reached; shown as "showing X of Y". */
  total: z.object({ nodes: Count, edges: Count }),
  /** Of the whole case: entities without any line here. They are in no picture and not in the total. */
  alone: Count.optional(),
  grouped: z.array(
    z.object({ around: Id, kind: RelationKindShape, direction: z.enum(['out', 'in']), count: Count }),
  ),
})
export type GraphSlice = z.infer<typeof GraphSlice>

/** One object of a chain. */
export const ChainObject = EntityRef.extend({
  /** When the chain reaches it; null: not known. Not when the case saw it first, which can be days before. */
  at: IsoTime.nullable(),
  rating: z.enum(RATINGS),
  /** Where it is in the chain: a node that is shown, or behind this group (`chain.expand` opens it). */
  behind: z.object({ around: Id, kind: RelationKindShape, direction: z.enum(['out', 'in']) }).nullable(),
})
export type ChainObject = z.infer<typeof ChainObject>

/** The objects of a chain in lists, each of which can be located in it (threat-investigation.md 3.4). */
export const ChainLists = z.object({
  targetEndpoints: z.array(ChainObject),
  firstObserved: z.array(ChainObject),
  matched: z.array(ChainObject),
  /** Rated suspicious or malicious, worst first. */
  noteworthy: z.array(ChainObject),
})
export type ChainLists = z.infer<typeof ChainLists>

/** The clock that recorded a hop is off: ahead (or behind, below zero) of those that agree, by so much. */
export const HopClock = z.object({
  /** Null: an evidence file that names no endpoint. */
  endpoint: EntityRef.nullable(),
  evidenceId: Id.nullable(),
  aheadSeconds: z.number().int(),
  confidence: z.number(),
  /** When it was by the clocks that agree; the order of the hops goes by it. */
  rightAt: IsoTime,
})
export type HopClock = z.infer<typeof HopClock>

export const PathHop = z.object({
  relationId: Id,
  from: EntityRef,
  to: EntityRef,
  relation: RelationKindShape,
  /**
   * Time of the use of the relation in this path; for a standing relation that of the arrival, null when there is none yet. As
   * recorded; never decreases, but where `clock` says that the recording clock is off: `clock.rightAt` then takes its place in the order.
   */
  at: IsoTime.nullable(),
  /** Always given by the engine. */
  clock: HopClock.nullish(),
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

/** Which relations a path may take: rights out of the directory or not, kinds, a window of time (both ends included). */
export const PathFilter = z.strictObject({
  observedOnly: z.boolean().default(false),
  /** Also relations the analyst added (`work.relate`); they are never `observed`. */
  analyst: z.boolean().default(true),
  /** Only these kinds. */
  include: z.array(RelationKindShape).nullish(),
  exclude: z.array(RelationKindShape).nullish(),
  after: IsoTime.nullish(),
  before: IsoTime.nullish(),
})
export type PathFilter = z.infer<typeof PathFilter>

/** How far something got, or from where it can have come. */
export const ReachRow = z.object({
  entity: EntityRef,
  /**
   * Forward: the use of `via` by which it was reached first. Back: the last use of it that leads on. By the right time where a clock is off
   * (`clock.list`). Null: standing relations alone lead there, at any time.
   */
  at: IsoTime.nullable(),
  /** The relation by which it was reached (forward: into it; back: out of it). */
  via: z.object({ relationId: Id, kind: RelationKindShape, other: EntityRef, observed: z.boolean() }),
})
export type ReachRow = z.infer<typeof ReachRow>

export const RuleRow = z.object({
  id: z.string(),
  title: TextRef,
  description: TextRef,
  needs: TextRef,
  falsePositives: TextRef,
  attack: z.array(z.string()),
  /** By what it detects: which of these that stands for; where left out, one or more of them. */
  attackOf: z.record(z.string(), z.array(z.string())),
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
  /** The chain: causes and effects around one entity, and its objects in lists. `matched`: entities to mark as what was searched for. */
  'chain.around': query(
    z.strictObject({
      entity: EntityArgument,
      depth: z.number().int().min(1).max(12).default(4),
      limit: z.number().int().min(10).max(5000).default(150),
      possible: z.boolean().default(false),
      /** Also relations the analyst added; given `kinds` decide alone. */
      analyst: z.boolean().default(true),
      kinds: z.array(RelationKindShape).nullish(),
      matched: z.array(Id).max(5000).nullish(),
    }),
    GraphSlice.extend({ lists: ChainLists }),
  ),
  /** Direct neighbours of one node, to expand it in place, page by page: surest first. */
  'chain.expand': query(
    z.strictObject({
      entityId: Id,
      kind: RelationKindShape.nullish(),
      direction: z.enum(['out', 'in']).nullish(),
      possible: z.boolean().default(true),
      limit: z.number().int().min(1).max(1000).default(60),
      cursor: z.string().max(500).nullish(),
    }),
    GraphSlice.extend({ next: z.string().nullable() }),
  ),
  /** The pane of an email message in a chain: what it carries, who got it, and who holds it now. */
  'chain.message': query(
    z.strictObject({ id: EntityArgument }),
    z.object({
      message: EntityRef,
      recipients: z.array(
        z.object({
          address: z.string(),
          mailbox: EntityRef.nullable(),
          user: EntityRef.nullable(),
          deliveredAt: IsoTime.nullable(),
        }),
      ),
      attachments: z.array(
        z.object({ entityId: Id.nullable(), name: z.string(), sha256: z.string().nullable() }),
      ),
      urls: z.array(z.object({ entityId: Id.nullable(), url: z.string(), now: RiskLevelShape.nullable() })),
      /** Accounts whose mailbox holds the message, as the recorded actions tell: neither removed nor stopped. */
      affectedUsers: z.array(
        z.object({ address: z.string(), user: EntityRef.nullable(), state: z.enum(MAIL_STATES) }),
      ),
    }),
  ),
  /** Time-respecting attack paths, best confidence first, with the slice to draw them. */
  'path.find': query(
    PathFilter.extend({
      from: EntityArgument,
      to: EntityArgument,
      alternatives: z.number().int().min(1).max(10).default(3),
      maxHops: z.number().int().min(1).max(20).default(14),
      /** Over these relations only: a path that is known, with the times and the confidence it has today. */
      along: z.array(Id).min(1).max(20).nullish(),
    }),
    z.object({ from: EntityRef, to: EntityRef, paths: z.array(AttackPath), graph: GraphSlice }),
  ),
  /**
   * Everything that can be reached from an entity in the order of time (forward: earliest arrival first), or from which it can have been
   * reached (back: latest leaving first). `at`: where it begins (forward) or ends (back); left out: when it is first seen, or never.
   */
  'path.reach': query(
    PathFilter.extend({
      ...PageInput.shape,
      entity: EntityArgument,
      direction: z.enum(['forward', 'back']).default('forward'),
      at: IsoTime.nullish(),
      kind: EntityKindShape.nullish(),
    }),
    pageOf(ReachRow).extend({
      from: EntityRef,
      /** Reached entities by kind, of all pages. */ counts: z.record(z.string(), Count),
    }),
  ),
  /** Patient zero: what can have led to an entity, likeliest first, each with its path and reasons (`origin.<why>`). */
  'path.origins': query(
    PathFilter.extend({
      entity: EntityArgument,
      observedOnly: z.boolean().default(true),
      analyst: z.boolean().default(false),
      limit: z.number().int().min(1).max(50).default(10),
    }),
    z.object({
      entity: EntityRef,
      /** Entities that can have led to it, of all kinds; candidates among them. */
      reached: Count,
      candidates: Count,
      origins: z.array(
        z.object({ entity: EntityRef, score: z.number(), reasons: z.array(TextRef), path: AttackPath }),
      ),
    }),
  ),
  /**
   * What could come next: from what was compromised until a time (of a story, or from an entity by what was observed), which high-value
   * targets the rights of the directory would allow to reach. One figure: observed edges and possible ones. Without `story` and `from`:
   * of the first story.
   */
  'path.next': query(
    z.strictObject({
      story: z.string().min(1).max(40).nullish(),
      from: EntityArgument.nullish(),
      /** Left out: everything observed counts. */
      at: IsoTime.nullish(),
      maxHops: z.number().int().min(1).max(10).default(6),
      limit: z.number().int().min(1).max(50).default(10),
    }),
    z.object({
      /** Users and endpoints under control by then, at most 100. */
      compromised: z.array(z.object({ entity: EntityRef, at: IsoTime.nullable() })),
      compromisedTotal: Count,
      /** High-value targets that can be reached, surest first. */
      targets: z.array(
        z.object({
          entity: EntityRef,
          /** Of the possible part alone. */
          confidence: z.number(),
          /** Observed hops up to what is compromised (may be empty), then possible ones. */
          path: AttackPath,
          possibleHops: Count,
        }),
      ),
      targetTotal: Count,
      graph: GraphSlice,
    }),
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
