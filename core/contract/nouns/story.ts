import { z } from 'zod'
import { RECORDERS } from '../../model/recorder.ts'
import { query } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, PageInput, pageOf, TextRef } from '../shapes.ts'
import { AttackPath, ChainLists, EntityArgument, GraphSlice, RATINGS, HopClock } from './graph.ts'

/** `s` and sixteen hex digits. Stable over runs and orders of import: made of names in the strongest thing in it, which a directory imported later does not change. */
export const StoryId = z.string().min(1).max(40)

/** What proves a statement. Each list holds at most 20; the relation or detection itself gives the rest. */
export const Proof = z.object({
  relations: z.array(Id),
  detections: z.array(Id),
  events: z.array(Id),
  evidence: z.array(Id),
})
export type Proof = z.infer<typeof Proof>

/** A part of the score; the words are `story.reason.<code>`. Weights of a story add up to its score. */
export const StoryReason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  weight: z.number(),
})
export type StoryReason = z.infer<typeof StoryReason>

/** What somebody or something has to do with a story. */
export const ROLES = [
  'clicked',
  'ran',
  'credentials',
  'account-used',
  'detected',
  'opened',
  'held',
  'reached',
  'source',
  'changed',
  'recipient',
  'tried',
  'contacted',
  'part',
] as const
/**
 * Roles that affect nobody: a recipient who did nothing, an endpoint where a file was saved and not opened, an account that was tried and an
 * address somebody talked to.
 */
const UNAFFECTED: ReadonlySet<(typeof ROLES)[number]> = new Set([
  'recipient',
  'held',
  'tried',
  'contacted',
  'part',
])
export const isAffectedRole = (role: (typeof ROLES)[number]): boolean => !UNAFFECTED.has(role)
export const Asset = z.object({
  entity: EntityRef,
  roles: z.array(z.enum(ROLES)),
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  rating: z.enum(RATINGS),
  /** True where the part is likely and not shown: an account whose password may be known, an endpoint it logged on to for the first time. */
  isCandidate: z.boolean(),
  proof: Proof,
})
export type Asset = z.infer<typeof Asset>

export const StoryRow = z.object({
  id: StoryId,
  /** From 1, best first. */
  rank: Count,
  /** `story.title.<what>` with names. */
  title: TextRef,
  score: z.number(),
  reasons: z.array(StoryReason),
  /** Why this is a candidate and no established story: `story.candidate.<why>`; empty where it is established. */
  candidate: z.array(TextRef),
  firstObserved: z.object({ entity: EntityRef, at: IsoTime.nullable() }).nullable(),
  /** The mail it came with; null: none was found, see `lookedAt`. */
  emailVector: z
    .object({
      message: EntityRef,
      subject: z.string(),
      from: z.string(),
      at: IsoTime.nullable(),
      how: z.enum(['attachment', 'link', 'forward']),
      /** That something of the mail led to the story; how sure the way through it is, its paths say. */
      confidence: z.number(),
      isCandidate: z.boolean(),
      proof: Proof,
    })
    .nullable(),
  /** What was looked at for the vector: `story.looked.<what>` with figures. */
  lookedAt: z.array(TextRef),
  /** Affected ones, first touched first. At most 50 each in a list, all of them in `story.assets`; totals say how many. */
  users: z.array(EntityRef),
  userTotal: Count,
  /**
   * Accounts somebody tried a password against, or took a ticket of to guess it from, without any sign that it was the right one: not
   * affected, and not among `users`.
   */
  triedTotal: Count,
  endpoints: z.array(EntityRef),
  endpointTotal: Count,
  startAt: IsoTime.nullable(),
  endAt: IsoTime.nullable(),
  /**
   * "Corroborated by n independent sources": `sources` counts who recorded its steps and could not have made what another one recorded; all
   * logs and sensors of one endpoint are one. `of` names the first thirty of them. `evidence` are the items that hold those records, `kinds` their formats.
   */
  corroboration: z.object({
    sources: Count,
    of: z.array(z.object({ recorder: z.enum(RECORDERS), endpoint: EntityRef.nullable() })),
    evidence: Count,
    kinds: z.array(z.string()),
  }),
  attack: z.array(z.string()),
  counts: z.object({ entities: Count, relations: Count, detections: Count, events: Count }),
  /** The relations that carry the story, at most 100; all of them in `story.timeline`. */
  relations: z.array(Id),
})
export type StoryRow = z.infer<typeof StoryRow>

