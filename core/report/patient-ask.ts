import { setImmediate } from 'node:timers/promises'
import type { Ask } from '../jobs/handlers.ts'

/** Work at a stretch before others get their turn, in milliseconds: a screen that waits this long seems to answer at once. */
const AT_A_STRETCH_MS = 20

/**
 * Asks one question after another and lets the thread answer others in between: a report asks hundreds, and each answer comes without
 * leaving the thread. Hears a cancel between two questions.
 */
export function patientAsk(ask: Ask, signal: AbortSignal): Ask {
  let since = performance.now()
  let last: Promise<unknown> = Promise.resolve()
  return (method, input) => {
    const answer = last.then(async () => {
      if (performance.now() - since > AT_A_STRETCH_MS) {
        await setImmediate()
        since = performance.now()
      }
      signal.throwIfAborted()
      return ask(method, input)
    })
    last = answer.catch(() => undefined)
    return answer
  }
}
