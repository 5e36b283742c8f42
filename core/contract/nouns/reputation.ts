import { z } from 'zod'
import { command, job, query, readingJob } from '../define.ts'
import {
  Count,
  EntityRef,
  Id,
  IsoTime,
  Nothing,
  PageInput,
  PatternScopeShape,
  pageOf,
  RiskLevelShape,
  TextRef,
} from '../shapes.ts'
import { MailState, Perhaps, ThenNow } from './mail.ts'

export const PackRow = z.object({
  id: Id,
  name: z.string(),
  version: z.string(),
  createdAt: IsoTime,
  importedAt: IsoTime,
  source: z.string(),
  format: z.string(),
  sha256: z.string(),
  entries: Count,
  rejected: Count,
  levels: z.array(z.object({ level: RiskLevelShape, count: Count })),
  /** Position in time: 1 = oldest; retro scan compares earlier with later. */
  number: Count,
  /** False: switched off by the analyst for judging now; it still counts as history. */
  isOn: z.boolean(),
  /** It counts when a URL is judged now: switched on, and the newest version of its name that is. */
  isCurrent: z.boolean(),
  /** `name@version` of the newer version that counts instead of it. */
  replacedBy: z.string().nullable(),
  /** 1 wins first among the packs in force when two entries are equally specific; null while it is not in force. */
  precedence: Count.nullable(),
})
export type PackRow = z.infer<typeof PackRow>

const UrlAnalysisLevel = z.enum(['dangerous', 'highly-suspicious', 'suspicious', 'none'])
const UrlAnalysisCategory = z.enum(['credential-phishing', 'deception', 'none'])

export const UrlRow = z.object({
  id: Id,
  entityId: Id.nullable(),
  url: z.string(),
  host: z.string(),
  messages: Count,
  risk: ThenNow,
  /** `name@version` and pattern that decide now; null when untested. */
  pack: z.string().nullable(),
  entry: z.string().nullable(),
  scope: PatternScopeShape.nullable(),
  /** When that pack was made, and the time this was judged at (W3: a verdict holds at a time). */
  packCreatedAt: IsoTime.nullable(),
  judgedAt: IsoTime,
  /**
   * Rule by which the policy in force leaves it out of retro scans whatever its level: a list (W42-W44), or that all its mail is of
   * approved senders (W38).
   */
  excludedBy: z.string().nullable(),
  /** What the analysis says of an untested URL; never mixed with `risk`. */
  analysis: z
    .object({ level: UrlAnalysisLevel, category: UrlAnalysisCategory, score: z.number() })
    .nullable(),
})
export type UrlRow = z.infer<typeof UrlRow>

/** One entry of a pack. */
export const PackEntryRow = z.object({
  id: Id,
  /** As the pack wrote it, defanging undone. */
  pattern: z.string(),
  scope: PatternScopeShape,
  host: z.string(),
  level: RiskLevelShape,
  category: z.string().nullable(),
  firstSeenAt: IsoTime.nullable(),
  expiresAt: IsoTime.nullable(),
  isExpired: z.boolean(),
  note: z.string().nullable(),
})
export type PackEntryRow = z.infer<typeof PackEntryRow>

const EntryWords = z.object({
  level: RiskLevelShape,
  category: z.string().nullable(),
  expiresAt: IsoTime.nullable(),
})
/** What two packs say of the same address; null on the side that does not have it. */
export const PackDifference = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  pattern: z.string(),
  scope: PatternScopeShape,
  from: EntryWords.nullable(),
  to: EntryWords.nullable(),
  /** Stored URLs that the address covers: what the change means for this case. */
  urls: Count,
})
export type PackDifference = z.infer<typeof PackDifference>

/** A sign of the offline analysis that was found, with what it was found in. */
export const FoundSign = z.object({
  id: z.string(),
  /** One sentence; its parameter `found` is what it was found in. */
  text: TextRef,
  weight: z.number(),
})
export type FoundSign = z.infer<typeof FoundSign>

/**
 * What the address itself, and pages of it in evidence, give away (W4, W5, W10): an opinion of this machine. It is never a verdict of
 * a pack, and stands beside it under its own name.
 */
export const UrlAnalysis = z.object({
  /** Version of the set of signs. */
  version: z.string(),
  /** When it was recorded in the case; null: worked out just now. */
  recordedAt: IsoTime.nullable(),
  level: UrlAnalysisLevel,
  /** A page that asks for passwords in somebody else's name is a category of its own (W6). */
  category: UrlAnalysisCategory,
  score: z.number(),
  signs: z.array(FoundSign),
})
export type UrlAnalysis = z.infer<typeof UrlAnalysis>

