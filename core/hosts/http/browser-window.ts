import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../report/print/find-browser.ts'

/** Why no window can be shown; each has its sentence in the commands' texts. */
export type NoWindow = 'root' | 'display' | 'browser'

/** A browser needs its sandbox (not root) and a display. */
export function whyNoWindow(): NoWindow | null {
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) return 'root'
    if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'display'
  }
  return findBrowser() === undefined ? 'browser' : null
}

/** Nothing but our own origin may be reached, and no service of the browser may call home (TRUST.md 2.13). */
const QUIET = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-breakpad',
  '--metrics-recording-only',
  '--no-pings',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--window-size=1440,900',
]

/** A window that ends this soon never came up (missing library, broken profile). */
const STILLBORN_MS = 4_000

export interface AppWindow {
  /** Resolves when the window is closed; false when it never came up. */
  readonly closed: Promise<boolean>
  close(): void
}

/** Opens the address as an app window of the machine's browser, with a profile of its own that is removed afterwards. */
export async function openAppWindow(address: string): Promise<AppWindow> {
  const browser = findBrowser()
  if (browser === undefined) return { closed: Promise.resolve(false), close: () => undefined }
  const profile = await mkdtemp(join(tmpdir(), 'redthread-window-'))
  await chmod(profile, 0o700)
  const startedAt = Date.now()
  const child: ChildProcess = spawn(browser, [`--app=${address}`, `--user-data-dir=${profile}`, ...QUIET], {
    stdio: 'ignore',
  })
  let closing = false
  const closed = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0 || closing || Date.now() - startedAt > STILLBORN_MS))
  }).finally(() => rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  return {
    closed,
    close() {
      closing = true
      child.kill()
    },
  }
}
