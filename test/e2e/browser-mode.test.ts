import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { type BrowserMode, startBrowserMode } from '../../core/hosts/http.ts'
import { launchChromium } from '../support/chromium.ts'
import { redthreadJson } from '../support/cli.ts'
import { httpTransport } from '../support/http-transport.ts'

let browser: Browser
let page: Page
let mode: BrowserMode
let folder: string
const messages: string[] = []
const requests: string[] = []
/** Requests under way, the endless event stream apart. */
const open = new Set<Request>()

/** The screen has asked for everything it wants and painted it. */
async function settled(): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  await expect.poll(() => [...open].map((request) => request.url()), { timeout: 20_000 }).toEqual([])
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-e2e-'))
  const { document } = await redthreadJson(['demo', '--prepare'])
  expect(document).not.toHaveProperty('error')
  const casePath = join(folder, 'demo.redthread')
  await copyFile(String(document['case']), casePath)
  mode = await startBrowserMode()
  const transport = await httpTransport(mode.origin, mode.token)
  const client = createClient(transport)
  const { grant } = await client.call('file.grant', { path: casePath, write: true })
  await client.call('case.open', { grant })
  transport.close()
  browser = await launchChromium()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => messages.push(`pageerror: ${error.message}`))
  page.on('request', (request) => {
    requests.push(request.url())
    if (!request.url().endsWith('/api/events')) open.add(request)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  await page.goto(mode.address)
  await page.getByRole('navigation').first().waitFor()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
  await rm(folder, { recursive: true, force: true })
})

const problems = (): string[] => messages.filter((line) => /^(error|warning|pageerror)/.test(line))

describe('browser mode in a real browser', () => {
  it('takes the token out of the address bar and still works after a reload', async () => {
    expect(page.url()).not.toContain(mode.token)
    await page.reload()
    await page.getByRole('navigation').first().waitFor()
    expect(
      await page.evaluate(() =>
        fetch('/api/case.info', { method: 'POST' }).then(
          async (response) => (await response.text()) && response.status,
        ),
      ),
    ).toBe(401)
    // The refused call above is this test's own.
    messages.length = 0
  })

  it('opens every screen without an error or a violation of the policy', async () => {
    const screens = await page.getByRole('navigation').first().locator('a, button').all()
    expect(screens.length).toBeGreaterThanOrEqual(7)
    for (const screen of screens) {
      await screen.click()
      await settled()
      expect(problems(), await screen.innerText()).toEqual([])
    }
  })

  it('talks to its own origin alone', () => {
    const foreign = requests.filter((url) => !url.startsWith(`${mode.origin}/`) && !/^(data|blob):/.test(url))
    expect(foreign).toEqual([])
  })

  it('runs no script that was injected into the page', async () => {
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.head.append(script)
      const picture = document.createElement('img')
      picture.setAttribute('onerror', 'window.injected = true')
      picture.src = 'data:image/png;base64,AAAA'
      document.body.append(picture)
      await new Promise((resolve) => setTimeout(resolve, 300))
      script.remove()
      picture.remove()
      return 'injected' in window
    })
    expect(ran).toBe(false)
    expect(problems().join('\n')).toContain('Content Security Policy')
  })

  it('opens nothing for a page that does not know the token', async () => {
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(mode.origin)
    await stranger.locator('#app > *').first().waitFor()
    expect(await stranger.getByRole('navigation').count()).toBe(0)
    await stranger.context().close()
  })
})
