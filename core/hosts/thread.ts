import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { createEngine } from '../engine.ts'
import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import type { FromThread, Paper, ThreadStart, ToThread } from './thread/messages.ts'

/**
 * Engine thread of the desktop and of browser mode: the engine behind a message port, so that neither the window nor the
 * server ever waits for a query. The other end is `thread/link.ts`.
 */
if (!parentPort) throw new Error('thread.js is a worker entry; start it through startEngineThread')
const port = parentPort
const start = workerData as ThreadStart
const send = (message: FromThread): void => port.postMessage(message)

let lastPrint = 0
const prints = new Map<number, (pdf: Uint8Array | null) => void>()

async function print(html: string, paper: Paper): Promise<Uint8Array> {
  const id = ++lastPrint
  const answer = new Promise<Uint8Array | null>((resolve) => prints.set(id, resolve))
  send({ type: 'print', id, html, paper })
  const pdf = await answer
  prints.delete(id)
  if (!pdf) throw new WorkbenchError('report.failed', { reason: 'print' })
  return pdf
}

const engine = createEngine({
  files: start.files,
  host: start.host,
  jobs: 'thread',
  jobThreadUrl: pathToFileURL(join(import.meta.dirname, 'job-thread.js')),
  ...(start.printsItself ? { printer: print } : {}),
})
engine.listen((event) => send({ type: 'event', event }))

async function answer(message: ToThread): Promise<void> {
  switch (message.type) {
    case 'call':
      send({ type: 'replied', id: message.id, reply: await engine.call(message.method, message.input) })
      return
    case 'grant':
      try {
        const grant = await engine.grant(message.path, message.access)
        send({ type: 'granted', id: message.id, grant, error: null })
      } catch (thrown) {
        send({
          type: 'granted',
          id: message.id,
          grant: null,
          error: toPlainError(noteDefect(thrown, 'grant')),
        })
      }
      return
    case 'close':
      await engine.close()
      send({ type: 'closed', id: message.id })
      // Ends the thread: nothing else holds its event loop.
      port.close()
      return
    case 'printed':
      prints.get(message.id)?.(message.pdf)
      return
  }
}

port.on('message', (message: ToThread) => void answer(message))
