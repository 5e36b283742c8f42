import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { toFileError } from './file-error.ts'
import { expectOutput } from './output-place.ts'

/**
 * Writes a file whole or not at all: beside its place first, flushed, then renamed over it.
 * @throws WorkbenchError `store.disk_full`, `store.unwritable`, `output.*`
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  let isBegun = false
  try {
    await rm(beside, { force: true })
    const file = await open(beside, 'wx', 0o600)
    isBegun = true
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    expectOutput(path)
    await rename(beside, path)
  } catch (cause) {
    if (isBegun) await rm(beside, { force: true })
    throw toFileError(cause, path)
  }
}
