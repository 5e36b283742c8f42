import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pinnedNode } from '../../tools/checkout.mjs'

const moduleUrl = pathToFileURL(join(import.meta.dirname, '..', '..', 'core', 'hosts', 'cli', 'job.ts')).href

/** A command whose job hangs for ever on its own thread and which nothing can cancel. */
const hanging = `
import { Worker } from 'node:worker_threads'
import { runJob } from ${JSON.stringify(moduleUrl)}
new Worker('for (;;) {}', { eval: true })
const output = { note: (text) => console.log(text), progress() {}, endProgress() {} }
const client = {
  onEvent: (listener) => {
    setTimeout(() => {
      listener({ type: 'job.progress', jobId: '1', progress: 0, step: null, counters: {}, eta: null })
      console.log('running')
    })
    return () => undefined
  },
  call: async (method) => console.log(method),
  run: () => new Promise(() => undefined),
}
await runJob({ output, t: (key) => key, lang: 'en', loadTexts: async () => {} }, client, 'evidence.import', {})
`

describe.runIf(process.platform !== 'win32')('Ctrl+C during a job', () => {
  it('cancels once, takes a signal delivered twice for one, and ends a job that hangs at the second press', async () => {
    const child = spawn(pinnedNode(), ['--input-type=module', '--eval', hanging], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const lines: string[] = []
    const saw = async (text: string) => {
      while (!lines.join('\n').includes(text)) lines.push(String((await once(child.stdout, 'data'))[0]))
    }
    await saw('running')
    child.kill('SIGINT')
    await saw('job.cancel')
    child.kill('SIGINT')
    // The same press, delivered twice by a wrapper: not even heard as a second one.
    expect(child.exitCode ?? child.signalCode).toBeNull()
    const press = setInterval(() => child.kill('SIGINT'), 100)
    const [, signal] = (await ended) as [number | null, string | null]
    clearInterval(press)
    expect(signal).toBe('SIGINT')
    expect(lines.join('').match(/job\.cancel/g)).toHaveLength(1)
  })
})
