import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a file exists and may be run. */
  readonly canRun: (path: string) => boolean
}

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
]
const LINUX_PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
]
const MAC_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const WINDOWS_ROOTS = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData']
const WINDOWS_PLACES = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

const thisMachine = (): Machine => ({ platform: process.platform, env: process.env, canRun })

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (absent) {
    if (absent instanceof Error) return false
    throw absent
  }
}

/** Path of a browser that can print: what the user named (`REDTHREAD_BROWSER`, `CHROMIUM`), else the usual places. */
export function findBrowser(machine: Machine = thisMachine()): string | undefined {
  const named = [machine.env['REDTHREAD_BROWSER'], machine.env['CHROMIUM']].filter(
    (path) => path !== undefined && isAbsolute(path),
  )
  return [...(named as string[]), ...usualPlaces(machine)].find(machine.canRun)
}

function usualPlaces({ platform, env }: Machine): readonly string[] {
  if (platform === 'darwin') return MAC_PLACES
  if (platform === 'win32') {
    const roots = WINDOWS_ROOTS.map((name) => env[name]).filter((root) => root !== undefined)
    return roots.flatMap((root) => WINDOWS_PLACES.map((place) => `${root}\\${place}`))
  }
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return [...onPath, ...LINUX_PLACES].flatMap((folder) => LINUX_NAMES.map((name) => join(folder, name)))
}
