import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pinnedNode } from '../../tools/checkout.mjs'

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The built command line. */
export const CLI = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')

/** Runs the built command line as a process of its own. */
export function redthread(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const env = {
    ...process.env,
    LC_ALL: 'C',
    INIT_CWD: undefined,
    npm_lifecycle_event: undefined,
    ...options.env,
  }
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

/** The one JSON document of a command; fails when there is anything else on stdout. */
export async function redthreadJson(
  args: readonly string[],
): Promise<{ code: number; document: Record<string, unknown> }> {
  const { code, stdout } = await redthread([...args, '--json'])
  return { code, document: JSON.parse(stdout) as Record<string, unknown> }
}
