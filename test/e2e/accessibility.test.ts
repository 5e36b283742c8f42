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

describe.each(['light', 'dark', 'contrast'] as const)('accessibility, %s', (theme) => {
  const colorScheme = theme === 'contrast' ? 'dark' : theme
  it('breaks no rule of WCAG 2.2 AA on any screen', async () => {
    const { page, screens, settled } = await openWorkbench(browser, mode.address, {
      colorScheme,
      reducedMotion: 'reduce',
    })
    await page.evaluate((chosen) => {
      document.documentElement.dataset['theme'] = chosen
    }, theme)
    const found: string[] = []
    for (const screen of await screens()) {
      await screen.open()
      found.push(...(await violations(page)).map((line) => `${screen.name}: ${line}`))
      // Parts behind tabs are screens of their own; of Mail those of a message.
      if (!['Evidence', 'Story', 'Reputation', 'Directory', 'Mail'].includes(screen.name)) continue
      if (screen.name === 'Mail') {
        await page.locator('.virtual-row').first().click()
        await settled()
        found.push(...(await violations(page)).map((line) => `${screen.name}, message: ${line}`))
      }
      const list =
        screen.name === 'Mail'
          ? page.locator('article [role="tablist"]')
          : page.locator('main [role="tablist"]').first()
      for (const tab of (await list.getByRole('tab').all()).slice(1)) {
        const name = await tab.innerText()
        await tab.click()
        await settled()
        found.push(...(await violations(page)).map((line) => `${screen.name}, ${name}: ${line}`))
      }
    }
    await page.context().close()
    expect(found).toEqual([])
  })

  it('breaks none in any dialog, menu or palette', async () => {
    const { page, settled } = await openWorkbench(browser, mode.address, {
      colorScheme,
      reducedMotion: 'reduce',
    })
    await page.evaluate((chosen) => {
      localStorage.setItem('redthread.theme', chosen)
      location.hash = '#/mail'
    }, theme)
    await page.reload()
    await page.locator('.virtual-row').first().click()
    await settled()
    const found: string[] = []
    const look = async (name: string, within = '[role="dialog"], [role="menu"]'): Promise<void> => {
      await settled()
      found.push(...(await violations(page, within)).map((line) => `${name}: ${line}`))
    }
    const close = async (): Promise<void> => {
      for (let left = 3; left > 0; left -= 1) {
        if ((await page.locator('[role="dialog"], [role="menu"]').count()) === 0) return
        await page.keyboard.press('Escape')
        await settled()
      }
    }
    const command = async (id: string): Promise<void> => {
      await page.keyboard.press('Control+k')
      await page.locator(`[data-command="${id}"]`).click()
      await page.locator('[role="dialog"], [role="menu"]').first().waitFor()
    }
    // The marks make lists that are not empty.
    await page.keyboard.press('f')
    for (const id of [
      'cheat-sheet',
      'import',
      'open',
      'tag',
      'note',
      'verdict',
      'caption',
      'relate',
      'add-entity',
      'work-list',
      'context-menu',
    ]) {
      await command(id)
      await look(id)
      await close()
    }
    await page.keyboard.press('Control+k')
    await page.keyboard.type('exe')
    await look('palette')
    await close()
    // The same with the inspector and its bar.
    await page.keyboard.press('Control+k')
    await page.locator('[data-command="inspect"]').click()
    await page.keyboard.press('n')
    await look('inspector', 'aside')
    await page.context().close()
    expect(found).toEqual([])
  })
})

describe('accessibility, the keyboard', () => {
  it('stays near a control that goes or rests when it is pressed', async () => {
    const { page, settled } = await openWorkbench(browser, mode.address)
    const standsIn = (place: string): Promise<boolean> =>
      page.evaluate((selector) => document.activeElement?.closest(selector) != null, place)
    const press = async (name: string): Promise<void> => {
      await page.getByRole('button', { name, exact: true }).first().focus()
      await page.keyboard.press('Enter')
      await settled()
    }
    await page
      .getByRole('link', { name: 'Evidence' })
      .or(page.getByRole('button', { name: 'Evidence', exact: true }))
      .first()
      .click()
    await page.getByRole('tab', { name: 'Chain of custody' }).click()
    await settled()
    await press('Check the chain')
    await expect.poll(() => standsIn('main button')).toBe(true)
    await page.getByRole('button', { name: 'Show or hide the inspector' }).click()
    await press('Hide the inspector')
    // Back at the button that had opened it.
    await expect.poll(() => standsIn('button')).toBe(true)
    await page.context().close()
  })
})
