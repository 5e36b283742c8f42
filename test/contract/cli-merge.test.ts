import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResultOf } from '../../core/contract/types.ts'
import { pinnedNode } from '../../tools/checkout.mjs'
import { CLI, redthread } from '../support/cli.ts'
import { seededRandom } from '../support/random.ts'
import { Workbench, windowsLines } from '../support/workbench.ts'

const EVENTS = 1000

/** Two cases of the same evidence; the colleague tagged everything, and both judged the first event. */
let mine: Workbench
let theirs: Workbench
beforeAll(async () => {
  ;[mine, theirs] = [await Workbench.open(), await Workbench.open()]
  for (const bench of [mine, theirs]) {
    await bench.import(bench.file('log.jsonl', windowsLines(EVENTS)))
    await bench.client.run('correlation.run', {})
  }
  const eventsOf = async (bench: Workbench) =>
    (await bench.client.call('event.search', { limit: 10_000, order: 'oldest' })).rows.map(({ id }) => ({
      kind: 'event' as const,
      id,
    }))
  const [ours, others] = [await eventsOf(mine), await eventsOf(theirs)]
  for (const value of ['a', 'b', 'c'])
    await theirs.client.call('work.mark', { targets: others, type: 'tag', value })
  const verdict = { type: 'verdict' as const, text: 'why' }
  await mine.client.call('work.mark', { targets: ours.slice(0, 1), value: 'benign', ...verdict })
  await theirs.client.call('work.mark', { targets: others.slice(0, 1), value: 'malicious', ...verdict })
  for (const bench of [mine, theirs]) await bench.client.call('case.close', {})
}, 120_000)
afterAll(async () => {
  await mine.close()
  await theirs.close()
})

const json = async (...args: string[]) => {
  const { code, stdout } = await redthread([...args, '--json'])
  return { code, document: JSON.parse(stdout) as Record<string, unknown> }
}
const marksIn = (path: string): { marks: number; merges: number; steps: number; logged: number } => {
  const db = new Database(path, { readonly: true })
  try {
    const count = (sql: string) => db.prepare(sql).pluck().get() as number
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    return {
      marks: count('SELECT count(*) FROM mark'),
      merges: count('SELECT count(*) FROM case_merge'),
      steps: count('SELECT count(*) FROM work_step'),
      logged: count(`SELECT count(*) FROM audit WHERE action = 'case.merge'`),
    }
  } finally {
    db.close()
  }
}
const NOTHING = { marks: 1, merges: 0, steps: 1, logged: 0 }
const EVERYTHING = { marks: 3 * EVENTS + 1, merges: 1, steps: 2, logged: 1 }
const copy = (name: string): string => {
  const path = join(mine.folder, name)
  copyFileSync(mine.casePath, path)
  return path
}

describe('redthread merge', () => {
  it('compares first; its document, with the choices filled in, settles the conflicts', async () => {
    const path = copy('answered.redthread')
    const dry = await json('merge', path, theirs.casePath, '--by', 'Mei', '--dry-run')
    const plan = dry.document as unknown as ResultOf<'merge.plan'> & {
      choices: Record<string, string | null>
    }
    expect(dry.code).toBe(0)
    expect(plan).toMatchObject({ schema: 1, by: 'Mei', evidence: { both: 1 }, total: 3 * EVENTS + 1 })
    expect(Object.values(plan.choices)).toEqual([null])
    expect(marksIn(path)).toEqual(NOTHING)
    const refused = await json('merge', path, theirs.casePath, '--by', 'Mei')
    expect([refused.code, refused.document['error']]).toMatchObject([
      1,
      { code: 'merge.conflicts', params: { count: 1 } },
    ])
    const answers = join(mine.folder, 'answers.json')
    const choices = Object.fromEntries(Object.keys(plan.choices).map((id) => [id, 'mine']))
    writeFileSync(answers, JSON.stringify({ ...plan, choices }))
    const done = await json('merge', path, theirs.casePath, '--by', 'Mei', '--resolve', answers)
    expect(done).toMatchObject({ code: 0, document: { changed: 3 * EVENTS, settled: 1, merge: '1' } })
    expect(marksIn(path)).toEqual(EVERYTHING)
    expect((await json('merge', path, theirs.casePath, '--by', 'Mei')).document).toMatchObject({
      merge: null,
      changed: 0,
    })
    expect((await json('merge', path)).document['merges']).toMatchObject([
      { id: '1', by: 'Mei', undoneAt: null },
    ])
    expect((await json('merge', path, 'undo', '1')).document).toMatchObject({ restored: 3 * EVENTS, left: 0 })
    expect((await json('verify', path)).document).toMatchObject({ ok: true })
  }, 120_000)

  it('says in words what it would do, without a control character of the other case', async () => {
    const other = join(mine.folder, 'words.redthread')
    copyFileSync(theirs.casePath, other)
    const db = new Database(other)
    db.exec(
      `UPDATE mark SET text = char(27) || ']0;x' || char(7) || char(155) || '31m https://evil.example/x' WHERE type = 'verdict'`,
    )
    db.close()
    const { code, stdout } = await redthread(['merge', copy('words-mine.redthread'), other, '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('CONFLICT')
    expect(stdout).toContain('hxxps://evil[.]example/x')
    expect(stdout).not.toContain('https://')
    expect(stdout).toContain('Nothing was written.')
    expect([...stdout].filter((sign) => sign !== '\n' && /\p{Cc}/u.test(sign))).toEqual([])
  }, 120_000)

  it.each([
    [['merge', 'CASE', 'OTHER', '--prefer', 'neither']],
    [['merge', 'CASE', 'undo']],
    [['merge', 'CASE', 'OTHER', 'x']],
  ])('refuses %j', async (args) => {
    const { code } = await redthread(args)
    expect(code).toBe(2)
  })

  it('brings everything or nothing, however often it is killed', async () => {
    const random = seededRandom(20_261_122)
    const path = copy('killed.redthread')
    const args = ['merge', path, theirs.casePath, '--by', 'Mei', '--prefer', 'theirs', '--json']
    const run = (): { child: ChildProcess; ended: Promise<void> } => {
      const child = spawn(pinnedNode(), [CLI, ...args], { stdio: 'ignore' })
      return { child, ended: new Promise((done) => child.once('exit', () => done())) }
    }
    const begun = Date.now()
    const whole = run()
    await whole.ended
    const usual = Date.now() - begun
    expect(marksIn(path)).toEqual({ ...EVERYTHING, marks: 3 * EVENTS + 1 })
    let [untouched, finished] = [0, 0]
    for (let round = 0; round < 8; round += 1) {
      copyFileSync(mine.casePath, path)
      for (const suffix of ['-wal', '-shm', '-lock']) rmSync(`${path}${suffix}`, { force: true })
      const { child, ended } = run()
      const killer = setTimeout(() => child.kill('SIGKILL'), usual * (0.3 + 0.7 * random()))
      await ended
      clearTimeout(killer)
      // Whoever opens it next folds the journal in.
      await redthread(['merge', path])
      const found = marksIn(path)
      expect([NOTHING, EVERYTHING]).toContainEqual(found)
      if (found.merges === 0) untouched += 1
      else finished += 1
    }
    expect(untouched + finished).toBe(8)
  }, 120_000)
})
