import { basename, dirname, resolve } from 'node:path'
import type { PackRow } from '../../contract/nouns/reputation.ts'
import { toPlainError, type PlainError } from '../../model/errors.ts'
import type { ExitCode } from './command.ts'

/** What became of one file or folder, or of a MISP feed given as files. */
export type PackOutcome =
  | { readonly kind: 'added'; readonly file: string; readonly packs: readonly PackRow[] }
  /** The same bytes are a pack of this case. */
  | { readonly kind: 'present'; readonly file: string; readonly pack: string }
  | { readonly kind: 'refused'; readonly file: string; readonly error: PlainError }

const MANIFEST = 'manifest.json'
/** What is wrong with one file says nothing of the next; anything else (a full disk, a cancel) ends the command. */
const OF_ONE_FILE = /^(?:pack|evidence|limit|file)\./

/** Files that are added together: a manifest of a MISP feed with the JSON files beside it. All others are packs by themselves. */
export function toGroups(files: readonly string[]): string[][] {
  const feeds = new Set(
    files.filter((file) => basename(file).toLowerCase() === MANIFEST).map((file) => dirname(resolve(file))),
  )
  const groups = new Map<string, string[]>()
  for (const file of files) {
    const folder = dirname(resolve(file))
    const key = feeds.has(folder) && /\.json$/i.test(file) ? `feed ${folder}` : `file ${resolve(file)}`
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  return [...groups.values()]
}

/** Does one group; what is refused is told, not thrown. */
export async function addGroup(
  group: readonly string[],
  add: (files: readonly string[]) => Promise<readonly PackRow[]>,
): Promise<PackOutcome> {
  const file = group.find((one) => basename(one).toLowerCase() === MANIFEST) ?? group[0] ?? ''
  try {
    return { kind: 'added', file, packs: await add(group) }
  } catch (thrown) {
    const error = toPlainError(thrown)
    if (error.code === 'pack.duplicate')
      return { kind: 'present', file, pack: String(error.params['pack'] ?? '') }
    if (!OF_ONE_FILE.test(error.code)) throw thrown
    return { kind: 'refused', file, error }
  }
}

/** 1 when nothing but refusals came of it; 3 when something was refused or entries were rejected. A pack that is there is no failure. */
export function exitOf(outcomes: readonly PackOutcome[]): ExitCode {
  const isRefused = outcomes.some(({ kind }) => kind === 'refused')
  if (isRefused && outcomes.every(({ kind }) => kind === 'refused')) return 1
  const isRejected = outcomes.some(
    (one) => one.kind === 'added' && one.packs.some((pack) => pack.rejected > 0),
  )
  return isRefused || isRejected ? 3 : 0
}
