import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  const options = { type: 'major', execution: 'sync', flavor: 'last-resort' }
  return typeof found === 'function' ? () => void found(options) : () => undefined
}

/**
 * Gives back what was left of a part of a report, or of an import, before a browser or the sorting of an index needs the room: on a machine
 * with much memory V8 would keep several hundred megabytes of what nobody needs. Asked as if memory had run out, it also gives back the empty pages that it would keep for later
 * (100,000 rows of a timeline: 450 to 313 MB). In Electron nothing is done: its V8 may refuse flags once it runs.
 */
export function clearHeap(): void {
  if (process.versions['electron'] !== undefined) return
  collect ??= collector()
  collect()
}