/** One sentence of the narrative with what proves it. */
export const Claim = z.object({
  /** `story.claim.<what>` with names and times. */
  text: TextRef,
  /** As recorded. */
  at: IsoTime.nullable(),
  /** The clock that recorded it is off; claims are ordered by `clock.rightAt`. Always given by the engine. */
  clock: HopClock.nullish(),
  /** `fact`: a record says so. `interpretation`: it follows from records; another explanation is possible. */
  kind: z.enum(['fact', 'interpretation']),
  confidence: z.number(),
  entities: z.array(EntityRef),
  proof: Proof,
})
export type Claim = z.infer<typeof Claim>

/** One step of a story in the order of time: a relation used, or a detection. */
export const StoryStep = z.object({
  /** As recorded. */
  at: IsoTime.nullable(),
  /** The clock that recorded it is off; steps are ordered by `clock.rightAt`. Always given by the engine. */
  clock: HopClock.nullish(),
  relation: Id.nullable(),
  detection: Id.nullable(),
  /** Word of the relation kind (`relation.kind.<kind>`), or title of the detection. */
  text: TextRef,
  from: EntityRef,
  to: EntityRef.nullable(),
  /** Marks what made the story: not context. */
  isKey: z.boolean(),
  confidence: z.number(),
  rule: z.string(),
  reason: TextRef,
  events: z.array(Id),
})
export type StoryStep = z.infer<typeof StoryStep>

const Of = z.strictObject({ id: StoryId })
const PageOf = PageInput.extend({ id: StoryId })

export const storyMethods = {
  /** Connected suspicious activity, best first. `entityId`: stories in which it has a part. */
  'story.list': query(
    PageInput.extend({ entityId: EntityArgument.nullish(), minScore: z.number().min(0).max(100).default(0) }),
    pageOf(StoryRow).extend({ /** Stories left out because of `minScore`. */ below: Count }),
  ),
  /** Which story each of these detections is a part of; one that is gone is left out. */
  'story.ofDetections': query(
    z.strictObject({ detections: z.array(Id).max(1000) }),
    z.array(z.object({ detection: Id, story: StoryRow.pick({ id: true, rank: true, title: true }) })),
  ),
  /** Tab Story: narrative and the figure of its best attack paths. */
  'story.get': query(
    Of.extend({ alternatives: z.number().int().min(1).max(10).default(3) }),
    StoryRow.extend({ claims: z.array(Claim), paths: z.array(AttackPath), graph: GraphSlice }),
  ),
  /** Tab Chain: its things and what they did, likes grouped, and its objects in lists. `matched`: as in `chain.around`. */
  'story.chain': query(
    Of.extend({
      limit: z.number().int().min(10).max(5000).default(150),
      matched: z.array(Id).max(5000).nullish(),
    }),
    GraphSlice.extend({ lists: ChainLists }),
  ),
  /** Tab Timeline, in the order of time, undated last. */
  'story.timeline': query(PageOf.extend({ keyOnly: z.boolean().default(false) }), pageOf(StoryStep)),
  /** Tab Assets: affected users and endpoints first, then recipients, mail, files, programs, addresses. */
  'story.assets': query(PageOf, pageOf(Asset)),
  /** Tab Evidence: files that prove its steps, those that prove most first. */
  'story.evidence': query(
    Of,
    z.array(
      z.object({
        evidenceId: Id,
        name: z.string(),
        format: z.string(),
        relations: Count,
        detections: Count,
        records: Count,
      }),
    ),
  ),
} as const
