import { WorkbenchError } from '../../model/errors.ts'

/** Zip, gzip and tar bombs: all that comes out of one evidence file may not be more than this times its size ... */
export const MAX_RATIO = 200
/** ... once it is past this many bytes: an event log of 20 MB that holds nothing yet shrinks to a thousandth of its size. */
const FLOOR_BYTES = 512 * 1024 * 1024

/** Counts what is unpacked from one evidence file, over all levels of nesting. */
export class Budget {
  readonly #name: string
  readonly #limit: number
  #spent = 0
  constructor(name: string, fileBytes: number, floor = FLOOR_BYTES) {
    this.#name = name
    this.#limit = Math.max(floor, fileBytes * MAX_RATIO)
  }
  /** @throws WorkbenchError `limit.expansion` when more came out than any honest archive holds */
  spend(bytes: number): void {
    this.#spent += bytes
    if (this.#spent > this.#limit)
      throw new WorkbenchError('limit.expansion', { name: this.#name, limit: String(MAX_RATIO) })
  }
  /** Wraps one content that may be read several times: each of its bytes is counted once. */
  meter(): (stream: AsyncIterable<Uint8Array>, from?: number) => AsyncIterable<Uint8Array> {
    let counted = 0
    const spend = (bytes: number) => this.spend(bytes)
    return async function* metered(stream, from = 0) {
      let position = from
      for await (const chunk of stream) {
        position += chunk.length
        if (position > counted) {
          spend(position - counted)
          counted = position
        }
        yield chunk
      }
    }
  }
}
