import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * `out/main` of the build (electron.vite.config.ts documents its layout), from wherever this code runs: an entry in
 * `out/main`, a chunk in `out/main/chunks`, or the source tree (tests).
 */
function findBuiltFolder(): string {
  const here = import.meta.dirname
  const candidate = basename(here) === 'chunks' ? dirname(here) : here
  return existsSync(join(candidate, 'thread.js')) ? candidate : join(here, '..', '..', 'out', 'main')
}

export const builtFolder = findBuiltFolder()
export const rendererFolder = join(builtFolder, '..', 'renderer')
export const checkoutFolder = join(builtFolder, '..', '..')
/** The built entry of the engine thread. */
export const engineThreadFile = join(builtFolder, 'thread.js')
/** The built entry of the job thread. */
export const jobThreadFile = join(builtFolder, 'job-thread.js')
