import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserMode } from '../../core/hosts/http.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveDemo } from '../support/open-workbench.ts'

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let browser: Browser
let mode: BrowserMode
let axe: string
beforeAll(async () => {
  axe = await readFile(axeFile, 'utf8')
  mode = await serveDemo()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

/** Rules of WCAG 2.2 A and AA that are broken, with the element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(async () => {
    const runner = Reflect.get(window, 'axe') as { run(options: object): Promise<AxeResults> }
    return await runner.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  })
  expect(results.passes.length).toBeGreaterThan(10)
  return results.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`),
  )
}

describe.each(['light', 'dark'] as const)('accessibility, %s', (colorScheme) => {
  it('breaks no rule of WCAG 2.2 AA on any screen', async () => {
    const { page, screens } = await openWorkbench(browser, mode.address, {
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
    }
    await page.context().close()
    expect(found).toEqual([])
  })
})
