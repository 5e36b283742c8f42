import { closeSync, openSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'
import { type Connection, connect } from './connection.ts'
import { toStoreError } from './errors.ts'
import type { ReadStore } from './store.ts'

/** Pages copied between two looks at the signal: 16 MB. */
const PAGES_AT_ONCE = 4096

/**
 * A copy of the open case as a file of its own, closed properly: it opens from read-only media, and its bytes do not change any
 * more. The case may go on being read meanwhile.
 * @param path must not exist; readable by its owner alone, from its first byte
 */
export async function copyCase(
  db: ReadStore,
  path: string,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  closeSync(openSync(path, 'wx', 0o600))
  await (db as Connection).backup(path, {
    progress({ totalPages, remainingPages }) {
      signal.throwIfAborted()
      onProgress(totalPages === 0 ? 1 : 1 - remainingPages / totalPages)
      return PAGES_AT_ONCE
    },
  })
  const copy = connect(path, 'write')
  try {
    copy.pragma('journal_mode = DELETE')
    // The job that makes the copy is still running in it; nothing will ever end it there.
    copy.prepare(`UPDATE job_log SET status = 'done' WHERE status = 'running'`).run()
  } finally {
    copy.close()
  }
}

/**
 * {@link copyCase} as somebody asks for it: whole, or nothing is left of it.
 * @throws WorkbenchError `case.exists`, `store.unwritable`, `store.disk_full`
 */
export async function saveCopy(db: ReadStore, path: string): Promise<void> {
  try {
    await copyCase(db, path, () => undefined, new AbortController().signal)
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'EEXIST')
      throw new WorkbenchError('case.exists', { file: basename(path) }, { cause })
    rmSync(path, { force: true })
    throw toStoreError(cause, path)
  }
}
