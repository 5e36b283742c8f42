import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'

/** Codes of the file system that stand for "this folder takes no file". */
const UNWRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EBUSY',
])

/**
 * Writes a file whole or not at all: beside its place first, flushed, then renamed over it.
 * @throws WorkbenchError `store.disk_full`, `store.unwritable`
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
    await rename(beside, path)
  } catch (cause) {
    if (isBegun) await rm(beside, { force: true })
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new WorkbenchError('store.disk_full', { file: basename(path) }, { cause })
    if (UNWRITABLE.has(code))
      throw new WorkbenchError('store.unwritable', { file: basename(path), reason: code }, { cause })
    throw cause
  }
}
