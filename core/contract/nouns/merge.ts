import { z } from 'zod'
import { command, job, query, readingJob } from '../define.ts'
import { Count, Id, IsoTime, Nothing, PageInput, pageOf } from '../shapes.ts'

export const MERGE_CHOICES = ['mine', 'theirs', 'both'] as const
export const MergeChoice = z.enum(MERGE_CHOICES)
export type MergeChoice = z.infer<typeof MergeChoice>

/** How a piece of work stands in one of the two cases. */
export const MergeSide = z.object({
  /** What sort this side is of, where the two are of different sorts (one merged, the other split); as of the difference otherwise. */
  sort: z.string().optional(),
  /** Verdict, tag, state of a step, kind of a decision, version of a pack; empty where there is none. */
  value: z.string(),
  /** Note, reason, caption. */
  text: z.string(),
  by: z.string(),
  at: IsoTime.nullable(),
})
export type MergeSide = z.infer<typeof MergeSide>

/** What the work is about. `id` is that of this case; null when it does not hold it (yet). */
export const MergeSubject = z.object({
  /** `event`, `entity`, `relation`, `detection`, `story`, `plan-step`, `identity`, `policy`, `pack`, `criteria`. */
  kind: z.string(),
  id: z.string().nullable(),
  name: z.string(),
})
export type MergeSubject = z.infer<typeof MergeSubject>

/**
 * One difference. `add`, `change` and `remove` follow from what the colleague did after ours; a `conflict` asks. `mine` or `theirs` null:
 * it is not there, or was removed.
 */
export const MergeDifference = z.object({
  id: z.string(),
  /** Kind of work; words are `merge.part.<part>`. */
  part: z.string(),
  action: z.enum(['add', 'change', 'remove', 'conflict']),
  /** What sort it is within its part (`note`, `verdict`, `merge`, `split`); words are `merge.sort.<sort>`. */
  sort: z.string(),
  subject: MergeSubject,
  mine: MergeSide.nullable(),
  theirs: MergeSide.nullable(),
  /** Of a conflict: the ways it can be settled. */
  choices: z.array(MergeChoice),
})
export type MergeDifference = z.infer<typeof MergeDifference>

const Source = z.object({
  caseId: z.string(),
  file: z.string(),
  isSameCase: z.boolean(),
  createdAt: IsoTime,
  auditHead: z.string(),
  auditEntries: Count,
  /** Entries both logs begin with: the cases were one until then. */
  sharedEntries: Count,
})
const EvidenceItem = z.object({ name: z.string(), sha256: z.string(), bytes: Count, format: z.string() })

export const MergePartCounts = z.object({
  part: z.string(),
  add: Count,
  change: Count,
  remove: Count,
  conflict: Count,
  /** Alike in both. */
  same: Count,
  /** Differs, and ours is the newer, or was settled before. */
  kept: Count,
})

export const MergePlan = z.object({
  other: Source,
  /** The name the colleague's work goes by. */
  by: z.string(),
  /** Of everything that was compared; `merge.run` with it refuses when something changed since. */
  fingerprint: z.string(),
  evidence: z.object({ both: Count, mineOnly: z.array(EvidenceItem), theirsOnly: z.array(EvidenceItem) }),
  parts: z.array(MergePartCounts),
  /** Conflicts first. At most 10,000; `total` counts them all. */
  differences: z.array(MergeDifference),
  total: Count,
  /** Rows of the other case that are none of ours (damaged or forged): left out. */
  unreadable: z.array(z.object({ part: z.string(), item: z.string(), problem: z.string() })),
})
export type MergePlan = z.infer<typeof MergePlan>

export const MergeRow = z.object({
  id: Id,
  at: IsoTime,
  by: z.string(),
  caseId: z.string(),
  file: z.string(),
  entries: Count,
  head: z.string(),
  items: Count,
  undoneAt: IsoTime.nullable(),
})
export type MergeRow = z.infer<typeof MergeRow>

export const MergeResult = z.object({
  /** Null when nothing was to be brought together: nothing was written. */
  merge: Id.nullable(),
  by: z.string(),
  changed: Count,
  settled: Count,
  parts: z.array(MergePartCounts),
  /** Evidence brought in from the folders given, and what no folder held. */
  imported: z.array(z.object({ name: z.string(), sha256: z.string() })),
  missing: z.array(EvidenceItem),
})
export type MergeResult = z.infer<typeof MergeResult>

const Other = {
  /** The colleague's case; opened read-only. */
  grant: z.string(),
  /** What the colleague is called in marks and decisions; absent: the name of the file. */
  by: z.string().trim().min(1).max(60).nullish(),
}

export const mergeMethods = {
  /** What merging would do; nothing is written. */
  'merge.plan': readingJob(z.strictObject(Other), MergePlan),
  /**
   * Brings the work of the other case into this one, in one transaction. Conflicts that neither `choices` (by id of the difference) nor
   * `prefer` settle stop it (`merge.conflicts`). Evidence that only the other case has is imported before from the folders given, found
   * by its hash. Merging again changes nothing.
   */
  'merge.run': job(
    z.strictObject({
      ...Other,
      evidence: z.array(z.string()).max(100).default([]),
      choices: z.record(z.string().max(64), MergeChoice).default({}),
      prefer: z.enum(['mine', 'theirs']).nullish(),
      /** Parts that are not brought. */
      without: z.array(z.string().max(40)).max(20).default([]),
      fingerprint: z.string().max(64).nullish(),
      correlate: z.boolean().default(false),
    }),
    MergeResult,
  ),
  /** Merges of this case, newest first. */
  'merge.list': query(Nothing, z.array(MergeRow)),
  /** What one merge changed, in the order in which it did. */
  'merge.items': query(
    PageInput.extend({ id: Id }),
    pageOf(
      z.object({
        part: z.string(),
        sort: z.string(),
        subject: MergeSubject,
        before: MergeSide.nullable(),
        after: MergeSide.nullable(),
      }),
    ),
  ),
  /** Takes back what a merge changed and nobody changed since; the rest stays and is counted. Evidence stays. */
  'merge.undo': command(z.strictObject({ id: Id }), z.object({ restored: Count, left: Count })),
} as const
