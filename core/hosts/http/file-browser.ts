import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { ParsedInputOf, ResultOf } from '../../contract/types.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { EngineLink } from '../thread/link.ts'

/** A folder with a million files would be one huge answer; the picker is for choosing, not for listing disks. */
const MAX_ENTRIES = 20_000

type Listing = ResultOf<'file.list'>

function absolute(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) throw new WorkbenchError('request.invalid', { field: 'path' })
  return resolve(path)
}

const unreadable = (path: string, cause: unknown): WorkbenchError =>
  new WorkbenchError(
    'evidence.unreadable',
    { name: basename(path) || path, reason: reasonOf(cause) },
    { cause },
  )

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
}

async function entryOf(folder: string, name: string): Promise<Listing['entries'][number] | null> {
  const path = join(folder, name)
  // A name may vanish or be closed to us between listing and looking: it is then simply not offered.
  const found = await stat(path).catch(() => null)
  if (!found || !(found.isFile() || found.isDirectory())) return null
  return { name, path, isFolder: found.isDirectory(), bytes: found.isFile() ? found.size : null }
}

/** One folder of the machine for the in-app picker (browser mode): folders first, hidden names left out. */
export async function listFolder(input: ParsedInputOf<'file.list'>): Promise<Listing> {
  const path = absolute(input.path ?? homedir())
  const names = await readdir(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const visible = names.filter((name) => !name.startsWith('.')).slice(0, MAX_ENTRIES)
  const entries = (await Promise.all(visible.map((name) => entryOf(path, name)))).filter(
    (entry) => entry !== null,
  )
  entries.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name, 'en'))
  const parent = dirname(path)
  return { path, parent: parent === path ? null : parent, entries }
}

/** Turns a path the user chose in the picker into a grant. A path to write to need not exist, its folder must. */
export async function grantPath(
  input: ParsedInputOf<'file.grant'>,
  engine: EngineLink,
): Promise<ResultOf<'file.grant'>> {
  const path = absolute(input.path)
  const found = await stat(path).catch((cause: unknown) => {
    if (input.write) return null
    throw unreadable(path, cause)
  })
  if (!found) {
    const folder = await stat(dirname(path)).catch(() => null)
    if (!folder?.isDirectory()) throw new WorkbenchError('store.unwritable', { file: basename(path) })
  }
  const grant = await engine.grant(path, input.write ? 'write' : 'read')
  return {
    grant,
    name: basename(path),
    bytes: found?.isFile() ? found.size : 0,
    isFolder: found?.isDirectory() ?? false,
  }
}
