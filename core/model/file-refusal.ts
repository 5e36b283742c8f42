import { WorkbenchError } from './errors.ts'

/** What the file system says -> what the product says of a file that somebody named. */
const CODES = new Map([
  ['ENOENT', 'file.missing'],
  ['ENOTDIR', 'file.missing'],
  ['EISDIR', 'file.is_folder'],
  ['EACCES', 'file.no_access'],
  ['EPERM', 'file.no_access'],
] as const)

/**
 * The refusal of a settings file, key, list or the like (no evidence: nothing was to be imported) that cannot be read.
 * @param file its name as it is shown
 */
export function toReadRefusal(cause: unknown, file: string): WorkbenchError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const code = [...CODES].find(([known]) => known === reason)?.[1]
  return new WorkbenchError(code ?? 'file.unreadable', { file, reason }, { cause })
}
