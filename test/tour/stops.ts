import type { Page } from 'playwright-core'
import { settled } from '../support/served.ts'

/** One picture of the tour: the screen it is of, and what is done there first. */
export interface Stop {
  readonly name: string
  readonly screen: string
  /** Goes into the guide. */
  readonly isInGuide?: boolean
  prepare?(page: Page): Promise<void>
}

const tab =
  (index: number) =>
  async (page: Page): Promise<void> => {
    const tabs = page.locator('main [role="tab"]')
    if ((await tabs.count()) > index) await tabs.nth(index).click()
  }
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
/** Stands in the grid, some rows down. */
async function standInGrid(page: Page, rows: number): Promise<void> {
  await page.locator('main [role="grid"]').first().focus()
  for (let row = 0; row < rows; row += 1) await page.keyboard.press('ArrowDown')
}
async function search(page: Page, text: string): Promise<void> {
  await page.locator('main [data-search]').fill(text)
  await page.keyboard.press('Enter')
  await settled(page)
}

/** As an advisory would name them: most of it is in the demo case. */
const INDICATORS = [
  'hxxps://konto-freigabe[.]lumenpost[.]example/anmeldung?vorgang=48213',
  'kurzlink[.]example',
  'file-name:Lieferavis_48213.docm',
  'command-line~-enc',
  '198.51.100.0/24',
].join('\n')

/** In the order somebody new would walk; nothing depends on words of a language. */
export const STOPS: readonly Stop[] = [
  { name: 'overview', screen: 'overview', isInGuide: true },
  { name: 'evidence', screen: 'evidence', isInGuide: true },
  ...[1, 2, 3].map((index) => ({
    name: `evidence-tab-${index + 1}`,
    screen: 'evidence',
    prepare: tab(index),
  })),
  { name: 'story', screen: 'story', isInGuide: true },
  ...[1, 2, 3, 4].map((index) => ({ name: `story-tab-${index + 1}`, screen: 'story', prepare: tab(index) })),
  {
    name: 'graph-start',
    screen: 'graph',
    async prepare(page) {
      // The case remembers the picture of the walk before.
      const clear = page.locator('main [data-tool="clear"]')
      if ((await clear.count()) > 0) await clear.click()
    },
  },
  {
    name: 'graph',
    screen: 'graph',
    isInGuide: true,
    async prepare(page) {
      await page.locator('main li button').first().click()
      await settled(page)
    },
  },
  { name: 'timeline', screen: 'timeline' },
  {
    name: 'timeline-lanes',
    screen: 'timeline',
    isInGuide: true,
    async prepare(page) {
      await search(page, 'powershell')
      await page.locator('main .tools select').nth(0).selectOption('endpoint')
      await settled(page)
      await standInGrid(page, 4)
      await press(page, 'Enter')
    },
  },
  {
    name: 'timeline-menu',
    screen: 'timeline',
    async prepare(page) {
      await standInGrid(page, 3)
      await press(page, ' ', 'ArrowDown', ' ', 'ArrowLeft', 'Shift+F10')
    },
  },
  {
    name: 'timeline-group',
    screen: 'timeline',
    async prepare(page) {
      await page.locator('main .tools select').nth(1).selectOption('endpoint')
    },
  },
  {
    name: 'mail',
    screen: 'mail',
    isInGuide: true,
    async prepare(page) {
      const rows = page.locator('main [role="row"], main [role="option"]')
      if ((await rows.count()) > 1) await rows.nth(1).click()
    },
  },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((index) => ({
    name: index === 0 ? 'reputation' : `reputation-tab-${index + 1}`,
    screen: 'reputation',
    isInGuide: index === 0,
    prepare: tab(index),
  })),
  { name: 'sweep-start', screen: 'sweep' },
  {
    name: 'sweep',
    screen: 'sweep',
    isInGuide: true,
    async prepare(page) {
      await page.locator('main textarea').fill(INDICATORS)
      await page.locator('main form button[type="submit"]').click()
      await page.locator('main .section .main').click()
      // The preview goes when the result is there.
      await page.locator('main .section .main').waitFor({ state: 'detached', timeout: 30_000 })
    },
  },
  { name: 'directory', screen: 'directory', isInGuide: true },
  ...[1, 2, 3, 4].map((index) => ({
    name: `directory-tab-${index + 1}`,
    screen: 'directory',
    prepare: tab(index),
  })),
  {
    name: 'report',
    screen: 'report',
    isInGuide: true,
    async prepare(page) {
      await page.locator('main iframe').waitFor({ timeout: 90_000 })
      await page.locator('main .busy').waitFor({ state: 'detached', timeout: 90_000 })
      // Text whose face is still being read is painted as nothing.
      for (const frame of page.frames())
        await frame.evaluate(async () => {
          await document.fonts.ready
        })
    },
  },
  {
    name: 'palette',
    screen: 'overview',
    isInGuide: true,
    prepare: (page) => press(page, 'Control+k'),
  },
  { name: 'keys', screen: 'overview', prepare: (page) => press(page, '?') },
]
