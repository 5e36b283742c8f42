import { z } from 'zod'
import { command, query } from '../define.ts'
import { Count, EntityRef, Id, IsoTime, Nothing, TextRef } from '../shapes.ts'

export const JobRow = z.object({
  id: Id,
  method: z.string(),
  status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  /** 0..1, null while unknown. */
  progress: z.number().nullable(),
  /** Seconds left, null while unknown. */
  eta: z.number().nullable(),
  step: TextRef.nullable(),
  counters: z.record(z.string(), z.number()),
  error: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
})
export type JobRow = z.infer<typeof JobRow>

export const Overview = z.object({
  counts: z.record(z.string(), Count),
  /** S3, S16: one row per precondition of correlation. */
  readiness: z.array(
    z.object({ id: z.string(), state: z.enum(['met', 'partly', 'unmet']), title: TextRef, detail: TextRef }),
  ),
  coverage: z.array(
    z.object({
      evidenceId: Id,
      name: z.string(),
      format: z.string(),
      firstAt: IsoTime.nullable(),
      lastAt: IsoTime.nullable(),
      events: Count,
      /** Stretches of time with events, in order; what lies between them is a gap. Without times of broken clocks (1601, the future). */
      parts: z.array(z.object({ firstAt: IsoTime, lastAt: IsoTime })),
    }),
  ),
  endpointsWithSensor: Count,
  endpointsWithoutSensor: z.array(EntityRef),
  mailClients: z.array(z.object({ name: z.string(), endpoints: Count, isOutlook: z.boolean() })),
  retro: z.object({ lastRunAt: IsoTime.nullable(), turned: Count, exposed: Count }).nullable(),
})
export type Overview = z.infer<typeof Overview>

export const overviewMethods = {
  'overview.get': query(Nothing, Overview),
  'job.list': query(Nothing, z.array(JobRow)),
  /** State and, once done, the result of a job. */
  'job.get': query(z.strictObject({ id: Id }), z.object({ job: JobRow, result: z.unknown() })),
  'job.cancel': command(z.strictObject({ id: Id }), Nothing),
  /** Extension texts (importers, rules, sections) of one language, as flat `key -> text`; the renderer merges them. */
  'locale.messages': query(z.strictObject({ lang: z.string() }), z.record(z.string(), z.string())),
} as const
