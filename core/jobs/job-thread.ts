import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { handlers } from '../handlers.ts'
import { noteDefect } from '../local/defect-log.ts'
import { toPlainError, WorkbenchError } from '../model/errors.ts'
import { printWithChromium } from '../report/print/chromium.ts'
import { toStoreError } from '../store/errors.ts'
import { IdentifierGramWriter } from '../store/identifier-gram-writer.ts'
import { TextSegmentWriter } from '../store/text-segment-writer.ts'
import { Grants } from './grants.ts'
import type { QueryContext } from './handlers.ts'
import type { FromJobThread, JobThreadStart, ToJobThread } from './job-port.ts'
import { JobRunner } from './job-runner.ts'

/** The job thread: the single writer of the open case. Speaks the messages of job-port.ts. */
const port = parentPort
if (!port) throw new Error('job-thread runs as a worker')
const start = workerData as JobThreadStart
const grants = new Grants(start.trustedPaths)
const send = (message: FromJobThread) => port.postMessage(message)

const prints = new Map<number, (message: ToJobThread & { type: 'printed' }) => void>()
let nextPrint = 1
const printThroughHost: QueryContext['print'] = (html, paper) =>
  new Promise((resolve, reject) => {
    const id = nextPrint++
    prints.set(id, ({ pdf, by, error }) => {
      prints.delete(id)
      if (pdf) resolve({ pdf, by: by ?? 'host' })
      else reject(new WorkbenchError(error?.code ?? 'report.failed', error?.params ?? {}))
    })
    send({ type: 'print', id, html, paper })
  })

const runner = new JobRunner({
  handlers,
  now: () => Date.now() * 1000,
  emit: (event) => send({ type: 'event', event }),
  resolveGrant: (grant, access) => grants.resolve(grant, access),
  print: start.hostPrints ? printThroughHost : printWithChromium,
  whenIdle: (db) => {
    const texts = new TextSegmentWriter(db)
    const identifiers = new IdentifierGramWriter(db)
    return () => texts.next() || identifiers.next()
  },
  // Correlation is one synchronous transaction: without this a cancel would be heard when it is over.
  poll: () => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
      take(next.message as ToJobThread)
  },
})

async function answer(id: number, path: string, work: () => unknown): Promise<void> {
  try {
    send({ type: 'reply', id, value: (await work()) ?? null })
  } catch (thrown) {
    const mapped = toStoreError(thrown, path)
    send({ type: 'reply', id, error: toPlainError(noteDefect(mapped, 'job-thread')) })
  }
}

port.on('message', take)

function take(message: ToJobThread): void {
  switch (message.type) {
    case 'open':
      void answer(message.id, message.path, () => runner.open(message.path))
      return
    case 'close':
      void answer(message.id, '', () => runner.close())
      return
    case 'command':
      grants.load(message.grants)
      void answer(message.id, '', () => runner.command(message.method, message.input))
      return
    case 'job':
      grants.load(message.grants)
      runner.job(message.jobId, message.method, message.input)
      return
    case 'cancel':
      runner.cancel(message.jobId)
      return
    case 'audit':
      void answer(message.id, '', () => runner.audit(message.action, message.details))
      return
    case 'printed':
      prints.get(message.id)?.(message)
      return
  }
}
