import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { type BrowserMode, startBrowserMode } from '../../core/hosts/http.ts'
import { redthreadJson } from './cli.ts'
import { httpTransport } from './http-transport.ts'

/** Browser mode on a copy of the demo case. */
export async function serveDemo(): Promise<BrowserMode> {
  const folder = await mkdtemp(join(tmpdir(), 'redthread-e2e-'))
  const { document } = await redthreadJson(['demo', '--prepare'])
  expect(document).not.toHaveProperty('error')
  const casePath = join(folder, 'demo.redthread')
  await copyFile(String(document['case']), casePath)
  const mode = await startBrowserMode()
  const transport = await httpTransport(mode.origin, mode.token)
  const client = createClient(transport)
  const { grant } = await client.call('file.grant', { path: casePath, write: true })
  await client.call('case.open', { grant })
  transport.close()
  return {
    ...mode,
    async close() {
      await mode.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Browser mode on a new, empty case; `folder` is there for files to import. */
export async function serveEmpty(): Promise<BrowserMode & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'redthread-e2e-'))
  const mode = await startBrowserMode()
  const transport = await httpTransport(mode.origin, mode.token)
  const client = createClient(transport)
  const { grant } = await client.call('file.grant', { path: join(folder, 'new.redthread'), write: true })
  await client.call('case.create', { grant })
  transport.close()
  return {
    ...mode,
    folder,
    async close() {
      await mode.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The workbench as a person has it open, with what the browser had to say about it. */
export interface Workbench {
  readonly page: Page
  /** Console lines as `type: text`. */
  readonly messages: string[]
  /** Every address the page asked for. */
  readonly requests: string[]
  /** Waits until the screen has asked for everything it wants and painted it. */
  settled(): Promise<void>
  /** The links of the left rail, in order. */
  screens(): Promise<readonly { name: string; open(): Promise<void> }[]>
}

export async function openWorkbench(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Workbench> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const messages: string[] = []
  const requests: string[] = []
  const open = new Set<Request>()
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => messages.push(`pageerror: ${error.message}`))
  page.on('request', (request) => {
    requests.push(request.url())
    // The event stream never ends; the script of a worker that is stopped while it loads is told neither finished nor failed.
    if (!/\/api\/events$|\.worker-[^/]*\.js$/.test(request.url())) open.add(request)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  const painted = (): Promise<unknown> =>
    page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const settled = async (): Promise<void> => {
    await painted()
    await expect.poll(() => [...open].map((request) => request.url()), { timeout: 20_000 }).toEqual([])
    await painted()
  }
  await page.goto(address)
  const navigation = page.getByRole('navigation').first()
  await navigation.waitFor()
  return {
    page,
    messages,
    requests,
    settled,
    async screens() {
      const links = await navigation.locator('a, button').all()
      return await Promise.all(
        links.map(async (link) => ({
          name: await link.innerText(),
          async open() {
            await link.click()
            await settled()
          },
        })),
      )
    },
  }
}
