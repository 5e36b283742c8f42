import { spawn } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeTemporaryFolder, removeFolder } from '../../jobs/temporary-folder.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { findBrowser } from './find-browser.ts'

/** A browser that hangs (broken profile, no shared memory) must not hold the job for ever. */
const TIME_LIMIT_MS = 180_000
/** Chatter kept for the error message. */
const MAX_STDERR = 4_000

/**
 * Prints a report with the machine's Chromium, Chrome or Edge, without window, profile or network. Paper size, margins
 * and page numbers come from the report's own `@page` rule.
 * @param signal stops the browser when the analyst cancels
 * @returns the PDF and the program that made it
 * @throws WorkbenchError `report.no_browser` when there is none, `report.failed` when it prints nothing
 */
export async function printWithChromium(
  html: string,
  paper: 'A4' | 'Letter',
  signal?: AbortSignal,
  browser: string | null = findBrowser() ?? null,
): Promise<{ pdf: Uint8Array; by: string }> {
  if (browser === null) throw new WorkbenchError('report.no_browser')
  try {
    return await printIn({ parent: tmpdir(), ownHome: true }, html, paper, browser, signal)
  } catch (thrown) {
    signal?.throwIfAborted()
    if (process.platform !== 'linux' || !(thrown instanceof WorkbenchError)) throw thrown
    // A snap package (Ubuntu's Chromium) sees neither /tmp nor a home that is not the user's.
    return await printIn({ parent: homedir(), ownHome: false }, html, paper, browser, signal)
  }
}

/** Where the temporary folder is made, and whether the browser gets a home folder inside it. */
interface Workplace {
  readonly parent: string
  readonly ownHome: boolean
}

async function printIn(
  { parent, ownHome }: Workplace,
  html: string,
  paper: 'A4' | 'Letter',
  browser: string,
  signal: AbortSignal | undefined,
): Promise<{ pdf: Uint8Array; by: string }> {
  const folder = await makeTemporaryFolder(parent, 'redthread-print-')
  try {
    await chmod(folder, 0o700)
    const page = join(folder, `report-${paper}.html`)
    const output = join(folder, 'report.pdf')
    const home = join(folder, 'home')
    await mkdir(home, { mode: 0o700 })
    await writeFile(page, html, { mode: 0o600, flag: 'wx' })
    const homes = ownHome ? { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home } : {}
    await runBrowser(browser, folder, homes, signal, [`--print-to-pdf=${output}`, pathToFileURL(page).href])
    return { pdf: await readPdf(output, browser), by: basename(browser) }
  } finally {
    await removeFolder(folder)
  }
}

async function readPdf(path: string, browser: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path)
    if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return bytes
    throw new WorkbenchError('report.failed', { reason: `${basename(browser)}: no PDF` })
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause
    throw new WorkbenchError('report.failed', { reason: `${basename(browser)}: no output` }, { cause })
  }
}

/** Nothing of this may reach the network: names do not resolve and every background service is off (TRUST.md 2.13). */
const QUIET = [
  '--headless',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider',
  '--metrics-recording-only',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--mute-audio',
  '--no-pdf-header-footer',
  '--generate-pdf-document-outline',
  // Lets the embedded faces load before the page is printed.
  '--virtual-time-budget=10000',
]

function runBrowser(
  browser: string,
  folder: string,
  homes: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
  last: readonly string[],
): Promise<void> {
  // Chromium refuses to run its sandbox as root; anybody else keeps it.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [...QUIET, ...asRoot, `--user-data-dir=${join(folder, 'profile')}`, ...last]
  const env = { ...process.env, ...homes, TZ: 'UTC' }
  return new Promise((resolve, reject) => {
    const child = spawn(browser, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env,
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
      ...(signal ? { signal } : {}),
    })
    let chatter = ''
    child.stderr.on('data', (chunk: Buffer) => {
      chatter = (chatter + chunk.toString('utf8')).slice(-MAX_STDERR)
    })
    child.once('error', (cause) =>
      reject(new WorkbenchError('report.failed', { reason: basename(browser) }, { cause })),
    )
    child.once('close', (code, signal) => {
      if (code === 0) return resolve()
      const reason =
        signal === null
          ? `${basename(browser)}: exit code ${code ?? '?'}`
          : `${basename(browser)}: stopped (${signal})`
      reject(new WorkbenchError('report.failed', { reason }, { cause: new Error(chatter) }))
    })
  })
}
