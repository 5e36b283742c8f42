import { z } from 'zod'
import { job, query } from '../define.ts'
import { Count, Id, IsoTime, Nothing, PageInput, pageOf, TextRef } from '../shapes.ts'

/** One row of the conservation table (CLI.md, document `import`). */
export const EvidenceRow = z.object({
  id: Id,
  name: z.string(),
  sha256: z.string(),
  bytes: Count,
  bytesRead: Count,
  format: z.string(),
  confidence: z.number(),
  zone: z.string(),
  zoneAssumed: z.boolean(),
  read: Count,
  stored: Count,
  duplicate: Count,
  rejected: Count,
  events: Count,
  messages: Count,
  directoryObjects: Count,
  issues: z.array(z.object({ code: z.string(), count: Count })),
  status: z.enum(['importing', 'done', 'done-with-rejects', 'cancelled', 'failed']),
  /** Error code when status is `failed`. */
  error: z.string().nullable(),
  seconds: z.number(),
  importedAt: IsoTime,
  /** Time span of its events, null when undated. */
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  /** Newer directory snapshot of the same domain exists (S12). */
  stale: z.boolean(),
})
export type EvidenceRow = z.infer<typeof EvidenceRow>

/** A file that was not taken into the case at all (unknown format, already imported, unreadable). */
export const RefusedFile = z.object({
  name: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
})

export const ImportResult = z.object({
  case: z.string(),
  evidence: z.array(EvidenceRow),
  refused: z.array(RefusedFile),
  totals: z.object({
    files: Count,
    bytes: Count,
    read: Count,
    stored: Count,
    duplicate: Count,
    rejected: Count,
  }),
})
export type ImportResult = z.infer<typeof ImportResult>

export const IssueRow = z.object({
  id: Id,
  evidenceId: Id,
  evidenceName: z.string(),
  locator: z.string(),
  code: z.string(),
  excerpt: z.string(),
  /** Records lost by it; 0 for a remark. */
  records: Count,
})
export type IssueRow = z.infer<typeof IssueRow>

export const AuditRow = z.object({
  seq: Count,
  at: IsoTime,
  actor: z.string(),
  action: z.string(),
  /** Plain JSON details; ids, names, hashes, counts. */
  details: z.record(z.string(), z.unknown()),
  evidenceId: Id.nullable(),
  hash: z.string(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const RawRecord = z.object({
  evidenceId: Id,
  evidenceName: z.string(),
  sha256: z.string(),
  record: Count,
  locator: z.string(),
  raw: z.string(),
  /** True when only the first part of the record is kept in the case. */
  truncated: z.boolean(),
})
export type RawRecord = z.infer<typeof RawRecord>

export const evidenceMethods = {
  /** Imports files and folders (recursive). `format` overrides detection for all of them. */
  'evidence.import': job(
    z.strictObject({
      grants: z.array(z.string()).min(1).max(1000),
      format: z.string().nullish(),
      zone: z.string().nullish(),
      /** Run identity and correlation afterwards (the screens do; the CLI leaves it to `correlate`). */
      correlate: z.boolean().default(false),
    }),
    ImportResult,
  ),
  /** Continues imports that were cut off (kill, power, disk). */
  'evidence.resume': job(Nothing, ImportResult),
  'evidence.list': query(Nothing, z.array(EvidenceRow)),
  'evidence.issues': query(
    PageInput.extend({ evidenceId: Id.nullish(), code: z.string().nullish() }),
    pageOf(IssueRow),
  ),
  'evidence.remove': job(z.strictObject({ evidenceId: Id }), z.object({ removed: z.boolean() })),
  'evidence.formats': query(
    Nothing,
    z.array(z.object({ id: z.string(), title: TextRef, description: TextRef })),
  ),
  'record.get': query(z.strictObject({ evidenceId: Id, record: Count }), RawRecord),
  'audit.list': query(PageInput.extend({ evidenceId: Id.nullish() }), pageOf(AuditRow)),
  'audit.verify': query(
    Nothing,
    z.object({ ok: z.boolean(), entries: Count, head: z.string(), brokenAt: Count.nullable() }),
  ),
} as const
