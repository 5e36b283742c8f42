import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserMode } from '../../core/hosts/http.ts'
import { violations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveDemo } from '../support/open-workbench.ts'

let browser: Browser
let mode: BrowserMode
beforeAll(async () => {
  mode = await serveDemo()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

describe.each(['light', 'dark'] as const)('accessibility, %s', (colorScheme) => {
  it('breaks no rule of WCAG 2.2 AA on any screen', async () => {
    const { page, screens, settled } = await openWorkbench(browser, mode.address, {
      colorScheme,
      reducedMotion: 'reduce',
    })
    await page.evaluate((theme) => {
      document.documentElement.dataset['theme'] = theme
    }, colorScheme)
    const found: string[] = []
    for (const screen of await screens()) {
      await screen.open()
      found.push(...(await violations(page)).map((line) => `${screen.name}: ${line}`))
      // The parts of the Reputation screen are screens of their own behind tabs.
      if (screen.name !== 'Reputation') continue
      for (const tab of (await page.getByRole('tab').all()).slice(1)) {
        const name = await tab.innerText()
        await tab.click()
        await settled()
        found.push(...(await violations(page)).map((line) => `${screen.name}, ${name}: ${line}`))
      }
    }
    await page.context().close()
    expect(found).toEqual([])
  })
})
