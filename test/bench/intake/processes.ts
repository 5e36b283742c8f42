import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'

/** Wall-clock milliseconds of a whole process, start included; its output goes to a file, as an export would. */
export function timed(command: string, args: readonly string[], output: string, mustSucceed = true): number {
  const out = openSync(output, 'w')
  const started = performance.now()
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ['ignore', out, 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  const elapsed = performance.now() - started
  closeSync(out)
  if (error !== undefined || (status !== 0 && mustSucceed))
    throw new Error(`${command} ${args.join(' ')} failed: ${String(stderr)}`, { cause: error })
  return elapsed
}

/** Whether a command can be started. */
export const hasCommand = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).error === undefined

/** Removes a case file and what stands beside it. */
export function removeCase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-lock']) rmSync(path + suffix, { force: true })
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Two things in turn, `rounds` times; the medians of their times in milliseconds. */
export function inTurn(
  rounds: number,
  ours: () => number,
  peer: () => number,
): { ours: number; peer: number } {
  const times = { ours: [] as number[], peer: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.ours.push(ours())
    times.peer.push(peer())
  }
  return { ours: median(times.ours), peer: median(times.peer) }
}
