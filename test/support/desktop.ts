import { fork } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { pinnedNode } from '../../tools/checkout.mjs'
import type { EngineEvent, Reply, Transport } from '../../core/contract/types.ts'
import { chromiumPath } from './chromium.ts'

const root = join(import.meta.dirname, '..', '..')

/** A desktop that has not ended by then hangs: it is killed and the test sees no exit code. */
const END_LIMIT_MS = 30_000

/** The built desktop host, running against the double of Electron's API, with its real page. */
export interface Desktop {
  readonly page: Page
  readonly transport: Transport
  ask<T>(question: string, argument?: unknown): Promise<T>
  /** Closes the window as a user does and waits for the process to end; resolves to its exit code. */
  close(): Promise<number | null>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function connect(port: number, until: number): Promise<Browser> {
  return await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(async (failure: unknown) => {
    if (Date.now() > until) throw failure
    await new Promise((resolve) => setTimeout(resolve, 50))
    return await connect(port, until)
  })
}

async function findPage(browser: Browser, until: number): Promise<Page> {
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((each) => each.url().startsWith('http://workbench.'))
  if (page) return page
  if (Date.now() > until) throw new Error('The workbench page did not appear')
  await new Promise((resolve) => setTimeout(resolve, 50))
  return await findPage(browser, until)
}

/** Starts `out/main/main.js` with the double in the place of Electron. */
export async function startDesktop(args: readonly string[] = []): Promise<Desktop> {
  const port = await freePort()
  const child = fork(join(root, 'out', 'main', 'main.js'), [...args], {
    execPath: pinnedNode(),
    execArgv: ['--import', join(root, 'test', 'support', 'electron-double', 'register.mjs')],
    env: { ...process.env, DOUBLE_CHROMIUM: chromiumPath(), DOUBLE_CDP_PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const answers = new Map<number, (message: { answer?: unknown; error?: string }) => void>()
  let lastId = 0
  child.on('message', (message: { id: number; answer?: unknown; error?: string }) =>
    answers.get(message.id)?.(message),
  )
  // A process that ends answers no more; whoever waits must not wait for ever.
  child.once('exit', () => {
    for (const answer of answers.values()) answer({ error: 'the desktop has ended' })
  })
  const ask = async <T>(question: string, argument?: unknown): Promise<T> => {
    const id = ++lastId
    const message = await new Promise<{ answer?: unknown; error?: string }>((resolve) => {
      answers.set(id, resolve)
      child.send({ id, question, argument }, (failure) => {
        if (failure) resolve({ error: failure.message })
      })
    })
    if (message.error !== undefined) throw new Error(message.error)
    return message.answer as T
  }
  const until = Date.now() + 30_000
  const browser = await connect(port, until)
  const page = await findPage(browser, until)
  await page.waitForFunction(() => 'redthread' in window)
  return {
    page,
    transport: await pageTransport(page),
    ask,
    async close() {
      // The window first, our own connection after: two clients closing one page at a time can hang Chromium.
      if (child.connected && child.exitCode === null)
        await Promise.race([ask('closeWindow').catch(() => undefined), exited])
      const limit = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
      const code = await exited
      clearTimeout(limit)
      await browser.close()
      return code
    },
  }
}

interface PageApi {
  call(method: string, input: unknown): Promise<Reply>
  listen(onEvent: (event: EngineEvent) => void): () => void
}

/** The contract as the page has it: through `window.redthread` and nothing else. */
async function pageTransport(page: Page): Promise<Transport> {
  const listeners = new Set<(event: EngineEvent) => void>()
  await page.exposeFunction('passEventToTest', (event: EngineEvent) => {
    for (const listener of listeners) listener(event)
  })
  await page.evaluate(() => {
    const api = Reflect.get(window, 'redthread') as PageApi
    api.listen(Reflect.get(window, 'passEventToTest') as (event: EngineEvent) => void)
  })
  return {
    call: (method, input) =>
      page.evaluate(
        ([name, value]) => (Reflect.get(window, 'redthread') as PageApi).call(name as string, value),
        [method, input] as const,
      ),
    listen(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
  }
}
