// `npm start`: packages, build, demo case, workbench. Uses Electron when its binary can be had; says so and uses browser
// mode otherwise. Plain JavaScript that Node 20 can run.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkoutFolder, ensureBuilt, ensureInstalled, exitCodeOf, pinnedNode } from './checkout.mjs'

const USAGE = `Usage: npm start [-- OPTIONS]
  --browser    browser mode: do not try Electron
  --port N     browser mode on this port (default: any free one)
  --no-open    browser mode: only print the address, open no window
  --help       show this help`

/** Where Electron's binary comes from must answer within this time, or it cannot be had. */
const REACH_LIMIT_MS = 8_000
/** About 120 MB; a line that needs longer than this is not worth waiting for. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000
const HEARTBEAT_MS = 10_000

const electronFolder = join(checkoutFolder, 'node_modules', 'electron')

function hasElectron() {
  const pathFile = join(electronFolder, 'path.txt')
  return (
    existsSync(pathFile) && existsSync(join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim()))
  )
}

/** Why Electron cannot run here whatever the network says; undefined when it can. */
function obstacle() {
  if (process.platform !== 'linux') return undefined
  if (process.getuid() === 0) return 'its sandbox does not run as root'
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? undefined : 'there is no display'
}

/** Tries to reach the download host. A proxy or mirror in the environment is left to the installer itself. */
function isReachable() {
  const configured = [
    'ELECTRON_MIRROR',
    'npm_config_electron_mirror',
    'HTTPS_PROXY',
    'https_proxy',
    'npm_config_https_proxy',
  ]
  if (configured.some((name) => process.env[name])) return Promise.resolve(true)
  return new Promise((resolve) => {
    const socket = connect({ host: 'github.com', port: 443 })
    const end = (answer) => {
      clearTimeout(limit)
      socket.destroy()
      resolve(answer)
    }
    const limit = setTimeout(() => end(false), REACH_LIMIT_MS)
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

/** Runs the installer of the electron package, with a sign of life and a time limit. */
function download() {
  return new Promise((resolve) => {
    const startedAt = Date.now()
    const child = spawn(pinnedNode(), [join(electronFolder, 'install.js')], {
      cwd: checkoutFolder,
      stdio: 'ignore',
    })
    const heartbeat = setInterval(() => {
      console.log(`  still downloading (${Math.round((Date.now() - startedAt) / 1000)} s) ...`)
    }, HEARTBEAT_MS)
    const limit = setTimeout(() => child.kill('SIGKILL'), DOWNLOAD_LIMIT_MS)
    const end = (answer) => {
      clearInterval(heartbeat)
      clearTimeout(limit)
      resolve(answer)
    }
    child.once('error', () => end(false))
    child.once('exit', (code) => end(code === 0 && hasElectron()))
  })
}

/** @returns undefined when Electron is there, otherwise the reason in words */
async function tryElectron() {
  const reason = obstacle()
  if (reason) return reason
  if (hasElectron()) return undefined
  console.log('Looking for Electron (needed once; Ctrl+C and `npm start -- --browser` skip it) ...')
  if (!(await isReachable())) return 'its download page cannot be reached'
  console.log('Downloading Electron ...')
  return (await download()) ? undefined : 'its download did not succeed'
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean' },
      port: { type: 'string' },
      'no-open': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
    throw new Error(`--port must be a number, not "${values.port}".`)
  return values
}

async function main() {
  let options
  try {
    options = readOptions()
  } catch (failure) {
    console.error(`${failure.message}\n${USAGE}`)
    return 2
  }
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  try {
    await ensureInstalled()
    await ensureBuilt()
  } catch (failure) {
    console.error(failure.message)
    return 1
  }
  const words = ['demo']
  if (options.port !== undefined) words.push('--port', options.port)
  if (options['no-open']) words.push('--no-open')
  const inBrowser = options.browser || words.length > 1
  const reason = inBrowser ? undefined : await tryElectron()
  if (reason) console.log(`Electron is not available (${reason}), so Redthread opens in browser mode.`)
  if (inBrowser || reason) words.push('--browser')
  return await runRedthread(words)
}

function runRedthread(words) {
  return new Promise((resolve) => {
    const cli = join(checkoutFolder, 'out', 'main', 'cli.js')
    const child = spawn(pinnedNode(), [cli, ...words], { stdio: 'inherit' })
    // At a terminal Ctrl+C reaches the child by itself; it must not get it twice. The child decides when to end.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    // npm, when it is ended, ends only the shell between us: a server nobody started any more must not stay behind.
    const parent = process.ppid
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref()
    child.once('error', (failure) => {
      console.error(failure.message)
      resolve(1)
    })
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)))
  })
}

process.exitCode = await main()
