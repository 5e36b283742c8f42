import { createHash, randomBytes } from 'node:crypto'

/** The window that was just started asks within seconds; a code found later in a process list is worth nothing. */
const LIFETIME_MS = 60_000

/**
 * Codes for addresses that other users of the machine can read (a browser's command line): each buys the token once and
 * soon, so that the token itself stands in no process list (trust.md H19).
 */
export class OneTimeCodes {
  readonly #open = new Map<string, number>()
  readonly #now: () => number
  constructor(now: () => number = Date.now) {
    this.#now = now
  }
  issue(): string {
    const code = randomBytes(32).toString('base64url')
    this.#open.set(fingerprint(code), this.#now() + LIFETIME_MS)
    return code
  }
  /** True once for a code that was issued less than a minute ago. */
  redeem(code: unknown): boolean {
    if (typeof code !== 'string') return false
    const key = fingerprint(code)
    const until = this.#open.get(key)
    this.#open.delete(key)
    return until !== undefined && this.#now() <= until
  }
}

const fingerprint = (code: string): string => createHash('sha256').update(code).digest('hex')
