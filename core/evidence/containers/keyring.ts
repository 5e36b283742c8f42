/** The usual password of samples among responders. */
const USUAL = 'infected'
/** Ten thousand locked members times a hundred passwords would keep a machine busy for an hour; later ones stay locked. */
const MAX_TRIES = 5000

/** The passwords to try on locked members, the one that fitted last first. They stay in memory only. */
export class Keyring {
  #passwords: readonly Buffer[]
  #tries = 0
  constructor(passwords: readonly string[]) {
    this.#passwords = [...new Set([...passwords, USUAL])].map((password) => Buffer.from(password, 'utf8'))
  }
  /** Each password once, as UTF-8, until {@link MAX_TRIES} were asked for in all. */
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
    if (this.#passwords[0] !== password)
      this.#passwords = [password, ...this.#passwords.filter((other) => other !== password)]
  }
}
