import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { FoundFile } from './evidence-file.ts'
import type { PartTask } from './pack-part.ts'
import type { PackedBatch } from './packed-batch.ts'
import { ParseThread } from './parse-thread-handle.ts'
import { batchesOfReaders, type BeginReader, type Reader } from './readers.ts'

/** Below this a thread takes longer to start than it saves. */
export const THREAD_BYTES = 8 * 1024 * 1024
/** Below this the writer is done before a second reader has saved anything. */
const SHARED_BYTES = 32 * 1024 * 1024
/** Two readers keep one writer busy. Each takes 75 MB, which pays where they and the writer have a core each. */
const MAX_READERS = 2
const CORES_FOR_TWO = 4
/** A log under a coding (gz, zst) has no size before it is read; few logs shrink to less than this part of it. */
const CODED = 10

/** The thread's code in a build, beside the code that runs here or one folder above it; absent when run from sources. */
export function parseThreadUrl(): URL | undefined {
  return ['./parse-thread.js', '../parse-thread.js']
    .map((place) => new URL(place, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)))
}

/** Waiting for work: started for the file that is being looked at, or done with a member of it. */
const idle: ParseThread[] = []

/** Starts threads for a file that will likely need them. `dropThreads` when the import is over, however it ends. */
export function prepareThreads(bytes: number): void {
  const url = bytes >= THREAD_BYTES ? parseThreadUrl() : undefined
  if (url) while (idle.length < readersFor(bytes)) idle.push(new ParseThread(url))
}

/** Stops threads that nothing is left for: the file is read, is read by fewer, or was refused. */
export async function dropThreads(left = 0): Promise<void> {
  const threads = idle.splice(left)
  await Promise.all(threads.map((thread) => thread.stop()))
}

/** How many threads read a file of this size. */
const readersFor = (bytes: number): number =>
  bytes >= SHARED_BYTES && availableParallelism() >= CORES_FOR_TWO ? MAX_READERS : 1

/**
 * The batches of a part that is worth a thread, parsed there; undefined for one that is not.
 * @throws what the importer threw there: a WorkbenchError as such, anything else as Error with its message
 */
export function threadBatches(task: PartTask, file: FoundFile): AsyncGenerator<PackedBatch> | undefined {
  const url = parseThreadUrl()
  if (url === undefined) return undefined
  const { part } = task
  if (part.file === undefined) {
    const isWorth = idle.length > 0 || (part.size ?? file.bytes * CODED) >= THREAD_BYTES
    return isWorth ? batchesOf(task, 1, memberThread(url, task)) : undefined
  }
  if (file.bytes < THREAD_BYTES) return undefined
  // An import that goes on counts the units that are stored, and places are counted: only who reads them all can.
  const isShared = task.importer.sharing !== undefined && task.skip === 0 && task.repeats === undefined
  const count = isShared ? readersFor(file.bytes) : 1
  return batchesOf(task, count, threadsFor(url, task, file))
}

async function* batchesOf(task: PartTask, count: number, begin: BeginReader): AsyncGenerator<PackedBatch> {
  await dropThreads(count)
  yield* batchesOfReaders(task, count, begin)
}

/** Readers of a file that are threads, with so much room each. */
export function threadsFor(
  url: URL,
  { importer, context, repeats }: PartTask,
  { path, name, bytes }: FoundFile,
  heapMb?: number,
): BeginReader {
  return (skip, share) => {
    const thread = idle.pop() ?? new ParseThread(url, heapMb)
    thread.start({ path, name, bytes, prefix: '', importer: importer.id, context, skip, repeats, share })
    return thread
  }
}

/** The reader of a member of an archive: a thread that stays for the next one. */
export function memberThread(url: URL, { part, importer, context, repeats }: PartTask): BeginReader {
  return (skip, share) => {
    const thread = idle.pop() ?? new ParseThread(url)
    const { name, size, prefix } = part
    thread.start(
      { path: null, name, bytes: size, prefix, importer: importer.id, context, skip, repeats, share },
      part,
    )
    return new MemberReader(thread)
  }
}

class MemberReader implements Reader {
  readonly #thread: ParseThread
  #isRead = false

  constructor(thread: ParseThread) {
    this.#thread = thread
  }

  async next(): ReturnType<Reader['next']> {
    const message = await this.#thread.next()
    this.#isRead = message.type === 'end'
    return message
  }

  taken(): void {
    this.#thread.taken()
  }

  async stop(): Promise<void> {
    if (!this.#isRead) return this.#thread.stop()
    await this.#thread.finish()
    idle.push(this.#thread)
  }
}
