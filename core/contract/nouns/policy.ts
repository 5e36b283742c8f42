import { z } from 'zod'
import { command, job, query, readingJob } from '../define.ts'
import {
  Count,
  EntityRef,
  Id,
  IsoTime,
  Nothing,
  PageInput,
  pageOf,
  PatternScopeShape,
  RiskLevelShape,
} from '../shapes.ts'

/** policy.json of CLI.md; validated in the reputation room, which names the offending field and the W-number. */
export const PolicyDocument = z.record(z.string(), z.unknown())

/** One version of a policy as it was set. Versions are never changed: setting a policy of the same name adds one. */
export const PolicyVersion = z.object({
  id: Id,
  name: z.string(),
  service: z.string(),
  enabled: z.boolean(),
  /** 1 goes first. */
  priority: z.number(),
  effectiveFrom: IsoTime.nullable(),
  effectiveTo: IsoTime.nullable(),
  setAt: IsoTime,
  /** 1 = the first version of this name. */
  version: Count,
  /** The last version of its name. */
  isLatest: z.boolean(),
  /** The one that decides for its service now. */
  isInForce: z.boolean(),
  policy: PolicyDocument,
})
export type PolicyVersion = z.infer<typeof PolicyVersion>

const Exclusion = z.object({ clause: z.string(), reason: z.string() })
const Where = z.enum(['body', 'attachment'])

/** Something in the input that was understood otherwise than it stands there, or not at all; never silent. */
export const InputNote = z.object({
  /** `refanged`: a defanged list entry was read as the address it stands for; `no-web-address`: packs and lists say nothing of it. */
  code: z.enum(['refanged', 'no-web-address', 'no-urls']),
  field: z.string(),
  /** As it was given. */
  text: z.string(),
})
export type InputNote = z.infer<typeof InputNote>

const ClickOutcome = z.enum(['block', 'warn', 'allow', 'not-covered'])

/** What one policy says of one message (CLI.md, judge; JUDGE.md). */
export const JudgeDocument = z.object({
  policy: z.string(),
  service: z.string(),
  /** Judge time: the delivery, else now. */
  at: IsoTime,
  excluded: Exclusion.nullable(),
  action: z.string().nullable(),
  urls: z.array(
    z.object({
      url: z.string(),
      normalized: z.string().nullable(),
      where: Where,
      /** Name of the attachment; null in the body. */
      attachment: z.string().nullable(),
      level: RiskLevelShape,
      pack: z.string().nullable(),
      entry: z.string().nullable(),
      /** How far the entry reaches (W2); null where none matched. */
      scope: PatternScopeShape.nullable(),
      decidedBy: z.string(),
      clause: z.string().nullable(),
      matches: z.boolean(),
      action: z.string().nullable(),
      /** What a click on it would have met at the judge time (W33-W36); only of links in the body, and where `clicks` asks for it. */
      click: z.object({ outcome: ClickOutcome, clause: z.string(), decidedBy: z.string() }).optional(),
    }),
  ),
  files: z.array(
    z.object({
      name: z.string(),
      action: z.string().nullable(),
      /** What follows when the quarantine of the file fails (W62, W63). */
      secondary: z.string().nullable(),
      notify: z.boolean(),
      /** With `tag-file-name`: the tag (W64). */
      tag: z.string().nullable(),
      /** With `quarantine` and `delete`: what takes the place of the content (W65). */
      replacementText: z.string().nullable(),
    }),
  ),
  notifications: z.array(
    z.object({
      audience: z.enum(['administrators', 'users']),
      channel: z.literal('mail'),
      subject: z.string(),
      /** Groups and addresses. */
      recipients: z.array(z.string()),
      /** `individual`, or the mode in which it is consolidated with others (W68-W70). */
      mode: z.enum(['period', 'count', 'individual']),
    }),
  ),
  notes: z.array(InputNote),
})
export type JudgeDocument = z.infer<typeof JudgeDocument>

/** One recorded click, replayed against the policy and the packs in force at its time (W33-W36). */
export const ClickReplay = z.object({
  event: Id,
  at: IsoTime,
  user: EntityRef.nullable(),
  endpoint: EntityRef.nullable(),
  url: z.string(),
  /** The incoming message that brought the link last before the click; null when the case holds none. */
  message: EntityRef.nullable(),
  policy: z.string(),
  /** `not-covered`: time of click does not apply; `clause` says why. */
  outcome: ClickOutcome,
  clause: z.string(),
  decidedBy: z.string(),
  level: RiskLevelShape,
  pack: z.string().nullable(),
  entry: z.string().nullable(),
  scope: PatternScopeShape.nullable(),
  /** What the log says happened to the click. */
  recorded: z.string().nullable(),
})
export type ClickReplay = z.infer<typeof ClickReplay>

