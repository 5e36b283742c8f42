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
/** The machine may be busy with other things. */
const soon = { timeout: 20_000 }

beforeAll(async () => {
  mode = await serveDemo()
  browser = await launchChromium()
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  page = workbench.page
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

const go = async (name: string): Promise<void> => {
  const screen = (await workbench.screens()).find((one) => one.name.startsWith(name))
  await screen?.open()
}
const drawn = async (): Promise<void> => {
  await page.locator('.canvas[data-drawn="true"]').waitFor()
  await workbench.settled()
}
const lists = () => page.getByRole('region', { name: 'Objects of the chain' })
const list = (name: string) => lists().getByRole('region', { name })
const inspector = () => page.getByRole('complementary', { name: 'Inspector' })
const problems = (): string[] => workbench.messages.filter((line) => /^(error|pageerror)/u.test(line))

describe('the figure of a story in a browser', () => {
  it('lets who scrolls get past it to the narrative', async () => {
    await go('Story')
    await drawn()
    const figure = await page.locator('main .canvas').boundingBox()
    if (!figure) throw new Error('the figure is not drawn')
    await page.mouse.move(figure.x + figure.width / 2, figure.y + 40)
    await page.mouse.wheel(0, 300)
    await expect
      .poll(async () => (await page.locator('main .canvas').boundingBox())?.y, soon)
      .toBeLessThan(figure.y - 100)
  })
})

describe('the chain of a story in a browser', () => {
  it('lists target endpoints, the first observed object, matches and what is noteworthy, each with its count', async () => {
    await go('Story')
    await page.getByRole('tab', { name: 'Chain' }).click()
    await drawn()
    for (const name of ['Target endpoints', 'First observed', 'Noteworthy']) {
      const count = Number(await list(name).locator('h3 .num').innerText())
      expect(count).toBeGreaterThan(0)
      expect(
        await list(name)
          .getByRole('button', { name: /Locate in the chain/u })
          .count(),
      ).toBe(Math.min(count, 12))
    }
    expect(await list('Matched by a sweep').innerText()).toContain('No sweep matched anything here')
    expect(await violations(page)).toEqual([])
  })

  it('locates an entry by the keyboard: selected in the list, shown in the inspector', async () => {
    const entry = list('Target endpoints').getByRole('button', { name: 'Endpoint: ML-FS01' })
    await entry.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => entry.getAttribute('aria-current'), soon).toBe('true')
    await expect.poll(() => inspector().innerText(), soon).toContain('ML-FS01')
    expect(await entry.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('opens a message as its pane, with the users it affected, and those as themselves', async () => {
    await list('First observed').getByRole('button').click()
    const affected = inspector().getByRole('region', { name: 'Affected users' })
    await expect.poll(() => affected.innerText(), soon).toMatch(/40\s+Delivered[^]*3\s+Clicked/u)
    for (const tab of ['URLs', 'Attachments', 'Headers'])
      expect(await inspector().getByRole('tab', { name: tab }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await inspector().getByRole('tab', { name: 'Headers' }).click()
    await expect.poll(() => inspector().innerText(), soon).toContain('The way it came')
    await affected.getByRole('button', { name: 'Endpoint: ML-MAT-W051' }).click()
    await expect.poll(() => inspector().innerText(), soon).toContain('Names, and why they belong together')
    expect(problems()).toEqual([])
  })
})

describe('a sweep and the chain it opens', () => {
  it('marks what the run matched, in the lists and in the legend', async () => {
    await go('Sweep')
    await page.getByRole('textbox').first().fill('file-name:igfxhost.exe')
    await page.getByRole('button', { name: 'Check them' }).click()
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('button', { name: 'Chain around ML-MAT-W060' }).first().click()
    await drawn()
    await page.getByRole('button', { name: 'Objects of the chain' }).click()
    const matched = list('Matched by a sweep')
    await expect.poll(() => matched.innerText(), soon).toContain('igfxhost.exe')
    expect(await matched.innerText()).toContain('ML-MAT-W060')
    await page.getByRole('button', { name: 'Legend' }).click()
    expect(await page.getByRole('region', { name: 'Legend' }).innerText()).toContain('Matched by a sweep')
    expect(await violations(page)).toEqual([])
  })

  it('locates a match in the table as on the canvas, and says its marks in words', async () => {
    await page.getByRole('button', { name: 'Show as a list' }).click()
    const row = page.getByRole('row', { name: /File.*igfxhost\.exe.*Matched by a sweep/u }).first()
    await row.waitFor()
    await list('Matched by a sweep').getByRole('button', { name: 'File: igfxhost.exe' }).first().click()
    await expect.poll(() => row.getAttribute('class'), soon).toContain('chosen')
    expect(problems()).toEqual([])
  })
})

describe('the figure of a story', () => {
  it('stays whole when the inspector takes room from it', async () => {
    await go('Story')
    await page.getByRole('tab', { name: 'Story' }).click()
    const figure = page.getByRole('region', { name: 'The attack path' })
    const inked = async (): Promise<boolean> => {
      await figure.locator('.canvas[data-drawn="true"]').waitFor()
      await workbench.settled()
      // Nothing of it may be cut off: no line and no node reaches the edges of the canvas.
      return await figure
        .locator('canvas')
        .last()
        .evaluate((canvas: HTMLCanvasElement) => {
          const { width, height } = canvas
          const edge = (x: number): boolean =>
            canvas
              .getContext('2d')
              ?.getImageData(x, 0, 1, height)
              .data.some((value) => value > 0) ?? true
          return edge(1) || edge(width - 2)
        })
    }
    await page.keyboard.press('Escape')
    if (await inspector().isVisible())
      await inspector().getByRole('button', { name: 'Hide the inspector' }).click()
    await expect.poll(inked, soon).toBe(false)
    const wide = await figure.evaluate((element) => element.clientWidth)
    await page.locator('.answers .proven').first().click()
    await inspector().waitFor()
    await expect.poll(() => figure.evaluate((element) => element.clientWidth), soon).toBeLessThan(wide)
    await expect.poll(inked, soon).toBe(false)
    expect(problems()).toEqual([])
  })
})
