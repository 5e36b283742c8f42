/** The usual password of samples among responders. */
const USUAL = 'infected'
const USUAL_BYTES = Buffer.from(USUAL)
/** Ten thousand locked members times a hundred passwords would keep a machine busy for an hour; later ones stay locked. */
const MAX_TRIES = 5000

/** No field says how a password was written down: tools of today take UTF-8, older ones one byte a character. */
const ENCODINGS = ['utf8', 'latin1'] as const

/** What opened a lock: a password the analyst gave, or the usual one of samples. */
export type Key = 'given' | 'usual'

/** The passwords to try on locked members, the one that fitted last first. They stay in memory only. */
export class Keyring {
  #passwords: readonly Buffer[]
  #tries = 0
  readonly #fitted = new Set<Buffer>()
  constructor(passwords: readonly string[]) {
    this.#passwords = [...new Set([...passwords, USUAL])].flatMap((password) =>
      [...new Set(ENCODINGS.map((encoding) => Buffer.from(password, encoding).toString('hex')))].map((hex) =>
        Buffer.from(hex, 'hex'),
      ),
    )
  }
  /** Each password in each encoding once, until {@link MAX_TRIES} were asked for in all. */
  *candidates(): Generator<Buffer> {
    for (const password of this.#passwords) {
      if (this.#tries >= MAX_TRIES) return
      this.#tries += 1
      yield password
    }
  }
  /** This one fitted: try it first next time, and let it not count against the limit. */
  fitted(password: Buffer): void {
    this.#tries -= 1
    this.#fitted.add(password)
    if (this.#passwords[0] !== password)
      this.#passwords = [password, ...this.#passwords.filter((other) => other !== password)]
  }
  /** What opened members so far: for the chain of custody, which holds no password. */
  get used(): Key | null {
    if (this.#fitted.size === 0) return null
    return [...this.#fitted].every((password) => password.equals(USUAL_BYTES)) ? 'usual' : 'given'
  }
  /** It opened a member before. */
  hasFitted(password: Buffer): boolean {
    return this.#fitted.has(password)
  }
}
