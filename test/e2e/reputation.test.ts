import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
let folder: string

const EVENTS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-feed-'))
  await mkdir(join(folder, 'osint'))
  await writeFile(
    join(folder, 'osint', 'manifest.json'),
    JSON.stringify(Object.fromEntries(EVENTS.map((uuid) => [uuid, {}]))),
  )
  for (const [index, uuid] of EVENTS.entries()) {
    const Attribute = [{ type: 'url', to_ids: true, value: `http://feed${index}.example/` }]
    const Event = { info: 'x', timestamp: '1772323200', threat_level_id: '1', Attribute }
    await writeFile(join(folder, 'osint', `${uuid}.json`), JSON.stringify({ Event }))
  }
  mode = await serveDemo()
  browser = await launchChromium()
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  page = workbench.page
})
afterAll(async () => {
  await browser.close()
  await mode.close()
  await rm(folder, { recursive: true, force: true })
})

const openTab = async (name: string): Promise<void> => {
  const screen = page.getByRole('button', { name: 'Reputation' })
  await screen
    .or(page.getByRole('link', { name: 'Reputation' }))
    .first()
    .click()
  await page.getByRole('tab', { name, exact: true }).click()
  await workbench.settled()
}

describe('the reputation screen on the demo case', () => {
  it('W34 W35 W38 W44: shows clicks that would have been stopped, warned of, let through and not looked at', async () => {
    await openTab('Time of click')
    const outcomes = await page.locator('tbody .outcome').allInnerTexts()
    const clauses = await page.locator('tbody .clause .num').allInnerTexts()
    expect(new Set(outcomes.map((outcome, index) => `${outcome} ${clauses[index] ?? ''}`))).toEqual(
      new Set(['Blocked W35', 'Warned W35', 'Allowed W44', 'Not covered W38']),
    )
  })

  it('W68 W69 W70: shows the drafts by the policy, by number and one by one', async () => {
    await openTab('Notification drafts')
    const shown = async (): Promise<string[]> => {
      await page.getByRole('button', { name: 'Show drafts' }).click()
      await page.locator('[role=status] .facts').waitFor()
      const rows = await page.locator('.drafts-list summary').allInnerTexts()
      return rows
        .filter((text) => text.includes('Administrators'))
        .map((text) => /W\d\d/u.exec(text)?.[0] ?? '')
    }
    expect(await shown()).toEqual(['W68', 'W68'])
    const modes = page.getByLabel('Administrators are told')
    await modes.selectOption('individual')
    expect(await shown()).toEqual(['W70', 'W70', 'W70'])
    await modes.selectOption('count')
    await page.getByLabel('Actions per mail').fill('2')
    expect(await shown()).toEqual(['W69'])
    await page.locator('.drafts-list summary', { hasText: 'Administrators' }).click()
    expect(await page.locator('.drafts-list details[open] .body').innerText()).toContain('hxxp')
    expect(await violations(page)).toEqual([])
  })

  it('adds a MISP feed as its manifest and events chosen together, and says what a manifest alone lacks', async () => {
    await openTab('Pattern packs')
    const choose = async (names: readonly string[]): Promise<void> => {
      await page.getByRole('button', { name: 'Add pattern packs' }).click()
      const picker = page.getByRole('dialog')
      await picker.getByRole('textbox').first().fill(join(folder, 'osint'))
      await picker.getByRole('button', { name: 'Go', exact: true }).click()
      for (const name of names) await picker.getByRole('checkbox', { name }).check()
      await picker.getByRole('button', { name: 'Choose', exact: true }).click()
    }
    await choose(['manifest.json'])
    await page.getByText('its 2 events are files beside it').waitFor()
    await choose(['manifest.json', ...EVENTS.map((uuid) => `${uuid}.json`)])
    const row = page.locator('tbody tr', { hasText: 'osint' })
    await row.waitFor()
    expect(await row.count()).toBe(1)
  })

  it('W64 W65: the policy editor offers just what the service has', async () => {
    await openTab('Policies')
    const service = page.getByLabel('Service', { exact: true })
    const tag = page.getByLabel(/^Tag for file names/u)
    const text = page.getByLabel(/^Text in place of the content/u)
    await service.selectOption('gmail')
    expect([await tag.count(), await text.count()]).toEqual([0, 1])
    await service.selectOption('box')
    expect([await tag.count(), await text.count()]).toEqual([1, 1])
    await service.selectOption('teams-chat')
    expect([await tag.count(), await text.count()]).toEqual([0, 0])
  })
})
