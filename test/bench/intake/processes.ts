import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'

/** How long a process took. */
export interface Times {
  /** Wall-clock milliseconds. */
  readonly ms: number
  /** Milliseconds of CPU of all its threads, which says more on a machine that others use, too; NaN where it is not told. */
  readonly cpuMs: number
}

/** Where Linux tells how much CPU the children of this process have used so far, in hundredths of a second. */
const OWN_STAT = '/proc/self/stat'
function childrenCpuMs(): number {
  if (!existsSync(OWN_STAT)) return Number.NaN
  const stat = readFileSync(OWN_STAT, 'utf8')
  // Behind the name in brackets: user and system time of waited-for children are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** Times of a whole process, start included; its output goes to a file, as an export would. */
export function timed(command: string, args: readonly string[], output: string, mustSucceed = true): Times {
  const out = openSync(output, 'w')
  const cpuBefore = childrenCpuMs()
  const started = performance.now()
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ['ignore', out, 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  const ms = performance.now() - started
  closeSync(out)
  if (error !== undefined || (status !== 0 && mustSucceed))
    throw new Error(`${command} ${args.join(' ')} failed: ${String(stderr)}`, { cause: error })
  return { ms, cpuMs: childrenCpuMs() - cpuBefore }
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

/** Two things in turn, `rounds` times; the medians of their times. */
export function inTurn(rounds: number, ours: () => Times, peer: () => Times): { ours: Times; peer: Times } {
  const times = { ours: [] as Times[], peer: [] as Times[] }
  for (let round = 0; round < rounds; round++) {
    times.ours.push(ours())
    times.peer.push(peer())
  }
  return { ours: medians(times.ours), peer: medians(times.peer) }
}

const medians = (times: readonly Times[]): Times => ({
  ms: median(times.map(({ ms }) => ms)),
  cpuMs: median(times.map(({ cpuMs }) => cpuMs)),
})
