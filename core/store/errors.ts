import { basename } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'

/**
 * Turns what SQLite or the file system threw into a store error with advice. "Cannot write" has several codes:
 * SQLITE_FULL and SQLITE_IOERR_WRITE both mean a full disk or a file-size limit (trust.md P8).
 */
export function toStoreError(thrown: unknown, path: string): unknown {
  if (thrown instanceof WorkbenchError) return thrown
  const code = (thrown as { code?: unknown }).code
  if (typeof code !== 'string') return thrown
  const file = basename(path)
  const as = (mapped: ConstructorParameters<typeof WorkbenchError>[0]) =>
    new WorkbenchError(mapped, { file }, { cause: thrown })
  if (
    code === 'SQLITE_FULL' ||
    code === 'ENOSPC' ||
    code === 'EFBIG' ||
    /^SQLITE_IOERR_(WRITE|FSYNC|TRUNCATE)/.test(code)
  ) {
    return as('store.disk_full')
  }
  if (code === 'SQLITE_NOTADB') return as('store.not_a_case')
  if (code.startsWith('SQLITE_CORRUPT')) return as('store.corrupt')
  if (code.startsWith('SQLITE_BUSY')) return as('store.locked')
  if (code.startsWith('SQLITE_READONLY')) return as('store.read_only')
  if (code.startsWith('SQLITE_CANTOPEN')) return as('store.unwritable')
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return as('store.unwritable')
  if (code === 'ENOENT' || code === 'ENOTDIR') return as('store.unwritable')
  return thrown
}
