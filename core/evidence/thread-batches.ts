import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { WorkbenchError } from '../model/errors.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import type { FromParseThread, ToParseThread } from './parse-port.ts'

/** Below this a thread takes longer to start than it saves. */
export const THREAD_BYTES = 8 * 1024 * 1024
/** What a record is made of dies with its batch; twice the room for the young was no faster, and was memory. */
const YOUNG_MB = 12

/** The thread's code in a build, beside the code that runs here or one folder above it; absent when run from sources. */
export function parseThreadUrl(): URL | undefined {
  return ['./parse-thread.js', '../parse-thread.js']
    .map((place) => new URL(place, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))
}

/** A parse thread and what it has sent. It loads its code while the file is still being hashed. */
class ParseThread {
  readonly #worker: Worker
  readonly #inbox: FromParseThread[] = []
  #wake: () => void = () => undefined
  #failure: Error | undefined
  #hasEnded = false

  constructor(url: URL) {
    this.#worker = new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
    this.#worker.on('message', (message: FromParseThread) => {
      this.#inbox.push(message)
      this.#wake()
    })
    this.#worker.on('error', (error: Error) => {
      this.#failure = error
      this.#wake()
    })
    this.#worker.on('exit', () => {
      this.#hasEnded = true
      this.#wake()
    })
  }

  send(message: ToParseThread): void {
    this.#worker.postMessage(message)
  }

  /** The next message. @throws what stopped the thread */
  async next(): Promise<FromParseThread> {
    for (;;) {
      const message = this.#inbox.shift()
      if (message) return message
      if (this.#failure) throw this.#failure
      if (this.#hasEnded) throw new WorkbenchError('internal', { name: 'parse-thread' })
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Started for the file that is being looked at. */
let prepared: ParseThread | undefined

/** Starts a thread for a file that will likely need one. `dropThread` when the import is over, however it ends. */
export function prepareThread(bytes: number): void {
  const url = bytes >= THREAD_BYTES ? parseThreadUrl() : undefined
  if (url) prepared ??= new ParseThread(url)
}

/** Stops a thread that was started for nothing: the file is an archive, or was refused. */
export async function dropThread(): Promise<void> {
  const thread = prepared
  prepared = undefined
  await thread?.stop()
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
  const thread = prepared ?? new ParseThread(url)
  prepared = undefined
  try {
    thread.send({
      type: 'start',
      path: file.path,
      name: file.name,
      bytes: file.bytes,
      importer: task.importer.id,
      context: task.context,
      skip: task.skip,
    })
    for (;;) {
      const message = await thread.next()
      if (message.type === 'batch') {
        yield message.batch
        thread.send({ type: 'next' })
      } else {
        if (message.error) throw new WorkbenchError(message.error.code, message.error.params)
        if (message.bug !== undefined) throw new Error(message.bug)
        return
      }
    }
  } finally {
    await thread.stop()
  }
}
