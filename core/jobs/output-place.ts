import { closeSync, openSync, readSync, statSync, type BigIntStats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { WorkbenchError } from '../model/errors.ts'
import { APPLICATION_ID } from '../store/connection.ts'
import type { ReadStore } from '../store/store.ts'
import type { QueryContext } from './handlers.ts'

/** How a SQLite file begins, and where it says whose it is (SQLite file format, 1.3). */
const MAGIC = 'SQLite format 3\0'
const APPLICATION_ID_AT = 68
/** What SQLite and the lock of the writer put beside a case. */
const BESIDE_CASE = /-(?:wal|shm|journal|lock)$/i

const originals = 'SELECT id, name, path FROM evidence'

/** What a file that is to be written must not be, beside a case. */
export interface Kept {
  /** Paths of the originals of the case. */
  readonly originals?: readonly { readonly id: number; readonly name: string; readonly path: string }[]
  /** Files that the same request reads. */
  readonly inputs?: readonly string[]
}

/** The file behind a path, links followed; undefined when there is none. Numbers of files are 64 bits wide. */
function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    // A folder of it cannot be entered, or a part of it is no folder: nothing can be written over there either.
    return undefined
  }
}

const isSame = (a: BigIntStats, path: string): boolean => {
  const b = lookAt(path)
  return b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** True for a file that is a case of ours: by its first bytes, or by its name when they cannot be told. */
function isCaseFile(path: string): boolean {
  if (lookAt(path)?.isFile() !== true) return false
  if (/\.redthread$/i.test(path)) return true
  const head = Buffer.alloc(APPLICATION_ID_AT + 4)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    if (readSync(file, head, 0, head.length, 0) < head.length) return false
  } finally {
    closeSync(file)
  }
  return (
    head.toString('latin1', 0, MAGIC.length) === MAGIC &&
    head.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
  )
}

/**
 * Refuses to write over what nobody can make again: a case (or what SQLite keeps beside it), an original of the open case, a file the same
 * request reads. Files are told apart as the file system does it, so that neither a link nor the letter case of a name leads around it.
 * @throws WorkbenchError `output.case`, `output.evidence`, `output.input`, `store.unwritable` for a device or pipe
 */
export function expectOutput(path: string, { originals: kept = [], inputs = [] }: Kept = {}): void {
  const where = { file: basename(path), folder: dirname(path) }
  if (isCaseFile(path) || (BESIDE_CASE.test(path) && isCaseFile(path.replace(BESIDE_CASE, ''))))
    throw new WorkbenchError('output.case', where)
  const found = lookAt(path)
  if (found === undefined || found.isDirectory()) return
  if (!found.isFile()) throw new WorkbenchError('store.unwritable', { file: where.file, reason: 'ENOTSUP' })
  const original = kept.find((one) => isSame(found, one.path))
  if (original !== undefined)
    throw new WorkbenchError('output.evidence', { ...where, id: String(original.id), name: original.name })
  if (inputs.some((input) => isSame(found, input))) throw new WorkbenchError('output.input', where)
}

/** The originals of a case, for {@link expectOutput}. */
export const keptOf = (db: ReadStore): Kept => ({
  originals: db.prepare(originals).all() as NonNullable<Kept['originals']>,
})

/** Grants of a case: a place to write to is looked at before anything is made for it. */
export const guardOutputs =
  (resolveGrant: QueryContext['resolveGrant'], db: ReadStore): QueryContext['resolveGrant'] =>
  (grant, access) => {
    const path = resolveGrant(grant, access)
    if (access === 'write') expectOutput(path, keptOf(db))
    return path
  }
