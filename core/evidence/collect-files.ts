import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A folder full of links to itself never ends; deeper than this is not followed. */
const MAX_FOLDER_DEPTH = 32

/** Files below the given paths, folders opened recursively, in a stable order; symbolic links are not followed. */
export function collectFiles(paths: readonly string[]): string[] {
  const files: string[] = []
  const visit = (path: string, depth: number) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat?.isDirectory()) {
      files.push(path)
      return
    }
    if (depth >= MAX_FOLDER_DEPTH) return
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isSymbolicLink())
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
      visit(join(path, entry.name), depth + 1)
  }
  for (const path of paths) visit(path, 0)
  return [...new Set(files)]
}
