import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { WorkbenchError } from '../model/errors.ts'
import type { EvidenceFile, FoundFile } from './evidence-file.ts'
import type { PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import type { FromParseThread, ToParseThread } from './parse-port.ts'
import { batchesOfReaders, type BeginReader, type Reader } from './readers.ts'

/** Below this a thread takes longer to start than it saves. */
export const THREAD_BYTES = 8 * 1024 * 1024
/** Below this the writer is done before a second reader has saved anything. */
const SHARED_BYTES = 32 * 1024 * 1024
/** Two readers keep one writer busy. Each takes 75 MB, which pays where they and the writer have a core each. */
const MAX_READERS = 2
const CORES_FOR_TWO = 4
/** What a record is made of dies with its batch: with half the room, JSON lines took a fifth longer and no less memory. */
const YOUNG_MB = 24
/**
 * Far more than any importer keeps. Below a limit like this V8 lets a heap grow to twice what is alive before it collects, and
 * to four times otherwise: a thread took 50 MB more for it and was 4 % faster.
 */
const OLD_MB = 1_024

/** What the runtime says of a thread that needed more. */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY'

/** The thread's code in a build, beside the code that runs here or one folder above it; absent when run from sources. */
export function parseThreadUrl(): URL | undefined {
  return ['./parse-thread.js', '../parse-thread.js']
    .map((place) => new URL(place, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))
}

/** A parse thread and what it has sent. It loads its code while the file is still being hashed. */
class ParseThread implements Reader {
  readonly #worker: Worker
  readonly #inbox: FromParseThread[] = []
  #wake: () => void = () => undefined
  #failure: Error | undefined
  #hasEnded = false
  /** The file it reads, for what is said of it. */
  name = ''

  constructor(url: URL, heapMb = OLD_MB) {
    this.#worker = new Worker(url, {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: heapMb },
    })
    this.#worker.on('message', (message: FromParseThread) => {
      this.#inbox.push(message)
      this.#wake()
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure =
        error.code === OUT_OF_MEMORY
          ? new WorkbenchError('limit.memory', { name: this.name }, { cause: error })
          : error
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

  taken(): void {
    this.send({ type: 'next' })
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
let prepared: ParseThread[] = []

/** Starts threads for a file that will likely need them. `dropThreads` when the import is over, however it ends. */
export function prepareThreads(bytes: number): void {
  const url = bytes >= THREAD_BYTES ? parseThreadUrl() : undefined
  if (url) while (prepared.length < readersFor(bytes)) prepared.push(new ParseThread(url))
}

/** Stops threads that were started for nothing: the file is an archive, is read by fewer, or was refused. */
export async function dropThreads(): Promise<void> {
  const threads = prepared
  prepared = []
  await Promise.all(threads.map((thread) => thread.stop()))
}

/** How many threads read a file of this size. */
const readersFor = (bytes: number): number =>
  bytes >= SHARED_BYTES && availableParallelism() >= CORES_FOR_TWO ? MAX_READERS : 1

/**
 * The batches of a file, parsed on other threads.
 * @throws what the importer threw there: a WorkbenchError as such, anything else as Error with its message
 */
export async function* threadBatches(
  url: URL,
  task: PartTask,
  file: EvidenceFile,
): AsyncGenerator<PackedBatch> {
  // An import that goes on counts the units that are stored: only who reads them all can.
  const count = task.importer.sharing !== undefined && task.skip === 0 ? readersFor(file.bytes) : 1
  while (prepared.length > count) await prepared.pop()?.stop()
  yield* batchesOfReaders(task, count, threadsFor(url, task, file))
}

/** Readers of a file that are threads, with so much room each. */
export function threadsFor(
  url: URL,
  { importer, context }: PartTask,
  { path, name, bytes }: FoundFile,
  heapMb = OLD_MB,
): BeginReader {
  return (skip, share) => {
    const thread = prepared.pop() ?? new ParseThread(url, heapMb)
    thread.name = name
    thread.send({ type: 'start', path, name, bytes, importer: importer.id, context, skip, share })
    return thread
  }
}
