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
import { ThenNow } from './mail.ts'

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
})
export type PackRow = z.infer<typeof PackRow>

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
})
export type UrlRow = z.infer<typeof UrlRow>

/** The documents of CLI.md `retro-scan`, with entity references added. */
export const RetroRun = z.object({
  run: z.object({
    id: Id,
    at: IsoTime,
    policy: z.string(),
    packsThen: z.array(z.string()),
    packsNow: z.array(z.string()),
  }),
  counts: z.object({ messages: Count, urls: Count, judged: Count, turned: Count, excluded: Count }),
  turned: z.array(
    z.object({
      url: z.string(),
      urlEntity: EntityRef.nullable(),
      from: RiskLevelShape,
      to: RiskLevelShape,
      pack: z.string().nullable(),
      entry: z.string().nullable(),
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
    }),
  ),
})
export type RetroRun = z.infer<typeof RetroRun>

/** policy.json of CLI.md; validated in the reputation room, which names the offending field and the W-number. */
export const PolicyDocument = z.record(z.string(), z.unknown())

export const reputationMethods = {
  /** Adds one pattern pack per file. */
  'pack.add': job(
    z.strictObject({
      grants: z.array(z.string()).min(1).max(100),
      name: z.string().nullish(),
      version: z.string().nullish(),
      createdAt: IsoTime.nullish(),
      /** One level for every entry. */
      level: RiskLevelShape.nullish(),
      /** Other levels than the format's table has for the words of the feed (W7-W11). */
      levels: z.record(z.string().max(100), RiskLevelShape).nullish(),
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
  'policy.get': query(Nothing, z.object({ policy: PolicyDocument, isDefault: z.boolean() })),
  'policy.set': command(z.strictObject({ policy: PolicyDocument }), z.object({ policy: PolicyDocument })),
  /** On a case that cannot be written only as dry run. */
  'retro.run': readingJob(
    z.strictObject({ pack: Id.nullish(), dryRun: z.boolean().default(false) }),
    RetroRun,
  ),
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
    }),
  ),
} as const
