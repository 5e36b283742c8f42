import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { toFileError } from '../jobs/file-error.ts'
import { expectOutput } from '../jobs/output-place.ts'

/**
 * Writes a text or bytes piece by piece, whole or not at all: beside its place first, flushed, then renamed over it. A cancel leaves nothing.
 * @throws WorkbenchError `store.disk_full`, `store.unwritable`, `output.*`, `job.cancelled`
 */
export async function writeParts(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  const hash = createHash('sha256')
  let bytes = 0
  let isBegun = false
  try {
    await rm(beside, { force: true })
    const file = await open(beside, 'wx', 0o600)
    isBegun = true
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted()
        const chunk = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
        hash.update(chunk)
        bytes += chunk.byteLength
        await file.writeFile(chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    expectOutput(path)
    await rename(beside, path)
    return { bytes, sha256: hash.digest('hex') }
  } catch (cause) {
    if (isBegun) await rm(beside, { force: true })
    throw toFileError(cause, path)
  }
}
