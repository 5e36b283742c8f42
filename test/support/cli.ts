import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { vi } from 'vitest'
import { main } from '../../core/hosts/cli/main.ts'
import { pinnedNode } from '../../tools/checkout.mjs'

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The built command line. */
export const CLI = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')

interface CliOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}
/** What every command is run under, so that nothing of the machine or of npm is in its answers. */
const QUIET: NodeJS.ProcessEnv = { LC_ALL: 'C', INIT_CWD: undefined, npm_lifecycle_event: undefined }

/** Runs the built command line as a process of its own. */
export function redthreadProcess(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const env = { ...process.env, ...QUIET, ...options.env }
  return new Promise((resolve) => {
    execFile(
      pinnedNode(),
      [CLI, ...args],
      { ...options, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ code, stdout, stderr })
      },
    )
  })
}

/** Commands that show the workbench: they live until somebody ends their process. */
const SHOWS: ReadonlySet<string> = new Set(['serve', 'open', 'demo'])
let last: Promise<unknown> = Promise.resolve()

/**
 * Runs a command and tells what it printed and its exit code. It is the same `main` that the built entry calls, with the built job
 * thread; a process of its own (a second of work, each) is started where there is more to a process: another folder or environment,
 * or a workbench. `redthreadProcess` always starts one.
 */
export function redthread(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const needsProcess =
    options.cwd !== undefined || options.env !== undefined || args.some((word) => SHOWS.has(word))
  if (needsProcess) return redthreadProcess(args, options)
  const result = last.then(() => inThisProcess(args))
  last = result.catch(() => undefined)
  return result
}

async function inThisProcess(args: readonly string[]): Promise<CliResult> {
  const printed = { stdout: '', stderr: '' }
  const before = Object.keys(QUIET).map((name) => [name, process.env[name]] as const)
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const spy = vi.spyOn(process[name], 'write').mockImplementation((chunk: string | Uint8Array) => {
      printed[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
      return true
    })
    return spy
  })
  for (const [name, value] of Object.entries(QUIET)) set(name, value)
  try {
    return { code: await main(args), ...printed }
  } finally {
    for (const spy of streams) spy.mockRestore()
    for (const [name, value] of before) set(name, value)
  }
}

/** The one JSON document of a command; fails when there is anything else on stdout. */
export async function redthreadJson(
  args: readonly string[],
): Promise<{ code: number; document: Record<string, unknown> }> {
  const { code, stdout } = await redthread([...args, '--json'])
  return { code, document: JSON.parse(stdout) as Record<string, unknown> }
}
