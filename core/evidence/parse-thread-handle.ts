import { Worker } from 'node:worker_threads'
import type { PartSource } from '../importers/importer.ts'
import { WorkbenchError } from '../model/errors.ts'
import { MemberBytes } from './member-bytes.ts'
import type { BytesRequest, FromParseThread, ParseThreadStart, ToParseThread } from './parse-port.ts'

/** What a record is made of dies with its batch: with half the room, JSON lines took a fifth longer and no less memory. */
const YOUNG_MB = 24
/**
 * Far more than any importer keeps. Below a limit like this V8 lets a heap grow to twice what is alive before it collects, and
 * to four times otherwise: a thread took 50 MB more for it and was 4 % faster.
 */
const OLD_MB = 1_024

/** What the runtime says of a thread that needed more. */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY'

/** A parse thread and what it has sent. It loads its code while the file is still being hashed. */
export class ParseThread {
  readonly #worker: Worker
  readonly #inbox: FromParseThread[] = []
  #wake: () => void = () => undefined
  #failure: Error | undefined
  #hasEnded = false
  #name = ''
  #member: MemberBytes | undefined

  /** @param heapMb room for what it keeps */
  constructor(url: URL, heapMb = OLD_MB) {
    this.#worker = new Worker(url, {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: heapMb },
    })
    this.#worker.on('message', (message: FromParseThread | BytesRequest) => {
      if (message.type === 'batch' || message.type === 'end') {
        this.#inbox.push(message)
        this.#wake()
      } else this.#member?.take(message)
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(
        error.code === OUT_OF_MEMORY
          ? new WorkbenchError('limit.memory', { name: this.#name }, { cause: error })
          : error,
      ),
    )
    this.#worker.on('exit', () => {
      this.#hasEnded = true
      this.#wake()
    })
  }

  /**
   * Sets it to work.
   * @param member where the bytes come from when it is to read a member of an archive; when that is read, `finish`
   */
  start(start: Omit<ParseThreadStart, 'type'>, member?: PartSource): void {
    this.#name = start.name
    if (member)
      this.#member = new MemberBytes(
        member,
        (answer, transfer) => this.#worker.postMessage(answer, transfer),
        (thrown) => this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown))),
      )
    this.#send({ type: 'start', ...start })
  }

  /** Says that the last batch was taken: another may come. */
  taken(): void {
    this.#send({ type: 'next' })
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

  /** Done with a member, behind its end: another may be started. */
  async finish(): Promise<void> {
    await this.#member?.close()
    this.#member = undefined
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
    await this.finish()
  }

  #send(message: ToParseThread): void {
    this.#worker.postMessage(message)
  }

  #fail(error: Error): void {
    this.#failure = error
    this.#wake()
  }
}
