import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { checkoutFolder, pinnedNode } from '../../tools/checkout.mjs'

export interface Served {
  readonly address: string
  /** Ends the server; the case is closed before. */
  close(): Promise<void>
}

/** The built workbench in browser mode, in a process of its own, with a case open. */
export async function serveCase(casePath: string): Promise<Served> {
  const cli = join(checkoutFolder, 'out', 'main', 'cli.js')
  const child = spawn(pinnedNode(), [cli, 'serve', casePath, '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // With nothing of what the user of this machine has set.
    env: { ...process.env, LC_ALL: 'C', REDTHREAD_PREFERENCES: '', REDTHREAD_LOG: '' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface(stream).on('line', (line) => {
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line)?.[0]
        if (found !== undefined) resolve(found)
        else process.stderr.write(`${line}\n`)
      })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code ?? 'a signal'}`)))
  })
  return {
    address,
    async close() {
      child.kill('SIGINT')
      await ended
    },
  }
}

/** Waits until the page has nothing to ask any more and has painted; what goes on for longer than the limit is let go on. */
export async function settled(page: Page, limit = 8_000): Promise<void> {
  const frames = (): Promise<unknown> =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const started = performance.now()
  let quietSince = performance.now()
  let open = 0
  const isCall = (url: string): boolean => url.includes('/api/') && !url.endsWith('/api/events')
  const begin = (request: { url(): string }): void => {
    if (!isCall(request.url())) return
    open += 1
  }
  const end = (request: { url(): string }): void => {
    if (!isCall(request.url())) return
    open = Math.max(0, open - 1)
    quietSince = performance.now()
  }
  page.on('request', begin)
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  try {
    await frames()
    while (performance.now() - started < limit && (open > 0 || performance.now() - quietSince < 350))
      await frames()
  } finally {
    page.off('request', begin)
    page.off('requestfinished', end)
    page.off('requestfailed', end)
  }
}
