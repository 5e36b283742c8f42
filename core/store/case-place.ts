import { type BigIntStats, statSync } from 'node:fs'

/** Looking is cheap, but a share that dropped answers late: not at every call. */
const LOOK_EVERY_MS = 3000

function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    // A folder above it is gone, or the medium does not answer: the case cannot be reached there either.
    return undefined
  }
}

/**
 * Whether the file of an open case still lies where it was opened. An open file goes on taking what is written after it was deleted or
 * moved, and its journal stays behind: what is written then is in no file that anybody finds.
 */
export class CasePlace {
  readonly #path: string
  readonly #first: BigIntStats | undefined
  #lookedAt = 0
  #isThere = true
  constructor(path: string) {
    this.#path = path
    this.#first = lookAt(path)
  }
  /** @param now milliseconds of a clock that only goes forward */
  isThere(now = performance.now()): boolean {
    if (this.#lookedAt !== 0 && now - this.#lookedAt < LOOK_EVERY_MS) return this.#isThere
    this.#lookedAt = now
    const found = lookAt(this.#path)
    this.#isThere = found !== undefined && found.dev === this.#first?.dev && found.ino === this.#first.ino
    return this.#isThere
  }
}
