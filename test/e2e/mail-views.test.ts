import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserMode } from '../../core/hosts/http.ts'
import { violations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveDemo, type Workbench } from '../support/open-workbench.ts'

let browser: Browser
let mode: BrowserMode
let workbench: Workbench
let page: Page
const soon = { timeout: 20_000 }

beforeAll(async () => {
  mode = await serveDemo()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})
async function open(screen: string): Promise<void> {
  workbench = await openWorkbench(browser, mode.address)
  page = workbench.page
  await (await workbench.screens()).find((one) => one.name.startsWith(screen))?.open()
}
const button = (name: string) => page.getByRole('button', { name, exact: true })
const shown = async (): Promise<string> =>
  await page.locator('footer, [role="contentinfo"]').first().innerText()

describe('a saved view of mail in a browser', () => {
  it('keeps search, filters and campaign, is there after a restart, and stands in the report as a figure', async () => {
    await open('Mail')
    await page.getByRole('tab', { name: 'Campaigns' }).click()
    await page.getByRole('grid', { name: 'Campaigns' }).getByRole('row').first().click()
    await workbench.settled()
    const before = await shown()
    expect(before).toMatch(/\d+ of \d+ shown/u)
    await button('Saved views').click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('The campaign')
    await button('Save what is shown').click()
    await page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'The campaign' }).waitFor()
    await button('Put The campaign into the report').click()
    await expect
      .poll(() => button('Put The campaign into the report').getAttribute('aria-pressed'), soon)
      .toBe('true')
    expect(await violations(page)).toEqual([])
    await button('Rename The campaign').click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name of the view' }).last().fill('The wave')
    await button('Keep').click()
    await page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'The wave' }).waitFor()
    await page.context().close()

    await open('Mail')
    expect(await shown()).not.toBe(before)
    await button('Saved views').click()
    await page.getByRole('dialog').getByRole('button', { name: 'The wave' }).first().click()
    await expect.poll(shown, soon).toBe(before)
    await page.context().close()

    await open('Report')
    await expect
      .poll(async () => await page.frameLocator('main iframe').locator('figcaption').allInnerTexts(), {
        timeout: 60_000,
      })
      .toContainEqual(expect.stringContaining('Messages of the view The wave'))
    await page.context().close()
  })
})