/** Why a URL of stored mail was not judged. */
const RetroReason = z.enum([
  'disabled',
  'out-of-scope',
  'approved-header',
  'approved-sender',
  'approved-url',
  'internal-domain',
  'blocked-url',
  'attachments-off',
  /** Nobody knows when the message came: there is no "then". */
  'no-time',
  /** Not an address of the web (or one that cannot be read): packs say nothing of it. */
  'no-web-address',
  /** Its mail came in after the last correlation: which message it is a copy of is not known yet. */
  'not-correlated',
])
export type RetroReason = z.infer<typeof RetroReason>

/** Why an earlier run cannot be built on. */
const RetroWhole = z.enum(['policy', 'mail', 'packs', 'time', 'rules'])
export type RetroWhole = z.infer<typeof RetroWhole>

/** Why a message that no longer matches is put back, or is not (W31, W32). */
export const RETRO_BASES = [
  /** Put back: Web Reputation put it into quarantine, as its record says. */
  'web-reputation',
  /** Put back, to be looked at: no record names what put it into quarantine. */
  'unknown-filter',
  /** It lies in quarantine for something else, too. */
  'other-filter',
  /** It was in quarantine and came back since. */
  'came-back',
  /** It was in quarantine and is no longer there: deleted, or never let in. */
  'gone',
  /** The quarantine was tried and failed. */
  'failed',
  /** Another action than quarantine is never undone. */
  'other-action',
  /** No action is on record. */
  'no-record',
] as const
const RetroBasis = z.enum(RETRO_BASES)
export type RetroBasis = z.infer<typeof RetroBasis>

/** What a recipient did, and for how long the message lay there; everything null or empty where evidence is silent. */
export const Exposed = {
  /** False: not a recipient, yet somebody who opened its link or ran what came with it. */
  isRecipient: z.boolean(),
  /** When the earliest pack that now speaks against the message was made: before that nobody could know. */
  turnedAt: IsoTime.nullable(),
  /** The message was opened in the mailbox. */
  openedAt: IsoTime.nullable(),
  /** First click that a product stopped. */
  blockedAt: IsoTime.nullable(),
  /** True when it was clicked before the verdict turned, false when only after; null when it was not clicked, or at a time unknown. */
  clickedBefore: z.boolean().nullable(),
  /** When the copy left the mailbox (quarantine, deletion). */
  removedAt: IsoTime.nullable(),
  /** Seconds from delivery until `dwellUntil`. */
  dwellSeconds: Count.nullable(),
  /** When the copy was removed, else the last time the evidence knows of: how long it lay there after that nobody can say. */
  dwellUntil: IsoTime.nullable(),
  dwellEnd: z.enum(['removed', 'evidence']).nullable(),
  perhaps: Perhaps,
  /** Messages by which this recipient passed it on or answered. */
  passedOn: z.array(
    z.object({
      kind: z.enum(['forward', 'reply']),
      message: EntityRef,
      at: IsoTime.nullable(),
      relation: Id,
    }),
  ),
  relations: z.array(Id),
  events: z.array(Id),
} as const

