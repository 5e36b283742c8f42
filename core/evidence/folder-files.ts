import { readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { MAX_BESIDE_BYTES } from './collection-files.ts'

/** Finds a small file of that name beside an evidence file, or in a folder above it. */
export type Beside = (name: string) => Promise<Uint8Array | undefined>

/**
 * Files of the folders that are imported, found by their name alone: what a collector left there says something of all the others around it.
 * Nothing is looked at that was not chosen.
 */
export class FolderFiles {
  /** Name in lower case -> folder -> path. */
  readonly #paths = new Map<string, Map<string, string>>()

  /** @param paths all files that are imported */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const name = basename(path).toLowerCase()
      const folders = this.#paths.get(name) ?? new Map<string, string>()
      this.#paths.set(name, folders)
      folders.set(dirname(path), path)
    }
  }

  /** What lies beside an evidence file. */
  beside(file: string): Beside {
    return (name) => Promise.resolve(this.#nearest(file, name))
  }

  #nearest(file: string, name: string): Uint8Array | undefined {
    const folders = this.#paths.get(name)
    if (folders === undefined) return undefined
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      const path = folders.get(folder)
      if (path !== undefined) return path === file ? undefined : readSmall(path)
      if (folder === dirname(folder)) return undefined
    }
  }
}

/** Undefined when it is too large or cannot be read: its own import says so. */
function readSmall(path: string): Uint8Array | undefined {
  try {
    return statSync(path).size > MAX_BESIDE_BYTES ? undefined : readFileSync(path)
  } catch {
    return undefined
  }
}
