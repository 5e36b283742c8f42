import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * How much garbage may gather on what a heap holds before it is cleared, in percent. Left to itself V8 waits until there is up
 * to three times as much, on a machine with much memory: a run would take several times what it needs.
 */
const GARBAGE_PERCENT = 30
/** What one rule left is cleared before the next begins when it is more than this, in bytes. */
const LEFT_BYTES = 24 * 1024 * 1024

/** In Electron nothing is set: its V8 may refuse flags once it runs, and the heap then grows as V8 likes. */
const isElectron = (): boolean => process.versions['electron'] !== undefined

/** Does the work with a heap that is cleared earlier. */
export function withTightHeap<T>(work: () => T): T {
  if (isElectron()) return work()
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`)
  try {
    return work()
  } finally {
    setFlagsFromString('--heap-growing-percent=0')
  }
}

let collect: (() => void) | undefined

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof found === 'function' ? () => void found() : () => undefined
}

/** Clears what a rule of the whole case left, so that the tables of one never stand beside those of another. */
export class LeftOvers {
  #cleared = getHeapStatistics().used_heap_size

  clear(): void {
    if (isElectron() || getHeapStatistics().used_heap_size - this.#cleared < LEFT_BYTES) return
    collect ??= collector()
    collect()
    this.#cleared = getHeapStatistics().used_heap_size
  }
}
