import { setImmediate } from 'node:timers/promises'
import type { MethodName } from '../contract/methods.ts'
import type { EngineEvent } from '../contract/types.ts'
import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'

/** Ids of work without a case: far from those that a case gives its jobs. */
const FIRST_ID = 9_000_000_000_000_000_000n
/** Progress goes out no more often than a screen can show it. */
const EVERY_MS = 100

export interface Attended {
  readonly signal: AbortSignal
  /** `done` 0..1, or null where it cannot be said; `step` is a message key. */
  readonly progress: (done: number | null, step: string) => void
}

/**
 * Long work on files that are no open case (checking a case, unpacking an archive). Its answer comes with the call; how far it is goes
 * out like the progress of a job, and it is cancelled like one.
 */
export class CaselessWork {
  readonly #emit: (event: EngineEvent) => void
  readonly #running = new Map<string, AbortController>()
  #next = FIRST_ID
  constructor(emit: (event: EngineEvent) => void) {
    this.#emit = emit
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort(new WorkbenchError('job.cancelled'))
  }

  async run<T>(method: MethodName, work: (attended: Attended) => Promise<T>): Promise<T> {
    const jobId = String(this.#next++)
    const cancel = new AbortController()
    this.#running.set(jobId, cancel)
    let [told, toldStep] = [0, '']
    const progress = (done: number | null, step: string): void => {
      const now = Date.now()
      if (step === toldStep && now - told < EVERY_MS) return
      ;[told, toldStep] = [now, step]
      const shown = { key: step, params: {} }
      this.#emit({
        type: 'job.progress',
        jobId,
        method,
        progress: done,
        eta: null,
        step: shown,
        counters: {},
      })
    }
    let [status, error]: ['done' | 'failed' | 'cancelled', ReturnType<typeof toPlainError> | null] = [
      'done',
      null,
    ]
    try {
      const result = await work({ signal: cancel.signal, progress })
      // A cancel that came with the last chunk is heard before the work is called done.
      await setImmediate()
      return result
    } catch (thrown) {
      status = cancel.signal.aborted ? 'cancelled' : 'failed'
      const known = noteDefect(thrown, method)
      error = toPlainError(known)
      throw known
    } finally {
      this.#running.delete(jobId)
      this.#emit({ type: 'job.ended', jobId, method, status, error })
    }
  }
}
