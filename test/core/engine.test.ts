import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { methods, type MethodName } from '../../core/contract/methods.ts'
import { NOUNS, type EngineEvent } from '../../core/contract/types.ts'
import { createEngine, type Engine } from '../../core/engine.ts'
import { handlers } from '../../core/handlers.ts'
import { openForWriting } from '../../core/store/case-file.ts'
import { sampleInput } from '../support/sample-input.ts'
import { Workbench, windowsLines } from '../support/workbench.ts'

const codeOf = async (engine: Engine, method: string, input: unknown) => {
  const reply = await engine.call(method, input)
  return reply.ok ? 'ok' : reply.error.code
}
const names = Object.keys(methods) as MethodName[]

/** Everything of the contract, asked of one engine; a case is open whatever was asked before. */
describe('the contract in the engine', () => {
  let bench: Workbench
  beforeAll(async () => {
    bench = await Workbench.open()
  })
  beforeEach(async () => {
    if ((await bench.client.call('case.info', {})) === null)
      await bench.client.call('case.open', { grant: bench.casePath })
  })
  afterAll(() => bench.close())

  it('has no handler that the contract does not know', () => {
    expect(Object.keys(handlers).filter((method) => !names.includes(method as MethodName))).toEqual([])
  })

  it.each(names.filter((name) => methods[name].kind !== 'job'))(
    'has exactly one answer to %s',
    async (method) => {
      // Methods of the hosts alone are refused by the engine; all others it answers itself or by one handler.
      const code = await codeOf(bench.engine, method, inputs[method] ?? sampleInput(method))
      const expected = [
        'file.pick',
        'file.list',
        'file.grant',
        'preference.list',
        'preference.save',
      ].includes(method)
        ? /^request\.not_permitted$/
        : /^(?!request\.(unknown_method|invalid)|internal).*/
      expect(code).toMatch(expected)
    },
  )

  it.each(names.filter((name) => methods[name].kind === 'job'))(
    'has a handler for the job %s',
    async (method) => {
      expect(handlers[method]).toBeTypeOf('function')
      const reply = await bench.engine.call(method, jobInputs[method] ?? sampleInput(method))
      expect(reply).toEqual({ ok: true, value: { jobId: expect.stringMatching(/^\d+$/) as string } })
    },
  )
})

