import { z } from 'zod'
import { query, readingJob } from '../define.ts'
import { Count, IsoTime, Nothing, TextRef } from '../shapes.ts'

/** A place the work can live on in: one exporter, or a format of the remediation plan listed by reference. */
export const ExportTarget = z.object({
  id: z.string(),
  title: TextRef,
  description: TextRef,
  /** What of the case this target does not take; null when nothing is left out. */
  left: TextRef.nullable(),
  mediaType: z.string(),
  /** Ending of the file, without the dot. */
  extension: z.string(),
  /** Parts of the case it reads: `events`, `messages`, `entities`, `relations`, `detections`, `indicators`, `techniques`, `audit`, `plan`. */
  reads: z.array(z.string()),
  /** `choice`: addresses are defanged unless `live` is asked for; `live`: a program reads them, they are as in evidence. */
  addresses: z.enum(['choice', 'live']),
  /** Takes `from` and `to`. */
  takesSpan: z.boolean(),
  /** The method that writes it: `export.run`, or `plan.export` for the formats of the plan (their id is then `plan-FORMAT`). */
  method: z.enum(['export.run', 'plan.export']),
})
export type ExportTarget = z.infer<typeof ExportTarget>

export const ExportResult = z.object({
  target: z.string(),
  path: z.string(),
  bytes: Count,
  sha256: z.string(),
  /** Rows written, all parts together, and by part. */
  rows: Count,
  counts: z.record(z.string(), Count),
  /** Addresses in the file can be followed. */
  isLive: z.boolean(),
})
export type ExportResult = z.infer<typeof ExportResult>

export const exportMethods = {
  'export.targets': query(Nothing, z.array(ExportTarget)),
  /**
   * Writes one file for another system, whole or not at all. `from` and `to` (from <= at < to) leave out what happened at another
   * time, and undated events. Which rows, their number, the SHA-256 of the file and whether addresses are live go into the audit log.
   */
  'export.run': readingJob(
    z.strictObject({
      grant: z.string(),
      target: z.string().max(100),
      live: z.boolean().default(false),
      from: IsoTime.nullish(),
      to: IsoTime.nullish(),
    }),
    ExportResult,
  ),
} as const
