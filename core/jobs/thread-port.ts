import { Worker } from 'node:worker_threads'
import type { MethodName } from '../contract/methods.ts'
import type { EngineEvent } from '../contract/types.ts'
import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import type { Grants } from './grants.ts'
import type { FromJobThread, JobPort, JobThreadStart, ToJobThread } from './job-port.ts'
import type { QueryContext } from './handlers.ts'

/** What jobs make mostly dies at once: more room for it makes the thread no faster, and larger by a hundred megabytes. */
const YOUNG_MB = 24

/** A message that gets its id from {@link threadJobs}. */
type Request = ToJobThread extends infer M
  ? M extends { id: number; type: 'open' | 'close' | 'command' | 'audit' }
    ? Omit<M, 'id'>
    : never
  : never

/**
 * The writing side on its own thread.
 * @param url the built job-thread.js
 * @param print how the host prints; absent when the thread shall use the machine's browser
 */
export function threadJobs(
  url: URL,
  grants: Grants,
  start: JobThreadStart,
  emit: (event: EngineEvent) => void,
  print: QueryContext['print'] | undefined,
): JobPort {
  const worker = new Worker(url, {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  let nextId = 1
  /** Jobs handed over that have not ended. */
  const running = new Map<string, MethodName>()
  let hasEnded = false
  const post = (message: ToJobThread) => worker.postMessage(message)
  const request = (message: Request): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (hasEnded) {
        reject(ended)
        return
      }
      const id = nextId++
      waiting.set(id, { resolve, reject })
      post({ ...message, id } as ToJobThread)
    })

  worker.on('message', (message: FromJobThread) => {
    if (message.type === 'event') {
      if (message.event.type === 'job.ended') running.delete(message.event.jobId)
      emit(message.event)
    } else if (message.type === 'print') void answerPrint(message, print, post)
    else {
      const waiter = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error) waiter?.reject(new WorkbenchError(message.error.code, message.error.params))
      else waiter?.resolve(message.value)
    }
  })
  let ended = new WorkbenchError('internal', { name: 'job-thread' })
  const fail = () => {
    for (const waiter of waiting.values()) waiter.reject(ended)
    waiting.clear()
    const error = toPlainError(ended)
    for (const [jobId, method] of running) emit({ type: 'job.ended', jobId, method, status: 'failed', error })
    running.clear()
  }
  worker.on('error', (error) => {
    ended = noteDefect(new WorkbenchError('internal', { name: 'job-thread' }, { cause: error }), 'job-thread')
    fail()
  })
  worker.on('exit', () => {
    hasEnded = true
    fail()
  })

  return {
    open: async (path) => void (await request({ type: 'open', path })),
    close: async () => void (await request({ type: 'close' })),
    command: (method, input) => request({ type: 'command', method, input, grants: grants.snapshot() }),
    job: (jobId, method, input) => {
      running.set(jobId, method)
      post({ type: 'job', jobId, method, input, grants: grants.snapshot() })
    },
    cancel: (jobId) => post({ type: 'cancel', jobId }),
    audit: async (action, details) => void (await request({ type: 'audit', action, details })),
    stop: async () => void (await worker.terminate()),
    hasEnded: () => hasEnded,
  }
}

async function answerPrint(
  message: FromJobThread & { type: 'print' },
  print: QueryContext['print'] | undefined,
  post: (message: ToJobThread) => void,
): Promise<void> {
  try {
    if (!print) throw new WorkbenchError('report.no_browser')
    const { pdf, by } = await print(message.html, message.paper)
    post({ type: 'printed', id: message.id, pdf, by })
  } catch (thrown) {
    post({ type: 'printed', id: message.id, error: toPlainError(thrown) })
  }
}
