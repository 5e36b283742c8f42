import type { z } from 'zod'

/**
 * The three ways to ask the engine for something.
 * `query` reads and runs on the engine thread; `command` changes the case, is short and runs on the job thread;
 * `job` is a long command: the caller gets a job id at once, progress and end arrive as events, the result is in
 * `job.get`; `host` is answered by the host itself (dialogs), never by the engine.
 */
export type MethodKind = 'query' | 'command' | 'job' | 'host'

export interface MethodSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: MethodKind
  readonly input: I
  readonly output: O
  /** See {@link readingJob}. */
  readonly reads?: boolean
}

export const query = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'query', input, output }) as const
export const command = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'command', input, output }) as const
/** `output` is the result of the finished job; the call itself answers `{ jobId }`. */
export const job = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'job', input, output }) as const
/** A job that can do its work, or a part of it, on a case that cannot be written (it then leaves no trace in the audit log). */
export const readingJob = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'job', input, output, reads: true }) as const
export const host = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'host', input, output }) as const
