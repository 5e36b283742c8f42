import { setImmediate } from 'node:timers/promises'

/** Others are answered after this long. */
const TURN_MS = 15

/** Long work on the thread that answers everybody: `end` is called between its steps and lets the others in when the turn is over. */
export class Turn {
  #since = performance.now()

  async end(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return
    await setImmediate()
    this.#since = performance.now()
  }
}
