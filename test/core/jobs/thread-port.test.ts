import { describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../../core/contract/types.ts'
import { Grants } from '../../../core/jobs/grants.ts'
import { threadJobs } from '../../../core/jobs/thread-port.ts'

/** A real thread that answers commands with their input, and dies of the method `evidence.resume`. */
const program = `
import { parentPort } from 'node:worker_threads'
parentPort.on('message', (message) => {
  if (message.type === 'command') parentPort.postMessage({ type: 'reply', id: message.id, value: message.input })
  if (message.type === 'close') parentPort.postMessage({ type: 'reply', id: message.id, error: { code: 'store.disk_full', params: {} } })
  if (message.type === 'job') process.exit(3)
})`
const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)

function start(events: EngineEvent[] = []) {
  return threadJobs(
    url,
    new Grants(true),
    { trustedPaths: true, hostPrints: false },
    (event) => events.push(event),
    undefined,
  )
}

describe('the writing side on its own thread', () => {
  it('answers each request with its own reply, errors with their code', async () => {
    const port = start()
    expect(await Promise.all([port.command('case.setZone', 1), port.command('case.setZone', 2)])).toEqual([
      1, 2,
    ])
    await expect(port.close()).rejects.toMatchObject({ code: 'store.disk_full' })
    await port.stop()
  })

  it('ends every job and request when the thread dies, and takes no more', async () => {
    const events: EngineEvent[] = []
    const port = start(events)
    expect(port.hasEnded()).toBe(false)
    const audit = port.audit('never answered', {})
    port.job('7', 'evidence.resume', {})
    await expect(audit).rejects.toMatchObject({ code: 'internal', params: { name: 'job-thread' } })
    expect(port.hasEnded()).toBe(true)
    expect(events).toEqual([
      {
        type: 'job.ended',
        jobId: '7',
        method: 'evidence.resume',
        status: 'failed',
        error: { code: 'internal', params: { name: 'job-thread' } },
      },
    ])
    await expect(port.command('case.setZone', 1)).rejects.toMatchObject({ code: 'internal' })
  })
})
