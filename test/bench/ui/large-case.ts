import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { checkoutFolder, pinnedNode } from '../../../tools/checkout.mjs'

const SCHEMA = join(checkoutFolder, 'core', 'store', 'schema.sql')
/** Changes whenever the case would come out differently. */
const RECIPE = 2
/** Room a case takes per event, its journal while it is made included. */
const BYTES_PER_EVENT = 1_500

/**
 * A case with that many events, made once and kept in the folder for temporary files: the demo case (so that every screen has
 * something to show) and a month of a company's sensors, stored as an import stores it.
 * @returns path of the case; copy it before changing anything
 */
export async function ensureLargeCase(events: number): Promise<string> {
  const folder = join(tmpdir(), 'redthread-bench-ui')
  const schema = createHash('sha256').update(readFileSync(SCHEMA)).digest('hex').slice(0, 8)
  const path = join(folder, `large-${events}-${RECIPE}-${schema}.redthread`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < events * BYTES_PER_EVENT)
    throw new Error(`${folder} has less than ${(events * BYTES_PER_EVENT) / 1e9} GB free`)
  const work = mkdtempSync(join(folder, 'making-'))
  try {
    const started = performance.now()
    const made = join(work, 'case.redthread')
    const script = await bundled(work)
    execFileSync(pinnedNode(), [script, demoCase(), made, String(events)], { stdio: 'inherit' })
    renameSync(made, path)
    console.log(`case of ${events} events made in ${((performance.now() - started) / 1000).toFixed(0)} s`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return path
}

function demoCase(): string {
  const cli = join(checkoutFolder, 'out', 'main', 'cli.js')
  const said = execFileSync(pinnedNode(), [cli, 'demo', '--prepare', '--json'], { encoding: 'utf8' })
  return String((JSON.parse(said) as { case: string }).case)
}

async function bundled(folder: string): Promise<string> {
  symlinkSync(join(checkoutFolder, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await build({
    configFile: false,
    logLevel: 'error',
    root: checkoutFolder,
    build: {
      ssr: true,
      outDir: join(folder, 'built'),
      minify: false,
      rollupOptions: {
        input: { making: join(import.meta.dirname, 'making.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
  return join(folder, 'built', 'making.js')
}
