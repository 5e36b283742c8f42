import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Nothing of ours takes so long; what is older was left behind by a process that was killed or a machine that stopped. */
const LEFT_BEHIND_MS = 24 * 3_600_000

/** Removes a folder of temporary files with all in it; on Windows a program that has just ended may still hold one for a moment. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

/**
 * A new folder that only its owner can read. Those of the same prefix that were left behind more than a day ago are removed: they hold pieces
 * of evidence.
 * @throws Error of the file system when it cannot be made
 */
export async function makeTemporaryFolder(parent: string, prefix: string): Promise<string> {
  const made = await mkdtemp(join(parent, prefix))
  await removeLeftBehind(parent, prefix)
  return made
}

/** Removes folders of a prefix that were left behind more than a day ago; what cannot be removed stays. */
export async function removeLeftBehind(parent: string, prefix: string): Promise<void> {
  const before = Date.now() - LEFT_BEHIND_MS
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    if (!entry.name.startsWith(prefix) || !entry.isDirectory()) continue
    const folder = join(parent, entry.name)
    try {
      const { mtimeMs, uid } = await stat(folder)
      if (mtimeMs < before && uid === (process.getuid?.() ?? uid)) await removeFolder(folder)
    } catch (thrown) {
      // Another process was quicker, or it is not ours to remove: it stays, and the work goes on.
      if (!(thrown instanceof Error)) throw thrown
    }
  }
}
