import type { PartSource } from '../importers/importer.ts'
import type { BytesAnswer, BytesRequest } from './parse-port.ts'

/** Each piece goes to the thread as a message of its own. */
const PIECE_BYTES = 256 * 1024
/**
 * Pieces asked for before they are needed: the archive is unpacked while the thread parses, and it has something to parse while a batch
 * is written. With four it waited for each: a fifth slower.
 */
const PIECES_AHEAD = 24

/**
 * Hands the bytes of a member to the thread that parses it. They come out of the archive on this side: only here are its
 * passes, passwords and limits.
 */
export class MemberBytes {
  readonly #part: PartSource
  readonly #answer: (answer: BytesAnswer, transfer: ArrayBuffer[]) => void
  readonly #passes = new Map<number, AsyncGenerator<Uint8Array<ArrayBuffer>>>()
  /** Passes nobody reads on: what was asked of them ahead is not read either. */
  readonly #closed = new Set<number>()
  /** One thing at a time: passes over members of one archive move the same handle. */
  #last = Promise.resolve()
  readonly #failed: (thrown: unknown) => void

  /** @param failed told what reading threw: the thread would wait for ever */
  constructor(
    part: PartSource,
    answer: (answer: BytesAnswer, transfer: ArrayBuffer[]) => void,
    failed: (thrown: unknown) => void,
  ) {
    this.#part = part
    this.#answer = answer
    this.#failed = failed
  }

  /** Answers in the order of the requests; a pass begins when the one before it has ended. */
  take({ type, pass }: BytesRequest): void {
    if (type === 'close') this.#closed.add(pass)
    const work = type === 'close' ? () => this.#end(pass) : () => this.#read(pass)
    this.#last = this.#last.then(work).catch(this.#failed)
  }

  /** Ends every pass; afterwards the next member can be read. */
  async close(): Promise<void> {
    for (const pass of this.#passes.keys()) this.#closed.add(pass)
    await this.#last
    for (const pass of [...this.#passes.keys()]) await this.#end(pass)
  }

  async #read(pass: number): Promise<void> {
    if (this.#closed.has(pass)) return
    let pieces = this.#passes.get(pass)
    if (pieces === undefined) this.#passes.set(pass, (pieces = inPieces(this.#part.open())))
    const { value, done } = await pieces.next()
    if (done === true) this.#answer({ type: 'bytes', pass, bytes: null }, [])
    else this.#answer({ type: 'bytes', pass, bytes: value }, [value.buffer])
  }

  async #end(pass: number): Promise<void> {
    await this.#passes.get(pass)?.return(undefined)
    this.#passes.delete(pass)
  }
}

/** The same bytes in buffers that nobody else holds. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(PIECE_BYTES)
  let filled = 0
  for await (const bytes of source)
    for (let at = 0; at < bytes.length;) {
      const more = bytes.subarray(at, at + PIECE_BYTES - filled)
      piece.set(more, filled)
      filled += more.length
      at += more.length
      if (filled < PIECE_BYTES) continue
      yield piece
      piece = new Uint8Array(PIECE_BYTES)
      filled = 0
    }
  if (filled > 0) yield piece.slice(0, filled)
}

/** The thread's side: the bytes of the member it parses, asked for piece by piece. */
export class AskedBytes {
  readonly #ask: (request: BytesRequest) => void
  readonly #waiting = new Map<number, { pieces: BytesAnswer['bytes'][]; wake: () => void }>()
  #passes = 0

  constructor(ask: (request: BytesRequest) => void) {
    this.#ask = ask
  }

  /** Takes an answer in; those of a pass that was given up are dropped. */
  take({ pass, bytes }: BytesAnswer): void {
    const waiting = this.#waiting.get(pass)
    waiting?.pieces.push(bytes)
    waiting?.wake()
  }

  /** One pass over the bytes from their beginning on. */
  async *open(): AsyncGenerator<Uint8Array> {
    const pass = this.#passes++
    const waiting = { pieces: [] as BytesAnswer['bytes'][], wake: () => undefined as void }
    this.#waiting.set(pass, waiting)
    for (let ahead = 0; ahead < PIECES_AHEAD; ahead++) this.#ask({ type: 'read', pass })
    try {
      for (;;) {
        while (waiting.pieces.length === 0) await new Promise<void>((resolve) => (waiting.wake = resolve))
        const piece = waiting.pieces.shift()!
        if (piece === null) return
        this.#ask({ type: 'read', pass })
        yield piece
      }
    } finally {
      this.#waiting.delete(pass)
      this.#ask({ type: 'close', pass })
    }
  }
}
