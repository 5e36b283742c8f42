import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserMode } from '../../core/hosts/http.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveDemo, type Workbench } from '../support/open-workbench.ts'

let browser: Browser
let mode: BrowserMode
let workbench: Workbench
let page: Page

beforeAll(async () => {
  mode = await serveDemo()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})
/** Opens a screen in a window of this size, beside the inspector. */
async function open(screen: string, width: number, height: number): Promise<void> {
  workbench = await openWorkbench(browser, mode.address)
  page = workbench.page
  await page.setViewportSize({ width, height })
  await (await workbench.screens()).find((one) => one.name.startsWith(screen))?.open()
  await workbench.settled()
}
/** Pixels of an element that are out of sight at its side. */
const beyond = (selector: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((box) => box.scrollWidth - box.clientWidth)
const WINDOWS = [
  [1440, 900],
  [1024, 700],
] as const

describe('what has to be read fits beside the inspector', () => {
  it.each(WINDOWS)('the recipients of a message and of a campaign, at %i x %i', async (width, height) => {
    await open('Mail', width, height)
    await page.getByRole('row').first().click()
    await page.locator('.matrix tbody tr').first().waitFor()
    expect(await beyond('.matrix')).toBe(0)
    await page.getByRole('tab', { name: 'Campaigns' }).click()
    await page.getByRole('grid', { name: 'Campaigns' }).getByRole('row').first().click()
    await page.getByRole('heading', { name: 'Recipients of all its messages' }).waitFor()
    await page.locator('.matrix td.message').first().waitFor()
    expect(await beyond('.matrix')).toBe(0)
    await page.context().close()
  })

  it.each(WINDOWS)('what happened, in the grid of the Timeline, at %i x %i', async (width, height) => {
    await open('Timeline', width, height)
    await page.locator('.event-line').nth(2).click()
    await workbench.settled()
    const head = page.getByRole('columnheader').filter({ hasText: 'What happened' })
    expect((await head.boundingBox())?.width).toBeGreaterThanOrEqual(240)
    expect(await beyond('[role="grid"]')).toBe(0)
    await page.context().close()
  })

  it.each(WINDOWS)('the steps of the plan, at %i x %i', async (width, height) => {
    await open('Reputation', width, height)
    await page.getByRole('tab', { name: 'Plan' }).click()
    await page.locator('tr.group').first().waitFor()
    expect(await beyond('.scroll-x[role="group"]')).toBe(0)
    await page.context().close()
  })
})

describe('the picture of the whole case', () => {
  it('holds the rights of the directory, and opens with all of it in view', async () => {
    await open('Graph', 1440, 900)
    const clear = page.getByRole('button', { name: 'Clear the graph' })
    if ((await clear.count()) > 0) await clear.click()
    await page.getByRole('button', { name: /whole case/u }).click()
    await page.locator('.canvas[data-drawn="true"]').waitFor()
    await workbench.settled()
    const possible = await page.locator('.legend button.line').filter({ hasText: 'Possible' }).innerText()
    expect(Number(possible.replaceAll(/\D/gu, ''))).toBeGreaterThan(0)
    const isWhole = await page.locator('.host').evaluate((host) => {
      interface Box {
        readonly x1: number
        readonly x2: number
        readonly y1: number
        readonly y2: number
      }
      type Core = { extent(): Box; nodes(): { boundingBox(options: object): Box } }
      const { cy } = (host as HTMLElement & { _cyreg: { cy: Core } })._cyreg
      const [seen, all] = [cy.extent(), cy.nodes().boundingBox({ includeLabels: false })]
      return seen.x1 <= all.x1 && seen.x2 >= all.x2 && seen.y1 <= all.y1 && seen.y2 >= all.y2
    })
    expect(isWhole).toBe(true)
    await page.context().close()
  })
})
