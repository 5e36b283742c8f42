// What a checkout needs before anything else runs: packages as in the lockfile, and a build of the current sources.
// Plain JavaScript without dependencies: it runs on the machine's own Node (20 or newer) before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const checkoutFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => join(checkoutFolder, ...parts)

const INSTALL_STAMP = at('node_modules', '.redthread-lockfile')
const BUILD_STAMP = at('out', 'stamp.json')
/** In the same folder, so that a rename is enough. */
const NEXT_OUT = 'out.next'
const OLD_OUT = 'out.old'
/** Everything a build reads. */
const SOURCES = ['electron', 'core', 'renderer', 'resources', 'electron.vite.config.ts', 'package-lock.json']
const OUTPUTS = ['out/main/main.js', 'out/main/cli.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex')

async function readText(path) {
  return existsSync(path) ? await readFile(path, 'utf8') : undefined
}

/** The pinned Node of node_modules (tools/node-pin), else the Node that runs this script. */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const path = at(
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  )
  return existsSync(path) ? path : process.execPath
}

/** Somebody ended it: nothing to explain. */
const ASKED = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'])

/**
 * What a shell would say of a program that ended: its exit code, or 128 and the number of the signal that ended it (139: segmentation fault).
 * @param tell is told in words when it crashed: an exit code alone would read as an error of its own, already explained
 */
export function exitCodeOf(code, signal, tell = (line) => process.stderr.write(`${line}\n`)) {
  if (signal === null || signal === undefined) return code ?? 1
  if (!ASKED.has(signal))
    tell(
      `redthread was ended by the system (${signal}). The case keeps everything up to the last finished step: run the command again. ` +
        'If packages were installed or replaced in this checkout meanwhile, that was the reason; else please report it.',
    )
  return 128 + (constants.signals[signal] ?? 0)
}

/** Runs a program; its output goes to stderr so that stdout stays a command's own. Rejects on a non-zero exit. */
function run(program, args, environment = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: checkoutFolder,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...environment },
    })
    child.on('error', fail)
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`exit code ${code}`))))
  })
}

/**
 * One process at a time installs or builds in a checkout; others wait for it. A lock whose owner is gone is taken over.
 */
async function locked(name, work) {
  const lock = at('.cache', `${name}.lock`)
  await mkdir(at('.cache'), { recursive: true })
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (failure) {
      if (failure.code !== 'EEXIST') throw failure
      const owner = Number(await readText(lock))
      if (!isAlive(owner)) await rm(lock, { force: true })
      else await sleep(200)
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

function isAlive(pid) {
  // An empty lock file is being written at this moment.
  if (!Number.isInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (failure) {
    return failure.code === 'EPERM'
  }
}

/**
 * True when node_modules holds exactly what the lockfile asks for: either our stamp says so, or npm's own record of what
 * it installed agrees with the lockfile (somebody ran npm by hand).
 */
async function isInstalled(lockfile) {
  if ((await readText(INSTALL_STAMP)) === hashOf(lockfile)) return true
  const record = await readText(at('node_modules', '.package-lock.json'))
  if (record === undefined) return false
  const installed = JSON.parse(record).packages
  return Object.entries(JSON.parse(lockfile).packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/')) return true
    const present = installed[path]
    return present === undefined ? wanted.optional === true : present.version === wanted.version
  })
}

/** Installs the packages of the lockfile when they are absent or differ. @returns true when it had to */
export async function ensureInstalled(log = console.log) {
  const lockfile = await readFile(at('package-lock.json'), 'utf8')
  if ((await readText(INSTALL_STAMP)) === hashOf(lockfile)) return false
  return await locked('install', async () => {
    const current = await isInstalled(lockfile)
    if (!current) {
      log('Installing packages (first start, or the lockfile changed) ...')
      // No package needs a script of its own: nothing is compiled, nothing is downloaded outside the registry.
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
      const npm = process.env.npm_execpath
      try {
        if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args])
        else if (process.platform === 'win32') await run('cmd.exe', ['/d', '/c', 'npm', ...args])
        else await run('npm', args)
      } catch (failure) {
        throw new Error(
          `The packages could not be installed (npm ci: ${failure.message}). See the lines above.`,
        )
      }
    }
    await writeFile(INSTALL_STAMP, hashOf(lockfile))
    return !current
  })
}

/** SHA-256 over names and bytes of all sources. */
async function hashSources() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    if (!existsSync(at(source))) continue
    if (source.includes('.')) {
      hash.update(source).update(await readFile(at(source)))
      continue
    }
    const entries = await readdir(at(source), { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    for (const file of files.sort())
      hash.update(file.slice(checkoutFolder.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}

async function isBuilt(sources) {
  const stamp = await readText(BUILD_STAMP)
  return (
    stamp !== undefined &&
    JSON.parse(stamp).sources === sources &&
    OUTPUTS.every((path) => existsSync(at(path)))
  )
}

/** Builds when the sources differ from those of the last build. @returns true when it had to */
export async function ensureBuilt(log = console.log) {
  if (await isBuilt(await hashSources())) return false
  return await locked('build', async () => {
    const sources = await hashSources()
    if (await isBuilt(sources)) return false
    log('Building ...')
    // Beside out/ and then in its place: whoever runs the old build meanwhile never meets half a new one.
    await rm(at(NEXT_OUT), { recursive: true, force: true })
    try {
      const builder = at('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
      await run(pinnedNode(), [builder, 'build', '--logLevel', 'warn'], { REDTHREAD_OUT: NEXT_OUT })
    } catch (failure) {
      throw new Error(`The build failed (electron-vite: ${failure.message}). See the lines above.`)
    }
    await writeFile(at(NEXT_OUT, 'stamp.json'), JSON.stringify({ sources }))
    await rm(at(OLD_OUT), { recursive: true, force: true })
    if (existsSync(at('out'))) await rename(at('out'), at(OLD_OUT))
    await rename(at(NEXT_OUT), at('out'))
    await rm(at(OLD_OUT), { recursive: true, force: true })
    return true
  })
}
