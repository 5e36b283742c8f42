import type { MethodName } from '../contract/methods.ts'
import type { EngineEvent } from '../contract/types.ts'
import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { toStoreError } from '../store/errors.ts'
import { readerAsWriter } from '../store/store.ts'
import type { CommandContext, Handlers, QueryContext } from './handlers.ts'

export interface ReadingJobOptions {
  readonly handlers: Handlers
  readonly emit: (event: EngineEvent) => void
  /** Keeps the result for `job.get`; there is no job log to write it to. */
  readonly keep: (jobId: string, result: unknown) => void
}

/** Runs jobs that only read on a case that cannot be written: in the engine's own thread, with the reading connection. */
export class ReadingJobs {
  readonly #options: ReadingJobOptions
  readonly #cancels = new Map<string, AbortController>()
  constructor(options: ReadingJobOptions) {
    this.#options = options
  }

  cancel(jobId: string): void {
    this.#cancels.get(jobId)?.abort(new WorkbenchError('job.cancelled'))
  }

  /** Starts the job and returns; its end goes out as an event. */
  start(jobId: string, method: MethodName, input: unknown, context: QueryContext): void {
    const cancel = new AbortController()
    this.#cancels.set(jobId, cancel)
    void this.#run(jobId, method, input, context, cancel.signal).finally(() => this.#cancels.delete(jobId))
  }

  async #run(
    jobId: string,
    method: MethodName,
    input: unknown,
    context: QueryContext,
    signal: AbortSignal,
  ): Promise<void> {
    const { handlers, emit, keep } = this.#options
    let status: 'done' | 'failed' | 'cancelled' = 'done'
    let error: ReturnType<typeof toPlainError> | null = null
    // The caller gets its job id before the first event of the job.
    await new Promise<void>((next) => setImmediate(next))
    try {
      const own: CommandContext = {
        ...context,
        db: readerAsWriter(context.db),
        signal,
        isReadOnly: true,
        changed: () => undefined,
        progress: ({ done = null, step = null, counters = {} }) =>
          emit({ type: 'job.progress', jobId, method, progress: done, eta: null, step, counters }),
      }
      const handler = handlers[method] as ((context: CommandContext, input: never) => unknown) | undefined
      if (!handler) throw new WorkbenchError('request.unknown_method', { method })
      keep(jobId, await handler(own, input as never))
    } catch (thrown) {
      status = signal.aborted ? 'cancelled' : 'failed'
      error = signal.aborted ? null : toPlainError(noteDefect(toStoreError(thrown, context.casePath), method))
    }
    emit({ type: 'job.ended', jobId, method, status, error })
    emit({ type: 'store.changed', nouns: ['job'] })
  }
}
