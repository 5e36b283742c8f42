import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserMode } from '../../core/hosts/http.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveDemo, type Workbench } from '../support/open-workbench.ts'

let browser: Browser
let mode: BrowserMode
let workbench: Workbench
beforeAll(async () => {
  mode = await serveDemo()
  browser = await launchChromium()
  workbench = await openWorkbench(browser, mode.address)
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

const problems = (): string[] => workbench.messages.filter((line) => /^(error|warning|pageerror)/.test(line))

describe('browser mode in a real browser', () => {
  it('takes the token out of the address bar and still works after a reload', async () => {
    const { page } = workbench
    expect(page.url()).not.toContain(mode.token)
    await page.reload()
    await page.getByRole('navigation').first().waitFor()
    const status = await page.evaluate(async () => {
      const response = await fetch('/api/case.info', { method: 'POST' })
      await response.text()
      return response.status
    })
    expect(status).toBe(401)
    // The refused call is this test's own.
    workbench.messages.length = 0
  })

  it('opens an app window with a code that works once', async () => {
    const address = mode.windowAddress()
    const { page, messages } = await openWorkbench(browser, address)
    expect(page.url()).not.toContain('code=')
    expect(messages.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
    await page.context().close()
    const second = await browser.newPage()
    await second.goto(address)
    await expect.poll(() => second.getByRole('navigation').count()).toBe(0)
    await second.close()
  })

  it('opens every screen without an error or a violation of the policy', async () => {
    const screens = await workbench.screens()
    expect(screens.length).toBeGreaterThanOrEqual(7)
    for (const screen of screens) {
      await screen.open()
      expect(problems(), screen.name).toEqual([])
    }
  })

  it('talks to its own origin alone', () => {
    const foreign = workbench.requests.filter(
      (url) => !url.startsWith(`${mode.origin}/`) && !/^(data|blob):/.test(url),
    )
    expect(foreign).toEqual([])
  })

  it('runs no script that was injected into the page', async () => {
    const ran = await workbench.page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.head.append(script)
      const picture = document.createElement('img')
      picture.setAttribute('onerror', 'window.injected = true')
      const failed = new Promise((resolve) => picture.addEventListener('error', resolve))
      picture.src = 'data:image/png;base64,AAAA'
      document.body.append(picture)
      await failed
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