/** The documents of CLI.md `retro-scan`, with entity references added. */
export const RetroRun = z.object({
  run: z.object({
    id: Id,
    at: IsoTime,
    policy: z.string(),
    packsThen: z.array(z.string()),
    packsNow: z.array(z.string()),
    /** The earlier run whose judgements were taken over; null: every URL was judged. */
    base: Id.nullable(),
    /** Why a base that was asked for could not serve, so that every URL was judged. */
    whole: RetroWhole.nullable(),
    /** URLs judged in this run itself; the others were taken over from the base. */
    rated: Count,
    /** What the result depends on, so that a later run can build on it. */
    inputs: z.object({
      rules: Count,
      policySha256: z.string(),
      isEffective: z.boolean(),
      /** Row ids of the packs that counted as now, oldest first. */
      packsNow: z.array(Count),
      /** Row id of the pack at which the run was told to stop; null: all count. */
      upTo: Count.nullable(),
      /** Row id of the newest pack of the case. */
      lastPack: Count,
      lastMessage: Count,
      mailSha256: z.string(),
    }),
  }),
  /**
   * `urls` = `judged` + `notJudged`, all three distinct URLs; a URL is judged when it was in one message at least. `links` counts URLs
   * once per message, mail that is not correlated included; `linksJudged` are those judged there. `excluded` counts as `links` does.
   */
  counts: z.object({
    messages: Count,
    urls: Count,
    judged: Count,
    notJudged: Count,
    links: Count,
    linksJudged: Count,
    turned: Count,
    excluded: Count,
  }),
  /**
   * Why links were not judged, most links first. `links` add up to `counts.links` - `counts.linksJudged`. `urls` are those judged in no
   * message at all, each under one reason, so that they add up to `counts.notJudged`; 0 where all of them were judged elsewhere.
   */
  notJudged: z.array(
    z.object({ reason: RetroReason, clause: z.string().nullable(), urls: Count, links: Count }),
  ),
  turned: z.array(
    z.object({
      url: z.string(),
      urlEntity: EntityRef.nullable(),
      from: RiskLevelShape,
      to: RiskLevelShape,
      pack: z.string().nullable(),
      entry: z.string().nullable(),
      /** Whether `entry` decides now, or decided then and nothing does now. */
      decides: z.enum(['now', 'then']),
      messages: Count,
    }),
  ),
  newlyMatching: z.array(
    z.object({
      message: EntityRef,
      mailbox: z.string(),
      url: z.string(),
      action: z.string(),
      clause: z.string(),
      /** When the first pack was made with which it matches (as it does now); before that nobody could know. */
      turnedAt: IsoTime.nullable(),
      /** It matched at the delivery, too (by another action, or another level), and no record shows that it was acted on. */
      matchedThen: z.boolean(),
      /** Where the copy is now, as far as records tell: what is gone from the mailbox asks for no step. */
      state: MailState,
    }),
  ),
  noLongerMatching: z.array(
    z.object({
      message: EntityRef,
      mailbox: z.string(),
      url: z.string(),
      recordedAction: z.string().nullable(),
      restored: z.boolean(),
      clause: z.string(),
      basis: RetroBasis,
      /** What put it into quarantine, in the words of the record. */
      cause: z.string().nullable(),
    }),
  ),
  excluded: z.array(z.object({ message: EntityRef, url: z.string(), clause: z.string() })),
  exposure: z.array(
    z.object({
      message: EntityRef,
      recipient: z.string(),
      user: EntityRef.nullable(),
      deliveredAt: IsoTime.nullable(),
      clickedAt: IsoTime.nullable(),
      executedAt: IsoTime.nullable(),
      endpoint: EntityRef.nullable(),
      ...Exposed,
    }),
  ),
})
export type RetroRun = z.infer<typeof RetroRun>

const RunFacts = z.object({ id: Id, at: IsoTime, policy: z.string(), counts: RetroRun.shape.counts })
const sides = <T extends z.ZodType>(row: T) => z.object({ onlyFrom: z.array(row), onlyTo: z.array(row) })
/** Rows compare by everything that a reader sees in them: a URL with another level in each run stands on both sides. */
export const RetroComparison = z.object({
  from: RunFacts,
  to: RunFacts,
  isSamePolicy: z.boolean(),
  packsThen: sides(z.string()),
  packsNow: sides(z.string()),
  turned: sides(RetroRun.shape.turned.element),
  newlyMatching: sides(RetroRun.shape.newlyMatching.element),
  noLongerMatching: sides(RetroRun.shape.noLongerMatching.element),
  excluded: sides(RetroRun.shape.excluded.element),
  exposure: sides(RetroRun.shape.exposure.element),
})
export type RetroComparison = z.infer<typeof RetroComparison>

