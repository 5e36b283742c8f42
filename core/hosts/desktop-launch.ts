import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtFolder, checkoutFolder } from './built.ts'
import { whyNoWindow } from './http/browser-window.ts'

/** A start that ends this soon with an error never showed a window. */
const STILLBORN_MS = 10_000

/** Path of Electron's binary when it has been downloaded (tools/start.mjs tries); never downloads anything itself. */
export function findElectron(): string | undefined {
  const folder = join(checkoutFolder, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

/** True when the desktop host can be tried on this machine. */
export function canLaunchDesktop(): boolean {
  const obstacle = whyNoWindow()
  return (obstacle === null || obstacle === 'browser') && findElectron() !== undefined
}

/**
 * Opens a case in the desktop host and waits for its end.
 * @returns false when it never came up, so that browser mode can take over
 */
export function launchDesktop(casePath: string): Promise<boolean> {
  const electron = findElectron()
  if (electron === undefined) return Promise.resolve(false)
  const startedAt = Date.now()
  // An inherited ELECTRON_RUN_AS_NODE would turn the desktop into a plain Node.
  const { ELECTRON_RUN_AS_NODE: _ignored, ...env } = process.env
  const child = spawn(electron, [join(builtFolder, 'main.js'), casePath], { stdio: ['ignore', 2, 2], env })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0 || Date.now() - startedAt > STILLBORN_MS))
  })
}
