import { setFlagsFromString } from 'node:v8'

/**
 * How much garbage may gather on what a heap holds before it is cleared, in percent. Left to itself V8 waits until there is up
 * to three times as much, on a machine with much memory: a run would take several times what it needs.
 */
const GARBAGE_PERCENT = 30

/**
 * Does the work with a heap that is cleared earlier. In Electron nothing is set: its V8 may refuse flags once it runs, and the
 * heap then grows as V8 likes.
 */
export function withTightHeap<T>(work: () => T): T {
  if (process.versions['electron'] !== undefined) return work()
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`)
  try {
    return work()
  } finally {
    setFlagsFromString('--heap-growing-percent=0')
  }
}
