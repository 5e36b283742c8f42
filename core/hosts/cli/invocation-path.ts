import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Where the user stands. `npm run redthread` starts us in the package's folder and keeps the user's in INIT_CWD; any other
 * way of starting leaves the working directory alone, and an INIT_CWD inherited from an outer npm run must not count.
 */
export function userFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const isNpmRun = env['npm_lifecycle_event'] === 'redthread'
  return isNpmRun ? (env['INIT_CWD'] ?? process.cwd()) : process.cwd()
}

/** A case by its path; `.redthread` may be left out, also beside a folder of that name (evidence often lies in one). */
export function casePath(path: string): string {
  const isNoFile = statSync(path, { throwIfNoEntry: false })?.isFile() !== true
  return isNoFile && existsSync(`${path}.redthread`) ? `${path}.redthread` : path
}

export const absolutePath = (argument: string): string => resolve(userFolder(), argument)
