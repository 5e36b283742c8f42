import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { methods, type MethodName } from '../contract/methods.ts'
import type { EngineEvent, Noun } from '../contract/types.ts'
import { appendAudit } from '../store/audit.ts'
import { openForWriting, type WritableCase } from '../store/case-file.ts'
import { toStoreError } from '../store/errors.ts'
import type { WriteStore } from '../store/store.ts'
import type { CommandContext, Handlers, QueryContext } from './handlers.ts'
import { guardOutputs } from './output-place.ts'

/** What the runner needs from outside; functions only, so that a thread boundary can stand between. */
export interface RunnerOptions {
  readonly handlers: Handlers
  readonly now: () => number
  readonly emit: (event: EngineEvent) => void
  readonly resolveGrant: QueryContext['resolveGrant']
  readonly print: QueryContext['print']
  /** Takes messages that wait (a cancel): asked while a job runs that never lets the event loop go on. */
  readonly poll?: () => void
  /**
   * What is done with the case while nobody waits for the writer: a piece per call (a tenth of a second or two), false when there is
   * nothing left. Absent: nothing.
   */
  readonly whenIdle?: (db: WriteStore) => () => boolean
}

/** Progress events are sent at most this often; the last one always. */
const PROGRESS_INTERVAL_MS = 100
/** While a job runs, screens are told of changed rows at most this often. */
const CHANGED_INTERVAL_MS = 1000

/** The writer has had no work for this long. */
const IDLE_MS = 50

const insertJob = `INSERT INTO job_log (id, method, status, started_at) VALUES (?, ?, 'running', ?)`
const endJob = `UPDATE job_log SET status = ?, ended_at = ?, error = ?, result = ? WHERE id = ?`

/**
 * Holds the single write connection and runs commands and jobs one after the other. Lives on the job thread, or inline
 * in tests; it is the same code either way.
 */
