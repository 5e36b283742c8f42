import { basename } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'

/** Codes of the file system that stand for "this place takes no file". */
const UNWRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EBUSY',
  'EEXIST',
])

/** An error of the file system as the product says it; anything else as it is. */
export function toFileError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const params = { file: basename(path), reason: code }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new WorkbenchError('store.disk_full', params, { cause })
  if (UNWRITABLE.has(code)) return new WorkbenchError('store.unwritable', params, { cause })
  return cause
}
