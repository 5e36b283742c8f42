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

/** Work that stops for a moment at each `yield`; {@link inTurns} lets others in there, {@link atOnce} does not. */
export type Steps<T> = Generator<undefined, T, undefined>

export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  const turn = new Turn()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await turn.end()
  }
}

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
