import { z } from 'zod'
import { query } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, PageInput, pageOf, RelationKindShape } from '../shapes.ts'
import { EntityArgument } from './graph.ts'
import { CampaignRef, Perhaps } from './mail.ts'
import { Proof } from './story.ts'

/** One thing that happened with a copy of a message. `copy`: the stored message itself says so. */
export const MatrixCell = z.object({
  at: IsoTime.nullable(),
  source: z.enum(['relation', 'event', 'copy']),
  proof: Proof,
})
export type MatrixCell = z.infer<typeof MatrixCell>

/** A recipient of a message: delivered, opened, clicked, run, logged on. Null: nothing known of it. */
export const MatrixRow = z.object({
  message: EntityRef,
  /**
   * False: not a recipient. With `user` somebody who opened or ran something of the message all the same; without one a request for its
   * link by nobody known, `address` is then the account or the address that the log names.
   */
  isRecipient: z.boolean(),
  address: z.string(),
  mailbox: EntityRef.nullable(),
  user: EntityRef.nullable(),
  /** Where it was run, else saved, else opened. Null: not known; `loggedOn` may then have been on any of the recipient's endpoints. */
  endpoint: EntityRef.nullable(),
  recordedAction: z.string().nullable(),
  delivered: MatrixCell.nullable(),
  /** The mail was read, as the mailbox log says. */
  opened: MatrixCell.nullable(),
  clicked: MatrixCell.nullable(),
  /** A click that was stopped. */
  blocked: MatrixCell.nullable(),
  executed: MatrixCell.nullable(),
  perhaps: Perhaps,
  loggedOn: MatrixCell.nullable(),
  removedAt: IsoTime.nullable(),
})
export type MatrixRow = z.infer<typeof MatrixRow>

/** How somebody was or may be affected, by the kind of relation that says so. */
export const ExposedRow = z.object({
  entity: EntityRef,
  /** Kinds of relation, first use first. */
  how: z.array(RelationKindShape),
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  /** `affected`: something ran, was opened or was used there. `at-risk`: it lies there, was delivered, or was reachable. */
  state: z.enum(['affected', 'at-risk']),
  proof: Proof,
})
export type ExposedRow = z.infer<typeof ExposedRow>

const Side = z.object({ rows: z.array(ExposedRow), total: Count })

export const exposureMethods = {
  /**
   * Who and what a mailbox, user, endpoint, file, URL or message reached or could reach. `entity` may also be `hash:HEX`: all files and
   * attachments with this SHA-256, SHA-1 or MD5. Each list holds `limit` rows at most and says how many there are.
   */
  'exposure.of': query(
    z.strictObject({ entity: EntityArgument, limit: z.number().int().min(1).max(1000).default(100) }),
    z.object({
      entity: EntityRef,
      /** The same content elsewhere (files and attachments with one hash). */
      twins: z.array(EntityRef),
      /**
       * Mail that carries or links to it: their recipients, as `exposure.matrix` shows them. Of a mailbox or a user the mail that was
       * delivered there, and what was done with it there.
       */
      messages: z.object({ rows: z.array(EntityRef), total: Count }),
      recipients: z.object({
        total: Count,
        delivered: Count,
        clicked: Count,
        executed: Count,
        /** Who perhaps clicked or ran it ({@link Perhaps}); not among those. */
        perhaps: Count,
        removed: Count,
        /** Who opened or ran something of it without being a recipient; in none of the other figures. */
        others: Count,
      }),
      users: Side,
      endpoints: Side,
      /** What led to it: the direct causes and those before them, nearest first. */
      before: Side,
      /** What came of it, or could have: all that followed in time (`path.reach` has the way to each). */
      after: Side,
      /** High-value targets that rights would allow to reach from who is affected. */
      could: z.object({
        rows: z.array(
          z.object({
            entity: EntityRef,
            from: EntityRef,
            hops: Count,
            confidence: z.number(),
            relations: z.array(Id),
          }),
        ),
        total: Count,
      }),
    }),
  ),
  /**
   * Recipients of a message, of all messages with a URL or a file, or of a campaign: those who did most first. Of a mailbox or a
   * user the messages delivered there, a row each.
   */
  'exposure.matrix': query(
    z.union([
      PageInput.extend({ entity: EntityArgument }),
      /** As `mail.campaigns` names it. */
      PageInput.extend({
        campaign: CampaignRef,
      }),
    ]),
    pageOf(MatrixRow).extend({
      counts: z.object({
        messages: Count,
        recipients: Count,
        delivered: Count,
        opened: Count,
        clicked: Count,
        blocked: Count,
        executed: Count,
        /** Who perhaps clicked or ran it ({@link Perhaps}); not among those. */
        perhaps: Count,
        loggedOn: Count,
        removed: Count,
        /** Rows that are no recipients'; in none of the other figures. */
        others: Count,
      }),
    }),
  ),
} as const
