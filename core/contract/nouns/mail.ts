import { z } from 'zod'
import { query } from '../define.ts'
import {
  Count,
  EntityRef,
  Id,
  IsoTime,
  PageInput,
  pageOf,
  RiskLevelShape,
  Source,
  TextRef,
} from '../shapes.ts'

/**
 * Risk of a URL at delivery and now, as a retro scan says it: `untested` also before the first pack was made. Null, not judged: the case
 * has no packs, or (`then`) the time of delivery is not known.
 */
export const ThenNow = z.object({ then: RiskLevelShape.nullable(), now: RiskLevelShape.nullable() })

/** One logical message: all copies with one Message-ID. */
export const MessageRow = z.object({
  /** Entity id of the message. */
  id: Id,
  messageId: z.string().nullable(),
  subject: z.string(),
  from: z.string(),
  fromName: z.string(),
  sentAt: IsoTime.nullable(),
  deliveredAt: IsoTime.nullable(),
  mailboxes: Count,
  urls: Count,
  attachments: Count,
  risk: ThenNow,
  /** Somebody clicked, opened or ran something from it. */
  touched: z.boolean(),
})
export type MessageRow = z.infer<typeof MessageRow>

export const MessageUrlRow = z.object({
  urlId: Id,
  entityId: Id.nullable(),
  url: z.string(),
  rewritten: z.string().nullable(),
  text: z.string().nullable(),
  where: z.enum(['body', 'attachment']),
  attachment: z.string().nullable(),
  risk: ThenNow,
  pack: z.string().nullable(),
  entry: z.string().nullable(),
})

/** What only the name of a file or of a host ties to the message: perhaps something else was opened or run. */
export const Perhaps = z.array(z.enum(['clicked', 'executed']))

export const RecipientRow = z.object({
  mailbox: EntityRef.nullable(),
  address: z.string(),
  user: EntityRef.nullable(),
  deliveredAt: IsoTime.nullable(),
  clickedAt: IsoTime.nullable(),
  executedAt: IsoTime.nullable(),
  perhaps: Perhaps,
  endpoint: EntityRef.nullable(),
  loggedOnAt: IsoTime.nullable(),
  recordedAction: z.string().nullable(),
})
export type RecipientRow = z.infer<typeof RecipientRow>

/** Where a copy was, as the recorded actions tell. */
export const MAIL_STATES = ['unknown', 'delivered', 'junk', 'quarantined', 'deleted', 'stopped'] as const
export const MailState = z.enum(MAIL_STATES)
/** What was done to one copy, in the order of time; steps without a time stand last. */
export const ActionHistory = z.object({
  mailbox: z.string(),
  /** Where it is after the last step that is possible. */
  state: MailState,
  steps: z.array(
    z.object({
      at: IsoTime.nullable(),
      /** The word of the evidence. */
      word: z.string(),
      /** What it means; `other` when it changes nothing about the place. */
      action: z.enum([
        'delivered',
        'junked',
        'quarantined',
        'deleted',
        'moved',
        'restored',
        'released',
        'stopped',
        'other',
      ]),
      from: MailState,
      to: MailState,
      /** False when a copy in state `from` cannot take this step: records are missing or contradict each other. */
      isPossible: z.boolean(),
      /** False: it was tried and failed. */
      succeeded: z.boolean(),
      event: Id.nullable(),
      source: z.object({ evidenceId: Id, record: Count }),
    }),
  ),
})
export type ActionHistory = z.infer<typeof ActionHistory>

/** What the header of a message tells a reader who looks closely. */
export const HeaderFindings = z.object({
  /** Servers it passed, oldest first. */
  hops: z.array(
    z.object({
      from: z.string().nullable(),
      fromIp: z.string().nullable(),
      by: z.string().nullable(),
      protocol: z.string().nullable(),
      at: IsoTime.nullable(),
      /** Since the dated hop before; negative when the clock is behind. */
      delaySeconds: z.number().nullable(),
      remarks: z.array(TextRef),
    }),
  ),
  /** Tricks and contradictions: display names, reply-to, look-alike domains, forged results. */
  signals: z.array(z.object({ text: TextRef, isStrong: z.boolean() })),
})
export type HeaderFindings = z.infer<typeof HeaderFindings>

export const MessageDetail = MessageRow.extend({
  ...HeaderFindings.shape,
  replyTo: z.array(z.string()),
  returnPath: z.string().nullable(),
  sourceIp: z.string().nullable(),
  sourceDomain: z.string().nullable(),
  authentication: z.object({
    spf: z.string().nullable(),
    dkim: z.string().nullable(),
    dmarc: z.string().nullable(),
  }),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  body: z.string().nullable(),
  urlList: z.array(MessageUrlRow),
  attachmentList: z.array(
    z.object({
      entityId: Id.nullable(),
      name: z.string(),
      contentType: z.string().nullable(),
      bytes: Count.nullable(),
      sha256: z.string().nullable(),
      sha1: z.string().nullable(),
    }),
  ),
  recipients: z.array(RecipientRow),
  history: z.array(ActionHistory),
  sources: z.array(Source),
})
export type MessageDetail = z.infer<typeof MessageDetail>

/** What the messages of a campaign share: the host of a link, an attachment (its hash, else its name), the address of the sender. */
export const CampaignRef = z.strictObject({
  by: z.enum(['url', 'attachment', 'sender']),
  value: z.string().max(4000),
})
export type CampaignRef = z.infer<typeof CampaignRef>
export const CampaignRow = z.object({
  by: CampaignRef.shape.by,
  value: z.string(),
  /** What a reader calls it: of an attachment its name. */
  name: z.string(),
  messages: Count,
  mailboxes: Count,
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  risk: ThenNow,
})
export type CampaignRow = z.infer<typeof CampaignRow>

export const mailMethods = {
  'mail.list': query(
    PageInput.extend({
      campaign: CampaignRef.nullish(),
      text: z.string().max(4000).default(''),
      risk: RiskLevelShape.nullish(),
      touchedOnly: z.boolean().default(false),
      order: z.enum(['oldest', 'newest', 'risk']).default('newest'),
    }),
    pageOf(MessageRow),
  ),
  'mail.get': query(z.strictObject({ id: Id }), MessageDetail),
  /**
   * Messages that share a link host, an attachment or the sender, larger groups first; `risk`: those that are or were the most dangerous
   * before. `named`: that one alone, if there is any.
   */
  'mail.campaigns': query(
    PageInput.extend({ named: CampaignRef.nullish(), order: z.enum(['size', 'risk']).default('size') }),
    pageOf(CampaignRow),
  ),
  /** All messages of a campaign, by id; none when there is no such campaign. */
  'mail.campaign': query(CampaignRef, z.object({ messages: z.array(Id) })),
} as const