export class JobRunner {
  readonly #options: RunnerOptions
  readonly #cancels = new Map<string, AbortController>()
  #case: { file: WritableCase; path: string } | undefined
  #queue: Promise<unknown> = Promise.resolve()
  /** Commands and jobs that wait or run. */
  #waiting = 0
  #idle: { readonly piece: () => boolean; timer?: ReturnType<typeof setTimeout> } | undefined

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Opens the case for writing; jobs that a crash cut off are marked so. */
  open(path: string): void {
    if (this.#case) throw new WorkbenchError('job.busy')
    const file = openForWriting(path)
    try {
      file.db
        .prepare(
          `UPDATE job_log SET status = 'failed', error = '{"code":"internal","params":{"name":"interrupted"}}' WHERE status = 'running'`,
        )
        .run()
    } catch (thrown) {
      file.close()
      throw toStoreError(thrown, path)
    }
    this.#case = { file, path }
    const piece = this.#options.whenIdle?.(file.db)
    if (piece) this.#idle = { piece }
    this.#rest()
  }

  /** Goes on with what is left for idle times, when this is one. */
  #rest(): void {
    const idle = this.#idle
    if (!idle || this.#waiting > 0) return
    clearTimeout(idle.timer)
    idle.timer = setTimeout(() => {
      if (this.#waiting > 0 || this.#idle !== idle) return
      try {
        if (idle.piece()) this.#rest()
      } catch (thrown) {
        // A full disk: what is made in idle times can wait until the case is opened again.
        this.#idle = undefined
        this.#plain(thrown)
      }
    }, IDLE_MS)
  }

  /** Cancels what runs, waits for it, closes the case. */
  async close(): Promise<void> {
    clearTimeout(this.#idle?.timer)
    this.#idle = undefined
    for (const cancel of this.#cancels.values()) cancel.abort(new WorkbenchError('job.cancelled'))
    await this.#queue
    this.#case?.file.close()
    this.#case = undefined
  }

  cancel(jobId: string): void {
    this.#cancels.get(jobId)?.abort(new WorkbenchError('job.cancelled'))
  }

  /** Runs a short command and answers with its result. */
  command(method: MethodName, input: unknown): Promise<unknown> {
    return this.#enqueue(() => this.#run(method, input, new AbortController().signal, () => undefined))
  }

  /** Queues a job and returns at once; progress and end go out as events, the result into the job log. */
  job(jobId: string, method: MethodName, input: unknown): void {
    const cancel = new AbortController()
    this.#cancels.set(jobId, cancel)
    const done = this.#enqueue(() => this.#runJob(jobId, method, input, cancel.signal))
    void done.finally(() => this.#cancels.delete(jobId))
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const next = this.#queue.then(work).finally(() => {
      this.#waiting -= 1
      this.#rest()
    })
    this.#queue = next.catch(() => undefined)
    return next
  }

  async #runJob(jobId: string, method: MethodName, input: unknown, signal: AbortSignal): Promise<void> {
    const { emit, now } = this.#options
    const started = now()
    const db = this.#case?.file.db
    const progress = progressSender(jobId, method, started, this.#options)
    let status: 'done' | 'failed' | 'cancelled' = 'done'
    let error: ReturnType<typeof toPlainError> | null = null
    let result: unknown = null
    try {
      db?.prepare(insertJob).run(Number(jobId), method, started)
      signal.throwIfAborted()
      progress.update({})
      result = await this.#run(method, input, signal, progress.update)
    } catch (thrown) {
      error = this.#plain(thrown)
      status = signal.aborted ? 'cancelled' : 'failed'
      if (status === 'cancelled') error = null
    }
    try {
      db?.prepare(endJob).run(
        status,
        now(),
        error === null ? null : JSON.stringify(error),
        JSON.stringify(result),
        Number(jobId),
      )
    } catch (thrown) {
      // A full disk also refuses this line; the caller still learns how the job ended.
      error ??= this.#plain(thrown)
      status = status === 'done' ? 'failed' : status
    }
    progress.flush()
    emit({ type: 'job.ended', jobId, method, status, error })
    emit({ type: 'store.changed', nouns: ['job'] })
  }

  #plain(thrown: unknown): ReturnType<typeof toPlainError> {
    const mapped = toStoreError(thrown, this.#case?.path ?? '')
    return toPlainError(noteDefect(mapped, 'job'))
  }

  async #run(
    method: MethodName,
    input: unknown,
    signal: AbortSignal,
    progress: CommandContext['progress'],
  ): Promise<unknown> {
    const open = this.#case
    if (!open) throw new WorkbenchError('case.none_open')
    const changed = new Set<Noun>()
    let toldAt = performance.now()
    const tell = () => {
      if (changed.size > 0) this.#options.emit({ type: 'store.changed', nouns: [...changed] })
      changed.clear()
      toldAt = performance.now()
    }
    const context: CommandContext = {
      db: open.file.db,
      casePath: open.path,
      now: this.#options.now,
      resolveGrant: guardOutputs(this.#options.resolveGrant, open.file.db),
      print: this.#options.print,
      signal,
      progress,
      isReadOnly: false,
      changed: (...nouns) => {
        for (const noun of nouns) changed.add(noun)
        if (performance.now() - toldAt >= CHANGED_INTERVAL_MS) tell()
      },
      ask: async (asked, askedInput) => {
        const parsed: unknown = methods[asked].input.parse(askedInput)
        return (await this.#handler(asked)(context as never, parsed as never)) as never
      },
    }
    try {
      return await this.#handler(method)(context as never, input as never)
    } catch (thrown) {
      throw toStoreError(thrown, open.path)
    } finally {
      tell()
    }
  }

  #handler(method: MethodName): (context: never, input: never) => unknown {
    const handler = this.#options.handlers[method]
    if (!handler) throw new WorkbenchError('request.unknown_method', { method })
    return handler as (context: never, input: never) => unknown
  }

  /** For the case lifecycle: writes one audit line outside any handler. */
  audit(action: string, details: Record<string, unknown>): void {
    const db = this.#case?.file.db
    if (db) db.transaction(() => appendAudit(db, { at: this.#options.now(), action, details }))()
  }
}

/** Thins out progress and adds the estimate of the time left. `flush` sends what was held back. */
function progressSender(
  jobId: string,
  method: string,
  started: number,
  { emit, now, poll }: RunnerOptions,
): { update: CommandContext['progress']; flush: () => void } {
  let sentAt = -Infinity
  let isHeldBack = false
  let progress: number | null = null
  let step: { key: string; params: Record<string, string | number> } | null = null
  let counters: Record<string, number> = {}
  const send = (): void => {
    sentAt = performance.now()
    isHeldBack = false
    const elapsed = (now() - started) / 1e6
    const eta = progress !== null && progress > 0.02 ? (elapsed / progress) * (1 - progress) : null
    emit({ type: 'job.progress', jobId, method, progress, eta, step, counters })
  }
  return {
    update: (change) => {
      if (change.done !== undefined) progress = change.done
      if (change.step) step = change.step
      if (change.counters) counters = { ...counters, ...change.counters }
      isHeldBack = change.step === undefined && performance.now() - sentAt < PROGRESS_INTERVAL_MS
      if (isHeldBack) return
      send()
      poll?.()
    },
    flush: () => {
      if (isHeldBack) send()
    },
  }
}
