import { readdirSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'

/** A folder full of links to itself never ends; deeper than this is not followed. */
const MAX_FOLDER_DEPTH = 32

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
 * Files below the given paths, folders opened recursively, in a stable order; symbolic links are not followed. What
 * cannot be read or is no file stands in the list too: the import of that one item says why, and the others go on.
 */
export function collectFiles(paths: readonly string[]): string[] {
  const files: string[] = []
  const visit = (path: string, depth: number) => {
    const entries = isFolder(path) ? entriesOf(path) : undefined
    if (!entries) {
      files.push(path)
      return
    }
    if (depth >= MAX_FOLDER_DEPTH) return
    const own = entries.filter((entry) => !entry.isSymbolicLink())
    for (const entry of own.sort((a, b) => (a.name < b.name ? -1 : 1)))
      visit(join(path, entry.name), depth + 1)
  }
  for (const path of paths) visit(path, 0)
  return [...new Set(files)]
}
