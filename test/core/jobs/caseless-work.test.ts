import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { EngineEvent } from '../../../core/contract/types.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('long work on files that are no open case', () => {
  let bench: Workbench
  let archive: string
  const events: EngineEvent[] = []
  // The tests only read the case and the archive.
  beforeAll(async () => {
    bench = await Workbench.open()
    const originals = join(bench.folder, 'originals')
    mkdirSync(originals)
    await bench.import(bench.file('originals/log.jsonl', windowsLines(8000)))
    archive = join(bench.folder, 'case.rtz')
    const passphrase = 'correct horse battery'
    await bench.client.run('archive.write', { grant: archive, evidence: [originals], passphrase })
    await bench.client.call('case.close', {})
    bench.client.onEvent((event) => void events.push(event))
  }, 60_000)
  beforeEach(() => void (events.length = 0))
  afterAll(() => bench.close())

  const restore = (folder: string) =>
    bench.client.call('archive.restore', { grant: archive, folder, passphrase: 'correct horse battery' })
  const steps = () => [
    ...new Set(events.flatMap((event) => (event.type === 'job.progress' ? [event.step?.key] : []))),
  ]
  /** Cancels at the first word of a step. */
  const cancelAt = (step: string) =>
    onTestFinished(
      bench.client.onEvent((event) => {
        if (event.type === 'job.progress' && event.step?.key === step)
          void bench.client.call('job.cancel', { id: event.jobId })
      }),
    )

  it('tells how far it is, and that it ended', async () => {
    expect((await restore(join(bench.folder, 'out'))).ok).toBe(true)
    expect(steps()).toEqual(['verify.step.decrypting', 'verify.step.unpacking'])
    const done = events.flatMap((event) => (event.type === 'job.progress' ? [event.progress ?? 0] : []))
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(events.at(-1)).toMatchObject({ type: 'job.ended', method: 'archive.restore', status: 'done' })
    events.length = 0
    await bench.client.call('verify.file', { grant: bench.casePath })
    expect(steps()).toEqual(
      ['bytes', 'structure', 'records', 'content', 'evidence'].map((step) => `verify.step.${step}`),
    )
  })

  it.each(['verify.step.decrypting', 'verify.step.unpacking'])(
    'leaves an empty folder when unpacking is cancelled at %s',
    async (step) => {
      cancelAt(step)
      const folder = join(bench.folder, step)
      await expect(restore(folder)).rejects.toMatchObject({ code: 'job.cancelled' })
      expect(readdirSync(folder)).toEqual([])
      expect(events.at(-1)).toMatchObject({ type: 'job.ended', status: 'cancelled' })
    },
  )

  it('stops checking a case when it is cancelled', async () => {
    cancelAt('verify.step.records')
    await expect(bench.client.call('verify.file', { grant: bench.casePath })).rejects.toMatchObject({
      code: 'job.cancelled',
    })
  })
})