describe('the engine', () => {
  let bench: Workbench
  let events: EngineEvent[]
  beforeEach(async () => {
    bench = await Workbench.open()
    events = []
    bench.client.onEvent((event) => events.push(event))
  })
  afterEach(() => bench.close())
  it('refuses what it does not know, and names the field that is wrong', async () => {
    const fail = (method: string, input: unknown) => bench.engine.call(method, input)
    expect(await fail('no.such', {})).toEqual({
      ok: false,
      error: { code: 'request.unknown_method', params: { method: 'no.such' } },
    })
    expect(await codeOf(bench.engine, '__proto__', {})).toBe('request.unknown_method')
    expect(await codeOf(bench.engine, 'toString', {})).toBe('request.unknown_method')
    const fieldOf = async (method: string, input: unknown) => {
      const reply = await fail(method, input)
      return reply.ok ? undefined : [reply.error.code, reply.error.params['field']]
    }
    expect(await fieldOf('event.get', { id: 'x' })).toEqual(['request.invalid', 'id'])
    expect(await fieldOf('path.find', { from: '1' })).toEqual(['request.invalid', 'to'])
    expect(await fieldOf('evidence.import', { grants: ['a', 7] })).toEqual(['request.invalid', 'grants.1'])
    expect(await fieldOf('chain.around', { entity: '1', depht: 2 })).toEqual(['request.invalid', 'depht'])
    expect(await fieldOf('case.setZone', { zone: 'Mars/Olympus' })).toEqual(['request.invalid', 'zone'])
  })

  it('asks for an open case where one is needed', async () => {
    await bench.client.call('case.close', {})
    const needed = await Promise.all(
      names.map(async (method) => [
        method,
        await codeOf(bench.engine, method, inputs[method] ?? jobInputs[method] ?? sampleInput(method)),
      ]),
    )
    const free = needed.filter(([, code]) => code !== 'case.none_open').map(([method]) => method)
    expect(free.sort()).toEqual([
      'archive.restore',
      'case.close',
      'case.create',
      'case.info',
      'case.open',
      'file.grant',
      'file.list',
      'file.pick',
      'host.info',
      'job.cancel',
      'job.list',
      'judge.message',
      'locale.messages',
      'manifest.key',
      'preference.list',
      'preference.save',
      'verify.file',
    ])
  })

  it('reads a case that another program writes, and refuses to change it', async () => {
    await bench.client.call('case.close', {})
    const other = openForWriting(bench.casePath)
    expect(await bench.client.call('case.open', { grant: bench.casePath })).toMatchObject({ readOnly: true })
    expect(await bench.client.call('evidence.list', {})).toEqual([])
    const changing = names.filter(
      (name) => handlers[name] !== undefined && methods[name].kind !== 'query' && !('reads' in methods[name]),
    )
    expect(changing.length).toBeGreaterThan(5)
    for (const method of changing)
      expect(
        await codeOf(bench.engine, method, inputs[method] ?? jobInputs[method] ?? sampleInput(method)),
        method,
      ).toBe('store.locked')
    // A report is written all the same; it only leaves no trace in a case that is not ours to write.
    const report = await bench.client.run('report.write', {
      grant: join(bench.folder, 'r.html'),
      format: 'html',
      sections: ['cover'],
    })
    expect(existsSync(report.path)).toBe(true)
    expect((await bench.client.call('audit.list', {})).rows.map((row) => row.action)).toEqual(['case.create'])
    await expect(bench.client.run('retro.run', { dryRun: true })).rejects.toMatchObject({
      code: 'retro.no_packs',
    })
    await bench.client.call('case.close', {})
    other.close()
    expect(await bench.client.call('case.open', { grant: bench.casePath })).toMatchObject({ readOnly: false })
  })

  it('keeps the open case when another cannot be made or opened in its place', async () => {
    expect(await codeOf(bench.engine, 'case.create', { grant: bench.casePath })).toBe('case.exists')
    expect(await bench.client.call('case.info', {})).toMatchObject({ name: 'test.redthread' })
  })

  it('can open a case after one that was none', async () => {
    const fake = bench.file('fake.redthread', 'no case')
    expect(await codeOf(bench.engine, 'case.open', { grant: fake })).toBe('store.not_a_case')
    expect(await bench.client.call('case.open', { grant: bench.casePath })).toMatchObject({ readOnly: false })
  })

  it('lets commands wait for the job before them', async () => {
    const path = bench.file('log.jsonl', windowsLines(50))
    const job = bench.import(path)
    const zone = bench.client.call('case.setZone', { zone: 'Asia/Taipei' })
    await Promise.all([job, zone])
    const order = events.flatMap((event) =>
      event.type === 'job.ended'
        ? ['import']
        : event.type === 'store.changed' && event.nouns[0] === 'case' && event.nouns[1] === 'audit'
          ? ['zone']
          : [],
    )
    expect(order).toEqual(['import', 'zone'])
    expect(await bench.client.call('case.info', {})).toMatchObject({ zone: 'Asia/Taipei' })
  })

  it('lists jobs newest first and keeps their results over closing and opening', async () => {
    const path = bench.file('log.jsonl', windowsLines(3))
    const result = await bench.import(path)
    await bench.client.run('correlation.run', {})
    const shown = async () =>
      (await bench.client.call('job.list', {})).map((row) => [row.id, row.method, row.status, row.progress])
    const expected = [
      ['2', 'correlation.run', 'done', 1],
      ['1', 'evidence.import', 'done', 1],
    ]
    expect(await shown()).toEqual(expected)
    await bench.client.call('case.close', {})
    await bench.client.call('case.open', { grant: bench.casePath })
    expect(await shown()).toEqual(expected)
    expect(await bench.client.call('job.get', { id: '1' })).toMatchObject({
      job: { id: '1', status: 'done' },
      result,
    })
    await expect(bench.client.call('job.get', { id: '77' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    const { jobId } = await bench.client.call('correlation.run', {})
    expect(jobId).toBe('3')
  })

  it('tells how a failed job failed', async () => {
    await expect(bench.client.run('evidence.remove', { evidenceId: '99' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    const [row] = await bench.client.call('job.list', {})
    expect(row).toMatchObject({ status: 'failed', error: { code: 'request.not_found' } })
  })

  it('leaves the case as it was when correlation is cancelled between two rules', async () => {
    await bench.import(bench.file('log.jsonl', windowsLines(3)))
    await bench.client.run('correlation.run', {})
    const before = await bench.client.call('case.info', {})
    const stop = bench.client.onEvent((event) => {
      if (event.type === 'job.progress' && event.step?.key === 'job.correlating')
        void bench.client.call('job.cancel', { id: event.jobId })
    })
    await expect(bench.client.run('correlation.run', {})).rejects.toMatchObject({ code: 'job.cancelled' })
    stop()
    expect((await bench.client.call('job.list', {}))[0]).toMatchObject({ status: 'cancelled', error: null })
    expect(await bench.client.call('case.info', {})).toEqual(before)
  })

  it('names the nouns that changed, by names the contract knows', async () => {
    await bench.import(bench.file('log.jsonl', windowsLines(3)))
    const nouns = () =>
      new Set(events.splice(0).flatMap((event) => (event.type === 'store.changed' ? event.nouns : [])))
    const imported = nouns()
    expect([...imported].filter((noun) => !NOUNS.includes(noun))).toEqual([])
    expect([...imported]).toEqual(expect.arrayContaining(['evidence', 'event', 'job', 'audit']))
    await bench.client.run('correlation.run', {})
    expect([...nouns()]).toEqual(expect.arrayContaining(['entity', 'relation', 'job']))
    await bench.client.call('evidence.list', {})
    expect([...nouns()]).toEqual([])
    await bench.client.call('case.close', {})
    expect(events).toEqual([{ type: 'case.closed' }])
  })

  it('stops telling whoever no longer listens', async () => {
    const heard: EngineEvent[] = []
    const stop = bench.engine.listen((event) => heard.push(event))
    stop()
    await bench.client.call('case.setZone', { zone: 'UTC' })
    expect(heard).toEqual([])
  })
})

describe('the engine of a page', () => {
  let folder: string
  let engine: Engine
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-engine-'))
    engine = createEngine({ files: 'browse', host: 'browser', jobs: 'inline' })
  })
  afterEach(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('takes only paths that a human granted, and writes only what was granted for writing', async () => {
    const path = join(folder, 'test.redthread')
    const refused = { ok: false, error: { code: 'request.not_permitted', params: { what: 'file' } } }
    expect(await engine.call('case.create', { grant: path })).toEqual(refused)
    expect(await engine.call('case.open', { grant: 'f'.repeat(32) })).toEqual(refused)
    expect(await engine.call('case.create', { grant: await engine.grant(path, 'read') })).toEqual(refused)
    expect(existsSync(path)).toBe(false)
    expect(await engine.call('case.create', { grant: await engine.grant(path, 'write') })).toMatchObject({
      ok: true,
    })
    expect(existsSync(path)).toBe(true)
  })

  it('notices a case file that is gone, and saves a copy of what was written since', async () => {
    const path = join(folder, 'test.redthread')
    await engine.call('case.create', { grant: await engine.grant(path, 'write') })
    const isGone = async (): Promise<unknown> => {
      clock.mockReturnValue(performance.now() + (later += 5000))
      const reply = await engine.call('case.info', {})
      return reply.ok && (reply.value as { isGone?: boolean }).isGone
    }
    let later = 0
    const clock = vi.spyOn(performance, 'now')
    expect(await isGone()).toBeUndefined()
    renameSync(path, `${path}.away`)
    expect(await isGone()).toBe(true)
    renameSync(`${path}.away`, path)
    expect(await isGone()).toBeUndefined()
    // Another file of the same name is not the case.
    rmSync(path)
    writeFileSync(path, '')
    expect(await isGone()).toBe(true)
    const events: EngineEvent[] = []
    engine.listen((event) => events.push(event))
    await engine.call('case.setZone', { zone: 'Asia/Taipei' })
    expect(events[0]).toEqual({ type: 'store.changed', nouns: ['case'] })

    const copy = join(folder, 'copy.redthread')
    const grant = await engine.grant(copy, 'write')
    expect(await engine.call('case.copy', { grant })).toEqual({ ok: true, value: { path: copy } })
    expect(await engine.call('case.copy', { grant })).toMatchObject({ error: { code: 'output.case' } })
    expect(await engine.call('case.open', { grant })).toMatchObject({
      value: { zone: 'Asia/Taipei', readOnly: false },
    })
    expect(await isGone()).toBeUndefined()
    clock.mockRestore()
  })

  it('imports nothing that nobody granted, and says so', async () => {
    const secret = join(folder, 'secret.jsonl')
    writeFileSync(secret, windowsLines(1))
    await engine.call('case.create', { grant: await engine.grant(join(folder, 'test.redthread'), 'write') })
    const events: EngineEvent[] = []
    engine.listen((event) => events.push(event))
    await engine.call('evidence.import', { grants: [secret] })
    await engine.call('case.setZone', { zone: 'UTC' })
    expect(events.find((event) => event.type === 'job.ended')).toMatchObject({
      status: 'failed',
      error: { code: 'request.not_permitted' },
    })
    expect(await engine.call('evidence.list', {})).toEqual({ ok: true, value: [] })
  })
})

const criteria = {
  name: 'list',
  format: 'typed',
  indicators: [
    {
      id: 'i1',
      kind: 'domain',
      operator: 'is',
      value: 'evil.example',
      title: '',
      supported: true,
      why: null,
      body: null,
    },
  ],
  tree: { indicator: 'i1' },
}
/** Inputs of methods that need one; what they name does not exist. */
const inputs: Partial<Record<MethodName, unknown>> = {
  'case.create': { grant: '/nowhere/at/all.redthread' },
  'case.open': { grant: '/nowhere/at/all.redthread' },
  'case.setZone': { zone: 'UTC' },
  'case.copy': { grant: '/dev/null/copy.redthread' },
  // Where nothing can be written, whoever runs the tests.
  'manifest.key': { grant: '/dev/null/analyst.key' },
  'archive.restore': { grant: '/nowhere/at/all.zip', folder: '/dev/null/restored' },
  'file.pick': { purpose: 'evidence' },
  'file.grant': { path: '/nowhere' },
  'preference.save': { key: 'theme', value: 'dark' },
  'event.get': { id: '9' },
  'entity.get': { id: '9' },
  'relation.get': { id: '9' },
  'mail.get': { id: '9' },
  'retro.get': { id: '9' },
  'url.history': { id: '9' },
  'job.get': { id: '9' },
  'job.cancel': { id: '9' },
  'record.get': { evidenceId: '9', record: 1 },
  'chain.around': { entity: '9' },
  'chain.expand': { entityId: '9' },
  'path.find': { from: '8', to: '9' },
  'risk.of': { entityIds: [] },
  'locale.messages': { lang: 'en' },
  'policy.set': { policy: {} },
  'judge.message': { policies: [{}], message: { url: 'http://a.example/' } },
  'sweep.save': { criteria },
}
const jobInputs: Partial<Record<MethodName, unknown>> = {
  'sweep.run': { criteria },
  'evidence.import': { grants: ['/nowhere'] },
  'evidence.remove': { evidenceId: '9' },
  'pack.add': { grants: ['/nowhere'] },
  'notification.drafts': { grant: '/nowhere/drafts.zip' },
  'report.write': { grant: '/nowhere/report.html', format: 'html', lang: 'en' },
}
