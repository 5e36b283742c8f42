import { Worker } from 'node:worker_threads'
import type { EngineEvent, Reply, Transport } from '../../contract/types.ts'
import { noteDefect } from '../../local/defect-log.ts'
import { type PlainError, WorkbenchError } from '../../model/errors.ts'
import type { FromThread, GrantAccess, Paper, ThreadStart, ToThread } from './messages.ts'

/** The engine as a host sees it: the contract, plus grants for paths a human chose. */
export interface EngineLink extends Transport {
  /** @throws WorkbenchError when the path cannot be granted */
  grant(path: string, access: GrantAccess): Promise<string>
  /** Closes the case safely and ends the engine. */
  close(): Promise<void>
}

export type Printer = (html: string, paper: Paper) => Promise<Uint8Array>

type Answer = Extract<FromThread, { id: number }>
const LOST: PlainError = { code: 'host.gone', params: {} }

/**
 * Starts the engine on its own thread.
 * @param entry path of the built `thread.js`
 * @param printer the host's own printing; without it the engine looks for a browser on the machine
 */
export function startEngineThread(
  entry: string,
  options: Omit<ThreadStart, 'printsItself'>,
  printer?: Printer,
): EngineLink {
  const start: ThreadStart = { files: options.files, host: options.host, printsItself: printer !== undefined }
  const worker = new Worker(entry, { workerData: start })
  const listeners = new Set<(event: EngineEvent) => void>()
  const waiting = new Map<number, (answer: Answer | null) => void>()
  let lastId = 0
  let ended = false

  const send = (message: ToThread): void => worker.postMessage(message)
  /** Sends a request and waits for its answer; null when the thread is gone. */
  function ask(build: (id: number) => ToThread): Promise<Answer | null> {
    if (ended) return Promise.resolve(null)
    const id = ++lastId
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      send(build(id))
    })
  }
  async function print(id: number, html: string, paper: Paper): Promise<void> {
    // A failed print is told as "no PDF"; the engine turns that into report.failed.
    const pdf = printer ? await printer(html, paper).catch(() => null) : null
    send({ type: 'printed', id, pdf })
  }
  function end(): void {
    if (ended) return
    ended = true
    for (const resolve of waiting.values()) resolve(null)
    waiting.clear()
    for (const listener of listeners) listener({ type: 'case.closed' })
  }

  worker.on('message', (message: FromThread) => {
    if (message.type === 'event') for (const listener of listeners) listener(message.event)
    else if (message.type === 'print') void print(message.id, message.html, message.paper)
    else {
      waiting.get(message.id)?.(message)
      waiting.delete(message.id)
    }
  })
  worker.on('error', (error) => {
    noteDefect(error, 'engine thread')
    end()
  })
  worker.on('exit', end)

  return {
    async call(method, input): Promise<Reply> {
      const answer = await ask((id) => ({ type: 'call', id, method, input }))
      return answer?.type === 'replied' ? answer.reply : { ok: false, error: LOST }
    },
    listen(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    async grant(path, access) {
      const answer = await ask((id) => ({ type: 'grant', id, path, access }))
      if (answer?.type !== 'granted') throw new WorkbenchError(LOST.code, LOST.params)
      if (answer.error) throw new WorkbenchError(answer.error.code, answer.error.params)
      return answer.grant ?? ''
    },
    async close() {
      if (ended) return
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      await ask((id) => ({ type: 'close', id }))
      await exited
    },
  }
}
