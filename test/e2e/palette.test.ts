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
  workbench = await openWorkbench(browser, mode.address, {
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: 'light',
  })
  page = workbench.page
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

interface Offered {
  readonly id: string
  readonly text: string
  readonly isOff: boolean
}

const problems = (): string[] => workbench.messages.filter((line) => /^(error|pageerror)/.test(line))

/** Closes dialogs and menus, one after the other, and ends what a field holds. */
async function tidy(): Promise<void> {
  for (let left = 4; left > 0; left -= 1) {
    if ((await page.locator('[role="dialog"], [role="menu"]').count()) === 0) break
    await page.keyboard.press('Escape')
    await workbench.settled()
  }
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
}

async function openPalette(): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.locator('#palette-list').waitFor()
}

/** The commands the palette offers now. */
async function offered(): Promise<Offered[]> {
  await openPalette()
  const rows = await page.locator('[data-command]').evaluateAll((items) =>
    items.map((item) => ({
      id: item.getAttribute('data-command') ?? '',
      text: (item.textContent ?? '').replaceAll(/\s+/gu, ' ').trim(),
      isOff: item.getAttribute('aria-disabled') === 'true',
    })),
  )
  await tidy()
  return rows
}

/** Everything a person could notice: what is shown, where the cursor is, colours, address, clipboard. */
const seen = (): Promise<string> =>
  page.evaluate(async () => {
    const pressed = [
      ...document.querySelectorAll('[aria-pressed], [aria-checked], [aria-expanded], select, input'),
    ]
    const fields = pressed.map((one) =>
      one instanceof HTMLInputElement || one instanceof HTMLSelectElement
        ? one.value
        : ['aria-pressed', 'aria-checked', 'aria-expanded'].map((name) => one.getAttribute(name)).join(),
    )
    const active = document.activeElement
    const canvases = [...document.querySelectorAll('main canvas')].map((canvas) =>
      canvas instanceof HTMLCanvasElement ? canvas.toDataURL().length : 0,
    )
    return JSON.stringify([
      document.body.innerText,
      fields,
      canvases,
      `${active?.tagName} ${active?.id} ${active?.getAttribute('aria-label')}`,
      document.documentElement.dataset['theme'],
      document.documentElement.lang,
      location.hash,
      document.title,
      document.querySelectorAll('[role="dialog"], [role="menu"], aside').length,
      await navigator.clipboard.readText(),
    ])
  })

/** What can end the walk, or take the page elsewhere; they come last, and on a page of their own. */
const LAST = new Set(['close'])

async function run(command: Offered, home: string): Promise<string | null> {
  await tidy()
  await page.evaluate(async (hash) => {
    await navigator.clipboard.writeText('nothing')
    if (location.hash !== hash) location.hash = hash
  }, home)
  await workbench.settled()
  const downloads: string[] = []
  page.once('download', (download) => downloads.push(download.suggestedFilename()))
  let calls = 0
  const count = (request: { url(): string; method(): string }): void => {
    if (request.method() === 'POST' && !/\/api\/(?:entity\.search|host\.)/.test(request.url())) calls += 1
  }
  await openPalette()
  const row = page.locator(`[data-command="${command.id}"]`)
  if ((await row.count()) === 0 || (await row.getAttribute('aria-disabled')) === 'true') return null
  // What was seen before: with the palette closed, as after the command.
  await tidy()
  const before = await seen()
  await openPalette()
  page.on('request', count)
  await row.click()
  await workbench.settled()
  let changed = (await seen()) !== before || downloads.length > 0
  for (let wait = 0; !changed && wait < 20; wait += 1) {
    await workbench.settled()
    changed = (await seen()) !== before || downloads.length > 0
  }
  page.off('request', count)
  return changed ? null : `${command.id} "${command.text}": nothing changed on the screen (${calls} calls)`
}

/** Runs every command once that was not run before; says which had no effect. */
async function walk(known: Set<string>): Promise<string[]> {
  const home = await page.evaluate(() => location.hash)
  const found: string[] = []
  for (const command of await offered()) {
    if (known.has(command.id) || LAST.has(command.id)) continue
    if (command.isOff) continue
    known.add(command.id)
    const fault = await run(command, home)
    if (fault !== null) found.push(fault)
    const said = problems()
    workbench.messages.length = 0
    for (const line of said) found.push(`${command.id}: ${line}`)
    // Words must be found again by the next command.
    await page.evaluate(() => localStorage.setItem('redthread.language', 'en'))
    if ((await page.evaluate(() => document.documentElement.lang)) !== 'en') {
      await run({ id: 'language-en', text: '', isOff: false }, home)
    }
  }
  await tidy()
  return found
}

describe('the palette', () => {
  const known = new Set<string>()

  it('says of every command that cannot be run now why not', async () => {
    const commands = await offered()
    expect(commands.length).toBeGreaterThan(40)
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
    const off = commands.filter(({ isOff }) => isOff)
    expect(off.map(({ id }) => id)).toContain('flag')
    for (const { text } of off) expect(text.length, text).toBeGreaterThan(12)
    // Chosen all the same, it does nothing and stays open.
    await openPalette()
    await page.locator('[data-command="flag"]').click({ force: true })
    expect(await page.locator('#palette-list').count()).toBe(1)
    await tidy()
    expect(problems()).toEqual([])
  })

  it('runs every command of the frame, each with an effect that is seen', async () => {
    // Something to mark: the first entity a search finds.
    await openPalette()
    await page.keyboard.type('exe')
    await page.locator('[id^="palette-entity-"]').first().click()
    await workbench.settled()
    expect(await walk(known)).toEqual([])
    for (const id of [
      'flag',
      'tag',
      'note',
      'verdict',
      'pin',
      'indicator',
      'relate',
      'copy',
      'import',
      'undo-mark',
    ])
      expect(known, id).toContain(id)
  }, 600_000)

  it('runs the commands of every screen', async () => {
    const found: string[] = []
    for (const screen of await workbench.screens()) {
      await tidy()
      await screen.open()
      found.push(...(await walk(known)).map((line) => `${screen.name}: ${line}`))
    }
    expect(found).toEqual([])
  }, 600_000)

  it('closes the case last', async () => {
    await openPalette()
    await page.locator('[data-command="close"]').click()
    await page.getByRole('navigation').first().waitFor({ state: 'detached' })
    expect(problems()).toEqual([])
  })
})
