/** Wrappers (npm, a script) may deliver one Ctrl+C twice: what comes this soon after the first is the same one. */
const SAME_PRESS_MS = 500

type Interrupt = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/**
 * The first of these signals asks for an orderly end; a second one ends the process at once, by the signal itself, so
 * that neither a thread that hangs nor a close that never comes can hold it. A case survives that: its journal is whole.
 * @returns takes the listener off again, unless the orderly end has begun: then it stays, for that end may hang
 */
export function onInterrupt(signals: readonly Interrupt[], endInOrder: () => void): () => void {
  let firstAt: number | undefined
  const take = (signal: Interrupt): void => {
    if (firstAt === undefined) {
      firstAt = performance.now()
      endInOrder()
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  }
  for (const signal of signals) process.on(signal, take)
  return () => {
    if (firstAt === undefined) for (const signal of signals) process.off(signal, take)
  }
}
