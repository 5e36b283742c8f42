import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ReadStore } from '../../store/store.ts'
import { hashFile } from './case-bytes.ts'
import type { Findings } from './findings.ts'

export interface Original {
  readonly id: number
  readonly name: string
  readonly sha256: string
  readonly bytes: number
}
const evidence = 'SELECT id, name, sha256, bytes FROM evidence ORDER BY id'
export const listOriginals = (db: ReadStore): Original[] => db.prepare(evidence).all() as Original[]

/** Files below a folder (or the file itself). Links are not followed: they lead anywhere, also round in circles. */
async function* filesIn(path: string): AsyncGenerator<string> {
  const top = await stat(path)
  if (top.isFile()) {
    yield path
    return
  }
  const folders = [path]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for await (const entry of (await opendir(folder)) as AsyncIterable<Dirent>) {
      const inside = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(inside)
      else if (entry.isFile()) yield inside
    }
}

export interface FoundOriginals {
  /** Path by evidence id. */
  readonly paths: ReadonlyMap<number, string>
  /** Evidence that no file has the hash of, though one has its name. */
  readonly renamedOnly: ReadonlyMap<number, string>
}

/**
 * Finds the originals of a case by hash, whatever they are called now. Only files of a size (or a name) that the case knows are read:
 * a folder may hold the disk images of another case.
 */
export async function findOriginals(
  originals: readonly Original[],
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<FoundOriginals> {
  const sizes = new Set(originals.map(({ bytes }) => bytes))
  const byName = new Map<string, Original[]>()
  for (const original of originals)
    byName.set(basename(original.name), [...(byName.get(basename(original.name)) ?? []), original])
  const byHash = new Map<string, string>()
  const sameName = new Map<number, string>()
  for (const folder of folders)
    for await (const path of filesIn(folder)) {
      signal?.throwIfAborted()
      const named = byName.get(basename(path)) ?? []
      for (const { id } of named) sameName.set(id, path)
      if (!sizes.has((await stat(path)).size)) continue
      const { sha256 } = await hashFile(path, signal)
      if (!byHash.has(sha256)) byHash.set(sha256, path)
    }
  const paths = new Map<number, string>()
  const renamedOnly = new Map<number, string>()
  for (const { id, sha256 } of originals) {
    const path = byHash.get(sha256)
    const other = sameName.get(id)
    if (path !== undefined) paths.set(id, path)
    else if (other !== undefined) renamedOnly.set(id, other)
  }
  return { paths, renamedOnly }
}

/** Are the originals there, byte for byte? */
export async function checkOriginals(
  db: ReadStore,
  folders: readonly string[],
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  if (folders.length === 0) return
  const originals = listOriginals(db)
  const { paths, renamedOnly } = await findOriginals(originals, folders, signal)
  for (const { id, name, sha256 } of originals) {
    if (paths.has(id)) continue
    const code = renamedOnly.has(id) ? 'evidence.changed' : 'evidence.missing'
    findings.problem(code, `evidence ${id}`, { name, sha256 })
  }
  if (paths.size > 0) findings.holds('holds.evidence', 'evidence', { count: paths.size })
}
