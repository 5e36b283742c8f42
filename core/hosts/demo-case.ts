import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '../contract/client.ts'
import { buildDemoCase } from '../demo/build-demo-case.ts'
import { builtFolder, checkoutFolder } from './built.ts'

/** In a checkout beside it, otherwise where the system keeps application data. */
function demoFolder(): string {
  if (existsSync(join(checkoutFolder, 'tools', 'checkout.mjs'))) return join(checkoutFolder, '.cache', 'demo')
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'Redthread', 'demo')
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'Redthread', 'demo')
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'redthread', 'demo')
}

/**
 * The demo case: made once per build by running the generator's files through the real importers, then kept.
 * @returns path of the case
 */
export async function ensureDemoCase(
  startClient: () => Promise<Client>,
  onProgress: (step: string) => void,
): Promise<string> {
  const folder = demoFolder()
  const path = join(folder, 'demo.redthread')
  const stampFile = join(folder, 'made-by')
  const build = join(builtFolder, '..', 'stamp.json')
  const stamp = existsSync(build) ? await readFile(build, 'utf8') : ''
  if (existsSync(path) && existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return path
  // Made beside and put in place whole: a start that was cut off, or two at once, leave no half demo behind.
  const making = `${folder}-${process.pid}`
  await mkdir(making, { recursive: true })
  try {
    const client = await startClient()
    await buildDemoCase(client, join(making, 'evidence'), join(making, 'demo.redthread'), onProgress)
    await client.call('case.close', {})
    await writeFile(join(making, 'made-by'), stamp)
    await rm(folder, { recursive: true, force: true })
    await rename(making, folder)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
  return path
}
