import { readdirSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'

/** Folders made on purpose are nested without end; those of a machine stay far below. */
const MAX_FOLDER_DEPTH = 128

/** Undefined when the folder is closed to us. */
function entriesOf(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return undefined
  }
}
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/**
 * What lies below the given paths.
 * @property files in a stable order; what cannot be read or is no file stands there too: the import of that one item says why
 * @property leftOut what is not followed
 */
export interface CollectedFiles {
  readonly files: string[]
  readonly leftOut: { readonly path: string; readonly code: 'evidence.link' | 'evidence.too_deep' }[]
}

/** Files below the given paths, folders opened recursively. A symbolic link is followed where it is given, not below. */
export function collectFiles(paths: readonly string[]): CollectedFiles {
  const files: string[] = []
  const leftOut: CollectedFiles['leftOut'] = []
  const visit = (path: string, depth: number) => {
    const entries = isFolder(path) ? entriesOf(path) : undefined
    if (!entries) files.push(path)
    else if (depth >= MAX_FOLDER_DEPTH) leftOut.push({ path, code: 'evidence.too_deep' })
    else
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const inner = join(path, entry.name)
        if (entry.isSymbolicLink()) leftOut.push({ path: inner, code: 'evidence.link' })
        else visit(inner, depth + 1)
      }
  }
  for (const path of paths) visit(path, 0)
  return { files: [...new Set(files)], leftOut }
}
