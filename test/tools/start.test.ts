import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureInstalled, exitCodeOf, pinnedNode } from '../../tools/checkout.mjs'

const root = join(import.meta.dirname, '..', '..')
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'tools', script), ...args], { encoding: 'utf8', cwd: root })

describe('npm start', () => {
  it.each([[['--frob']], [['--port']], [['--port', 'x']], [['case.redthread']]])(
    'explains itself when asked for %j',
    (args) => {
      const { status, stderr, stdout } = run('start.mjs', ...args)
      expect(status).toBe(2)
      expect(stderr).toContain('Usage: npm start')
      expect(stdout).toBe('')
    },
  )
  it('shows its options', () => {
    expect(run('start.mjs', '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--browser') as string,
    })
  })
})

describe('npm run bench', () => {
  it('lists the benchmarks instead of running a path', () => {
    for (const name of ['', 'nothing', '../support/cli', 'evtx.ts']) {
      const { status, stderr } = run('bench.mjs', name)
      expect(status).toBe(2)
      expect(stderr).toContain('Usage: npm run bench')
    }
  })
})

describe('a checkout', () => {
  it('runs on the pinned Node, whatever Node the machine has', () => {
    expect(spawnSync(pinnedNode(), ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^v24\./)
  })
  it('installs nothing when the packages are those of the lockfile', async () => {
    const lines: string[] = []
    expect(await ensureInstalled((line: string) => lines.push(line))).toBe(false)
    expect(lines).toEqual([])
  })
  it('says of a program that crashed that it did, and of one that somebody ended nothing', () => {
    const told: string[] = []
    const end = (code: number | null, signal: NodeJS.Signals | null): number =>
      exitCodeOf(code, signal, (line: string) => told.push(line))
    expect([end(3, null), end(null, 'SIGINT'), end(null, 'SIGTERM')]).toEqual([3, 130, 143])
    expect(told).toEqual([])
    expect(end(null, 'SIGSEGV')).toBe(139)
    expect(told.join()).toContain('SIGSEGV')
  })
})