export const reputationMethods = {
  /**
   * Adds one pattern pack per file or folder; the manifest of a MISP feed and its events, chosen together, are one. One that is refused
   * keeps no other out: the job then fails with the first refusal, and says of several `added` (how many) and `refused` (`name: code`).
   */
  'pack.add': job(
    z.strictObject({
      grants: z.array(z.string()).min(1).max(5000),
      name: z.string().nullish(),
      version: z.string().nullish(),
      createdAt: IsoTime.nullish(),
      /** One level for every entry. */
      level: RiskLevelShape.nullish(),
      /** Other levels than the format's table has for the words of the feed (W7-W11). */
      levels: z.record(z.string().max(100), RiskLevelShape).nullish(),
      /** Also attributes that a MISP event does not mark for detection. */
      all: z.boolean().nullish(),
    }),
    z.array(PackRow),
  ),
  /** Formats of packs, and what the words of each feed mean as levels (`*`: any other word). */
  'pack.formats': query(
    Nothing,
    z.array(
      z.object({
        id: z.string(),
        title: TextRef,
        description: TextRef,
        levels: z.record(z.string(), RiskLevelShape),
      }),
    ),
  ),
  'pack.list': query(Nothing, z.array(PackRow)),
  /** Whether a pack counts when URLs are judged now. Of a name with several versions the newest that is on counts. */
  'pack.switch': command(z.strictObject({ id: Id, on: z.boolean() }), PackRow),
  /** Entries in the order of the file; `text` is searched in the pattern, defanged or not. */
  'pack.entries': query(
    PageInput.extend({
      id: Id,
      text: z.string().max(4000).default(''),
      level: RiskLevelShape.nullish(),
      scope: PatternScopeShape.nullish(),
    }),
    pageOf(PackEntryRow),
  ),
  /** The first entries of the file that are no patterns: line or number of the entry, its beginning, and whether the line was too long. */
  'pack.rejected': query(
    z.strictObject({ id: Id }),
    z.array(z.object({ line: Count, text: z.string(), isCut: z.boolean() })),
  ),
  /** What changed from one pack to another, by host; `total` is the number of differences of the kinds asked for. */
  'pack.compare': query(
    PageInput.extend({
      from: Id,
      to: Id,
      kind: PackDifference.shape.kind.nullish(),
      /** Only differences whose address covers a stored URL; `counts` are of all. */
      storedOnly: z.boolean().default(false),
    }),
    pageOf(PackDifference).extend({
      from: z.string(),
      to: z.string(),
      counts: z.object({ from: Count, to: Count, same: Count, added: Count, removed: Count, changed: Count }),
    }),
  ),
  /** On a case that cannot be written only as dry run. */
  'retro.run': readingJob(
    z.strictObject({
      pack: Id.nullish(),
      dryRun: z.boolean().default(false),
      /** An earlier run: only URLs touched by changed pack entries or new mail are judged again. The result is that of a whole run. */
      base: Id.nullish(),
    }),
    RetroRun,
  ),
  /** What each of two runs has that the other has not. */
  'retro.compare': query(z.strictObject({ from: Id, to: Id }), RetroComparison),
  'retro.list': query(
    Nothing,
    z.array(z.object({ id: Id, at: IsoTime, policy: z.string(), counts: RetroRun.shape.counts })),
  ),
  'retro.get': query(z.strictObject({ id: Id }), RetroRun),
  'url.list': query(
    PageInput.extend({
      text: z.string().max(4000).default(''),
      risk: RiskLevelShape.nullish(),
      turnedOnly: z.boolean().default(false),
    }),
    pageOf(UrlRow),
  ),
  /** Worst level then and now of urls, and of messages and attachments through their urls. Unknown ids are left out. */
  'risk.of': query(
    z.strictObject({ entityIds: z.array(Id).max(20_000) }),
    z.array(z.object({ entityId: Id, risk: ThenNow })),
  ),
  /** The recorded analysis, or one worked out just now. */
  'url.analysis': query(z.strictObject({ id: Id }), UrlAnalysis),
  /** Analyses and records every URL that is untested now; those recorded with this set of signs already are left as they are. */
  'url.analyse': job(Nothing, z.object({ version: z.string(), urls: Count, analysed: Count, found: Count })),
  'url.history': query(
    z.strictObject({ id: Id }),
    z.object({
      url: z.string(),
      verdicts: z.array(
        z.object({
          pack: z.string(),
          packCreatedAt: IsoTime,
          level: RiskLevelShape,
          entry: z.string().nullable(),
          scope: PatternScopeShape.nullable(),
        }),
      ),
      deliveries: z.array(z.object({ message: EntityRef, mailbox: z.string(), at: IsoTime.nullable() })),
      /** What stored retro scans said of it, newest first: a run that is not listed did not find it turned. */
      runs: z.array(
        z.object({
          run: Id,
          at: IsoTime,
          policy: z.string(),
          from: RiskLevelShape,
          to: RiskLevelShape,
          pack: z.string().nullable(),
          entry: z.string().nullable(),
          decides: z.enum(['now', 'then']),
          /** Messages and actions by which the policy answered to it in that run. */
          newlyMatching: Count,
          noLongerMatching: Count,
          excluded: Count,
        }),
      ),
      /** Stored runs in all. */
      runCount: Count,
    }),
  ),
} as const
