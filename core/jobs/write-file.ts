import { createHash } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'
import { toFileError } from './file-error.ts'
import { expectOutput } from './output-place.ts'

/** Text gathered before it is written: rows are small, calls are not. */
const CHUNK_BYTES = 256 * 1024

export interface Written {
  readonly bytes: number
  readonly sha256: string
}

/**
 * Says before long work whether a file can be written at its end: the folder is there and takes a file, and no folder has its name.
 * @throws WorkbenchError `store.disk_full`, `store.unwritable`, `output.*`
 */
export async function expectWritable(path: string): Promise<void> {
  expectOutput(path)
  const probe = join(dirname(path), `.${basename(path)}.${process.pid}.probe`)
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true)
    throw new WorkbenchError('store.unwritable', { file: basename(path), reason: 'EISDIR' })
  try {
    await (await open(probe, 'wx', 0o600)).close()
    await rm(probe, { force: true })
  } catch (cause) {
    throw toFileError(cause, path)
  }
}

/**
 * Writes a stream to a file, whole or not at all: beside its place first (readable by its owner alone), flushed, then renamed over it.
 * The hash is that of the bytes handed to the file system. A cancel or an error leaves nothing behind.
 * @throws WorkbenchError `store.disk_full`, `store.unwritable`, `output.*`
 */
export async function writeStream(
  path: string,
  parts: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<Written> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  let isBegun = false
  try {
    await rm(beside, { force: true })
    const file = await open(beside, 'wx', 0o600)
    isBegun = true
    const hash = createHash('sha256')
    let bytes = 0
    let text = ''
    const write = async (chunk: Uint8Array): Promise<void> => {
      hash.update(chunk)
      bytes += chunk.byteLength
      await file.writeFile(chunk)
    }
    try {
      for await (const part of parts) {
        if (typeof part === 'string') {
          text += part
          if (text.length < CHUNK_BYTES) continue
        }
        signal.throwIfAborted()
        if (text !== '') await write(Buffer.from(text, 'utf8'))
        text = ''
        if (typeof part !== 'string') await write(part)
      }
      if (text !== '') await write(Buffer.from(text, 'utf8'))
      signal.throwIfAborted()
      await file.sync()
    } finally {
      await file.close()
    }
    // A case may have come to lie there since the place was granted.
    expectOutput(path)
    await rename(beside, path)
    return { bytes, sha256: hash.digest('hex') }
  } catch (cause) {
    if (isBegun) await rm(beside, { force: true })
    throw toFileError(cause, path)
  }
}

/** The same with bytes that are there. */
export const writeWhole = async (path: string, bytes: Uint8Array): Promise<Written> =>
  writeStream(path, once(bytes), NEVER)

const NEVER = new AbortController().signal
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