/** What notification drafts came to. Nothing is sent. */
export const DraftSummary = z.object({
  path: z.string(),
  drafts: Count,
  administrators: Count,
  users: Count,
  /** Filter actions behind them. */
  actions: Count,
  /** Occurrences that wait for their number (W69) or for the end of their period (W68): no mail yet. */
  pending: Count,
})

/** How administrators are told (W68-W70): `every` is the number of actions, or of hours of a period. */
export const ThresholdChoice = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('individual') }),
  z.strictObject({ mode: z.enum(['count', 'period']), every: z.number().int().min(1).max(100_000) }),
])
/** One notification as it would be written. */
const PreviewedDraft = z.object({
  audience: z.enum(['administrators', 'users']),
  mode: z.enum(['period', 'count', 'individual']),
  at: IsoTime,
  groups: z.array(z.string()),
  recipients: z.array(z.string()),
  subject: z.string(),
  body: z.string(),
})
/** What drafts would come to; `list` holds the first 200 of them, those to administrators first, long bodies cut. */
export const DraftPreview = DraftSummary.omit({ path: true }).extend({ list: z.array(PreviewedDraft) })

export const policyMethods = {
  /**
   * The policy of the case. Without `name`: the one in force at `at` (now) for `service` (a mail service when there is one).
   * With `name`: its last version, with `at` the last that covers that time. `request.not_found` when there is none.
   */
  'policy.get': query(
    z.strictObject({
      name: z.string().max(200).nullish(),
      at: IsoTime.nullish(),
      service: z.string().max(100).nullish(),
    }),
    z.object({ policy: PolicyDocument, isDefault: z.boolean() }),
  ),
  /** Every version of every policy, oldest first. */
  'policy.list': query(Nothing, z.array(PolicyVersion)),
  /** Adds a policy, or a new version of the one with that name. */
  'policy.set': command(
    z.strictObject({ policy: PolicyDocument }),
    z.object({ policy: PolicyDocument, notes: z.array(InputNote) }),
  ),
  /**
   * Judges one message without a case. `packs` are grants of pack files. Of several policies the one of the message's service
   * that goes first at the judge time applies. `policy.service_mismatch`, `judge.invalid_message`.
   */
  'judge.message': query(
    z.strictObject({
      policies: z.array(PolicyDocument).min(1).max(100),
      packs: z.array(z.string()).max(100).default([]),
      /** Also the packs of the open case that are in force now. */
      casePacks: z.boolean().default(false),
      message: z.union([
        /** A mail file: .eml, .msg. */
        z.strictObject({ grant: z.string() }),
        z.strictObject({ url: z.string().max(40_000) }),
        /** "A message for judge" of CLI.md. */
        z.strictObject({ document: z.record(z.string(), z.unknown()) }),
      ]),
      /** Judges as at this time, with the packs in force then; absent: at the delivery, else now, with the newest packs. */
      at: IsoTime.nullish(),
      /** Also what a click on each link would have met. */
      clicks: z.boolean().default(false),
      /** Language of subjects that the policy leaves to us. */
      lang: z.string().max(35).default('en'),
    }),
    JudgeDocument,
  ),
  'click.replay': query(
    PageInput.extend({ outcome: ClickOutcome.nullish() }),
    pageOf(ClickReplay).extend({
      counts: z.object({ clicks: Count, block: Count, warn: Count, allow: Count, notCovered: Count }),
    }),
  ),
  /**
   * Writes notifications as .eml drafts into a new folder, or a new .zip file when the path ends so. About the actions of a stored
   * retro scan (`run`), else about every stored message judged at its delivery.
   */
  'notification.drafts': job(
    z.strictObject({ grant: z.string(), run: Id.nullish(), lang: z.string().max(35).default('en') }),
    DraftSummary,
  ),
  /** The same drafts without writing any. `threshold` stands in for that of the policies: what another mode would come to. */
  'notification.preview': readingJob(
    z.strictObject({
      run: Id.nullish(),
      lang: z.string().max(35).default('en'),
      threshold: ThresholdChoice.nullish(),
    }),
    DraftPreview,
  ),
} as const
