import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { WorkbenchError } from '../model/errors.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import type { FromParseThread, ParseThreadStart, ToParseThread } from './parse-port.ts'

/** What a record is made of dies with its batch: with more room for the young, less of it is ever copied. */
const YOUNG_MB = 48

/** The thread's code in a build, beside the code that runs here or one folder above it; absent when run from sources. */
export function parseThreadUrl(): URL | undefined {
  return ['./parse-thread.js', '../parse-thread.js']
    .map((place) => new URL(place, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))
}

/**
 * The batches of a file, parsed on another thread.
 * @throws what the importer threw there: a WorkbenchError as such, anything else as Error with its message
 */
export async function* threadBatches(
  url: URL,
  task: PartTask,
  file: EvidenceFile,
): AsyncGenerator<PackedBatch> {
  const start: ParseThreadStart = {
    path: file.path,
    name: file.name,
    bytes: file.bytes,
    importer: task.importer.id,
    context: task.context,
    skip: task.skip,
  }
  const worker = new Worker(url, {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const inbox: FromParseThread[] = []
  let wake: () => void = () => undefined
  let failure: Error | undefined
  let hasEnded = false
  worker.on('message', (message: FromParseThread) => {
    inbox.push(message)
    wake()
  })
  worker.on('error', (error: Error) => {
    failure = error
    wake()
  })
  worker.on('exit', () => {
    hasEnded = true
    wake()
  })
  try {
    for (;;) {
      const message = inbox.shift()
      if (message?.type === 'batch') {
        yield message.batch
        worker.postMessage({ type: 'next' } satisfies ToParseThread)
      } else if (message?.type === 'end') {
        if (message.error) throw new WorkbenchError(message.error.code, message.error.params)
        if (message.bug !== undefined) throw new Error(message.bug)
        return
      } else if (failure ?? hasEnded)
        throw failure ?? new WorkbenchError('internal', { name: 'parse-thread' })
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    await worker.terminate()
  }
}
