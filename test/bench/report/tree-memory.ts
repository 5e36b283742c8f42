import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  /** Largest sum over the command and everything it started, in bytes. */
  readonly peak: number
  /** The command's own share of that moment, in bytes. */
  readonly own: number
}

const EVERY_MS = 200

/** Text of a file in /proc; a process that has just ended has none. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (gone) {
    if (gone instanceof Error) return ''
    throw gone
  }
}

/** Memory of a process with its share of what it has in common with others (proportional set size), in bytes. */
const memoryOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? '0') * 1024

/** A process and all that it started, and those in turn. */
function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? textOf(`/proc/${name}/stat`) : ''
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '0')
    if (stat !== '') children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

/**
 * Runs a program under a watch on the memory of its whole tree of processes. Linux only: it reads /proc.
 * @throws Error when the program fails
 */
export async function measureTree(program: string, args: readonly string[]): Promise<Measured> {
  const from = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let [peak, own, chatter] = [0, 0, '']
  child.stderr.on('data', (chunk: Buffer) => {
    chatter = (chatter + chunk.toString('utf8')).slice(-4_000)
  })
  const look = setInterval(() => {
    if (child.pid === undefined) return
    const memory = treeOf(child.pid).map(memoryOf)
    const sum = memory.reduce((total, bytes) => total + bytes, 0)
    if (sum > peak) [peak, own] = [sum, memory[0] ?? 0]
  }, EVERY_MS)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code !== 0) throw new Error(`${args.join(' ')} failed: ${chatter}`)
  } finally {
    clearInterval(look)
  }
  return { seconds: (performance.now() - from) / 1000, peak, own }
}
