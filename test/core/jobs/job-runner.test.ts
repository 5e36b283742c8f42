import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../../core/contract/types.ts'
import type { CommandContext, Handlers } from '../../../core/jobs/handlers.ts'
import { JobRunner } from '../../../core/jobs/job-runner.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { createCase, openForReading, openForWriting } from '../../../core/store/case-file.ts'
import { TEST_NOW } from '../../support/case-builder.ts'

/** A gate that a handler waits at until the test opens it. */
function aGate(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open: () => open() }
}

/** Waits until everything queued before has ended: a command nobody answers comes last. */
const idle = (runner: JobRunner) => runner.command('policy.set', {}).catch(() => undefined)

describe('the writing side', () => {
  let folder: string
  let casePath: string
  let events: EngineEvent[]
  let runners: JobRunner[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-jobs-'))
    casePath = join(folder, 'test.redthread')
    createCase(casePath, 'UTC', 'test', TEST_NOW)
    events = []
    runners = []
  })
  afterEach(async () => {
    for (const runner of runners) await runner.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A runner of the given handlers over a case of its own. */
  function start(handlers: Handlers, emit: (event: EngineEvent) => void = () => undefined): JobRunner {
    const runner = new JobRunner({
      handlers,
      now: () => TEST_NOW,
      emit: (event) => {
        events.push(event)
        emit(event)
      },
      resolveGrant: (grant) => grant,
      print: () => Promise.reject(new WorkbenchError('report.no_browser')),
    })
    runner.open(casePath)
    runners.push(runner)
    return runner
  }
  const ended = () =>
    events.flatMap((event) =>
      event.type === 'job.ended' ? [[event.jobId, event.status, event.error?.code]] : [],
    )
  const log = () => {
    const reader = openForReading(casePath)
    const rows = reader.db.prepare('SELECT id, method, status, error, result FROM job_log ORDER BY id').all()
    reader.close()
    return rows
  }

  it('runs jobs and commands one after the other, in the order they came', async () => {
    const order: string[] = []
    const gate = aGate()
    const runner = start({
      'evidence.resume': async () => {
        order.push('job begins')
        await gate.passed
        order.push('job ends')
        return undefined as never
      },
      'case.setZone': () => {
        order.push('command')
        return undefined as never
      },
    })
    runner.job('1', 'evidence.resume', {})
    const command = runner.command('case.setZone', {})
    runner.job('2', 'evidence.resume', {})
    gate.open()
    await command
    expect(order).toEqual(['job begins', 'job ends', 'command'])
    await runner.close()
    expect(order).toEqual(['job begins', 'job ends', 'command'])
    expect(ended()).toEqual([
      ['1', 'done', undefined],
      ['2', 'cancelled', undefined],
    ])
  })

  it('says that a job runs, then how it goes, then that it ended', async () => {
    const runner = start({
      'evidence.resume': ({ progress, changed }) => {
        progress({
          done: 0.5,
          step: { key: 'job.importing', params: { name: 'a' } },
          counters: { records: 7 },
        })
        changed('event')
        return { fine: true } as never
      },
    })
    runner.job('1', 'evidence.resume', {})
    await idle(runner)
    expect(events).toEqual([
      {
        type: 'job.progress',
        jobId: '1',
        method: 'evidence.resume',
        progress: null,
        eta: null,
        step: null,
        counters: {},
      },
      {
        type: 'job.progress',
        jobId: '1',
        method: 'evidence.resume',
        progress: 0.5,
        eta: 0,
        step: { key: 'job.importing', params: { name: 'a' } },
        counters: { records: 7 },
      },
      { type: 'store.changed', nouns: ['event'] },
      { type: 'job.ended', jobId: '1', method: 'evidence.resume', status: 'done', error: null },
      { type: 'store.changed', nouns: ['job'] },
    ])
    expect(log()).toEqual([
      { id: 1, method: 'evidence.resume', status: 'done', error: null, result: '{"fine":true}' },
    ])
  })

  it('thins out progress, but sends every new step and the last word', async () => {
    const runner = start({
      'evidence.resume': ({ progress }) => {
        for (let index = 1; index <= 10_000; index += 1) progress({ counters: { records: index } })
        return undefined as never
      },
      'correlation.run': ({ progress }) => {
        for (let index = 0; index < 20; index += 1) progress({ step: { key: `step ${index}`, params: {} } })
        return undefined as never
      },
    })
    runner.job('1', 'evidence.resume', {})
    runner.job('2', 'correlation.run', {})
    await idle(runner)
    const progress = (id: string) =>
      events.flatMap((event) => (event.type === 'job.progress' && event.jobId === id ? [event] : []))
    expect(progress('1').length).toBeLessThan(20)
    expect(progress('1').at(-1)?.counters).toEqual({ records: 10_000 })
    expect(progress('2').flatMap((event) => event.step?.key ?? [])).toHaveLength(20)
  })

  it('never starts a job that was cancelled while it waited', async () => {
    const started: string[] = []
    const gate = aGate()
    const runner = start({
      'evidence.resume': async () => {
        started.push('first')
        await gate.passed
        return undefined as never
      },
      'correlation.run': () => {
        started.push('second')
        return undefined as never
      },
    })
    runner.job('1', 'evidence.resume', {})
    runner.job('2', 'correlation.run', {})
    runner.cancel('2')
    gate.open()
    await idle(runner)
    expect(started).toEqual(['first'])
    expect(ended()).toEqual([
      ['1', 'done', undefined],
      ['2', 'cancelled', undefined],
    ])
  })

  it('cancels a job that runs, at its next look at the signal', async () => {
    const running = aGate()
    const runner = start({
      'evidence.resume': async ({ signal }: CommandContext) => {
        running.open()
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
        return undefined as never
      },
    })
    runner.job('1', 'evidence.resume', {})
    await running.passed
    runner.cancel('1')
    runner.cancel('unknown')
    await idle(runner)
    expect(ended()).toEqual([['1', 'cancelled', undefined]])
    expect(log()).toMatchObject([{ status: 'cancelled', error: null }])
  })

  it('asks for waiting messages while a job keeps the thread busy', async () => {
    const busy: Handlers = {
      'evidence.resume': ({ progress, signal }) => {
        for (let index = 0; index < 100; index += 1) {
          progress({ step: { key: 'job.importing', params: { name: String(index) } } })
          signal.throwIfAborted()
        }
        return undefined as never
      },
    }
    let asked = 0
    const runner: JobRunner = new JobRunner({
      handlers: busy,
      now: () => TEST_NOW,
      emit: (event) => events.push(event),
      resolveGrant: (grant) => grant,
      print: () => Promise.reject(new WorkbenchError('report.no_browser')),
      poll: () => {
        asked += 1
        if (asked === 5) runner.cancel('1')
      },
    })
    runners.push(runner)
    runner.open(casePath)
    runner.job('1', 'evidence.resume', {})
    await idle(runner)
    expect(asked).toBe(5)
    expect(ended()).toEqual([['1', 'cancelled', undefined]])
  })

  it('does in idle times what is left to do, never beside a job, and nothing after the case is closed', async () => {
    const order: string[] = []
    const all = aGate()
    const gate = aGate()
    const runner = new JobRunner({
      handlers: {
        'evidence.resume': async () => {
          order.push('job begins')
          await gate.passed
          order.push('job ends')
          return undefined as never
        },
      },
      now: () => TEST_NOW,
      emit: (event) => events.push(event),
      resolveGrant: (grant) => grant,
      print: () => Promise.reject(new WorkbenchError('report.no_browser')),
      whenIdle: () => () => {
        order.push('piece')
        if (order.length === 5) all.open()
        return order.length < 5
      },
    })
    runners.push(runner)
    runner.open(casePath)
    runner.job('1', 'evidence.resume', {})
    setTimeout(gate.open, 150)
    await all.passed
    expect(order).toEqual(['job begins', 'job ends', 'piece', 'piece', 'piece'])
    await runner.close()
    expect(order).toHaveLength(5)
  })

  it('keeps the error of a job that failed, and goes on with the next', async () => {
    const runner = start({
      'evidence.resume': () => {
        throw new WorkbenchError('evidence.unreadable', { name: 'a.json' })
      },
      'correlation.run': () => ({ fine: true }) as never,
    })
    runner.job('1', 'evidence.resume', {})
    runner.job('2', 'correlation.run', {})
    runner.job('3', 'retro.run', {})
    await idle(runner)
    expect(ended()).toEqual([
      ['1', 'failed', 'evidence.unreadable'],
      ['2', 'done', undefined],
      ['3', 'failed', 'request.unknown_method'],
    ])
    expect(log()).toMatchObject([
      { status: 'failed', error: '{"code":"evidence.unreadable","params":{"name":"a.json"}}' },
      { status: 'done', result: '{"fine":true}' },
      { status: 'failed' },
    ])
  })

  it('tells what changed even when the command failed half-way', async () => {
    const runner = start({
      'case.setZone': ({ changed }) => {
        changed('case', 'audit')
        throw new WorkbenchError('request.invalid', { field: 'zone' })
      },
    })
    await expect(runner.command('case.setZone', {})).rejects.toMatchObject({ code: 'request.invalid' })
    expect(events).toEqual([{ type: 'store.changed', nouns: ['case', 'audit'] }])
  })

  it('marks jobs that a crash cut off, when the case is opened again', async () => {
    const before = openForWriting(casePath)
    before.db
      .prepare(
        "INSERT INTO job_log (id, method, status, started_at) VALUES (7, 'evidence.import', 'running', 1)",
      )
      .run()
    before.close()
    start({})
    expect(log()).toEqual([
      {
        id: 7,
        method: 'evidence.import',
        status: 'failed',
        error: '{"code":"internal","params":{"name":"interrupted"}}',
        result: null,
      },
    ])
  })

  it('does nothing without an open case, and holds one case only', async () => {
    const runner = start({ 'case.setZone': () => undefined as never })
    expect(() => runner.open(casePath)).toThrow(expect.objectContaining({ code: 'job.busy' }))
    await runner.close()
    await expect(runner.command('case.setZone', {})).rejects.toMatchObject({ code: 'case.none_open' })
    runner.job('1', 'evidence.resume', {})
    await idle(runner)
    expect(ended()).toEqual([['1', 'failed', 'case.none_open']])
  })
})
