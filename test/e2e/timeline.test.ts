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
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce', colorScheme: 'dark' })
  page = workbench.page
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

/** The machine may be busy with other things. */
const soon = { timeout: 20_000 }
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const go = async (letter: string, name: string): Promise<void> => {
  await press('Escape', 'g', letter)
  await page.getByRole('main', { name, exact: true }).waitFor()
  await workbench.settled()
}
const toKind = [...Array<string>(12).fill('ArrowLeft'), 'ArrowRight', 'ArrowRight']
const lanes = () => page.getByRole('combobox', { name: 'Lanes' })
const search = () => page.locator('main [data-search]')
const query = (): Promise<string> => search().inputValue()
const found = async (): Promise<number> => {
  const text = await page.locator('main').innerText()
  return Number(/([\d,]+) events?\b/u.exec(text)?.[1]?.replaceAll(',', '') ?? -1)
}
const grid = () => page.locator('main [role="grid"]').first()
/** The text of the row one stands on. */
const row = (): Promise<string> => grid().locator('[role="row"][aria-selected="true"]').first().innerText()
const span = (): Promise<string> => page.locator('header .num').first().innerText()

describe('the Timeline, by keyboard alone', () => {
  it('walks rows with j and k, opens one with Enter, and shows the raw record beside what was parsed', async () => {
    await go('t', 'Timeline')
    await press('j', 'j', 'j')
    const third = await row()
    await press('j')
    expect(await row()).not.toBe(third)
    await press('k')
    expect(await row()).toBe(third)
    await press('Enter')
    const inspector = page.getByRole('complementary')
    await inspector.getByRole('heading').first().waitFor()
    await expect.poll(() => inspector.locator('pre, .raw').count(), soon).toBeGreaterThan(0)
  })

  /** No number stands there while it is being counted. */
  const counted = async (isIt: (now: number) => boolean): Promise<number> => {
    let last = -1
    const settled = async (): Promise<boolean> => (last = await found()) >= 0 && isIt(last)
    await expect.poll(settled, soon).toBe(true)
    return last
  }

  it('goes on from the search to what it found with the arrow down', async () => {
    await press('/')
    expect(await search().evaluate((box) => box === document.activeElement)).toBe(true)
    await press('ArrowDown')
    expect(await grid().evaluate((place) => place.contains(document.activeElement))).toBe(true)
    const first = await row()
    await press('j')
    expect(await row()).not.toBe(first)
  })

  it('narrows to the value one stands on and leaves it out, and Alt and arrows of the browser undo that without losing the place', async () => {
    await expect.poll(found, soon).toBeGreaterThan(0)
    const all = await found()
    await press('Escape')
    await grid().focus()
    const before = await row()
    // Marks and time have nothing to search for; the next cell is the kind of event.
    await press(...toKind, '+')
    await expect.poll(query, soon).not.toBe('')
    const term = await query()
    const narrowed = await counted((now) => now < all)
    await page.goBack()
    await expect.poll(query, soon).toBe('')
    await expect.poll(found, soon).toBe(all)
    await expect.poll(row, soon).toBe(before)
    await page.goForward()
    await expect.poll(query, soon).toBe(term)
    await expect.poll(found, soon).toBe(narrowed)
    await page.goBack()
    await expect.poll(row, soon).toBe(before)
    await grid().focus()
    await press(...toKind, '-')
    await expect.poll(query, soon).toBe(`-${term}`)
    await expect.poll(found, soon).toBe(all - narrowed)
    await page.goBack()
    await expect.poll(query, soon).toBe('')
  })

  it('looks at the minutes around an event, and widens and narrows that time by [ and ]', async () => {
    const whole = await span()
    await expect.poll(found, soon).toBeGreaterThan(0)
    const all = await found()
    await grid().focus()
    await press('Shift+F10')
    await page.locator('[role="menuitem"][data-action="timeline-around-5"]').waitFor()
    await page.locator('[role="menuitem"][data-action="timeline-around-5"]').focus()
    await press('Enter')
    await expect.poll(span, soon).not.toBe(whole)
    const five = await counted((now) => now < all)
    await press('[')
    await expect.poll(found, soon).toBeGreaterThanOrEqual(five)
    await press(']')
    await expect.poll(found, soon).toBe(five)
    // From another screen back to the Timeline, the place is as it was left.
    await go('o', 'Overview')
    await page.goBack()
    await page.getByRole('main', { name: 'Timeline', exact: true }).waitFor()
    await expect.poll(found, soon).toBe(five)
    await press('Control+k')
    await page.locator('[data-command="window-clear"]').click()
    await expect.poll(span, soon).toBe(whole)
  })

  it('tags many rows at once, takes that back and sets it again', async () => {
    await grid().focus()
    await press('Home', 'Space', 'j', 'Space', 'j', 'Space', 't')
    await page.getByRole('dialog').last().locator('input').last().fill('seen together')
    await press('Enter')
    const tagged = () => grid().locator('.tag', { hasText: 'seen together' }).count()
    await expect.poll(tagged, soon).toBe(3)
    await press('Escape')
    await expect.poll(() => page.getByRole('dialog').count(), soon).toBe(0)
    await press('Control+z')
    await expect.poll(tagged, soon).toBe(0)
    await press('Control+y')
    await expect.poll(tagged, soon).toBe(3)
  })

  it('keeps columns as they were set, the question and its lanes over a reload', async () => {
    await press('Escape', 'Control+f')
    await page.keyboard.type('powershell')
    await press('Enter')
    await lanes().selectOption('endpoint')
    const before = await counted((now) => now < 1000)
    const heads = (): Promise<string[]> => page.locator('main [role="columnheader"]').allInnerTexts()
    const wide = await heads()
    await grid().focus()
    await press('Control+k')
    await page.locator('[data-command="timeline-hide"]').click()
    await expect.poll(async () => (await heads()).length, soon).toBe(wide.length - 1)
    const narrow = await heads()
    // What is left on the desk is kept a moment after the last change.
    const left = page.waitForResponse(
      (answer) => answer.request().postData()?.includes('"lanes":"user"') === true,
    )
    await lanes().selectOption('user')
    await left
    // Names have a column of their own; the bars beside them stand under those of all events.
    const boxes = await page.evaluate(() => {
      const of = (selector: string) =>
        [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect())
      return {
        names: Math.max(...of('.lanes .name').map(({ right }) => right)),
        bars: of('.lanes .bars').map(({ left, right }) => [left, right]),
        above: of('.histogram .u-over').map(({ left, right }) => [left, right]),
      }
    })
    expect(boxes.bars.length).toBeGreaterThan(0)
    for (const [start = 0, end = 0] of boxes.bars) {
      expect(start).toBeGreaterThanOrEqual(boxes.names)
      expect(Math.abs(start - (boxes.above[0]?.[0] ?? 0))).toBeLessThan(2)
      expect(Math.abs(end - (boxes.above[0]?.[1] ?? 0))).toBeLessThan(2)
    }
    await page.reload()
    await page.getByRole('main', { name: 'Timeline', exact: true }).waitFor()
    await expect.poll(query, soon).toBe('powershell')
    await expect.poll(found, soon).toBe(before)
    expect(await lanes().inputValue()).toBe('user')
    expect(await heads()).toEqual(narrow)
  })
})

describe('rows of tables and lists', () => {
  it('are walked with j and k, opened with Enter and marked by key, in Directory and Story', async () => {
    await go('d', 'Directory')
    await page.locator('main tbody tr').first().waitFor()
    await press('j', 'j')
    const second = page.locator('main tbody tr').nth(1)
    await expect.poll(() => second.evaluate((one) => one === document.activeElement), soon).toBe(true)
    await press('f')
    await expect.poll(() => second.locator('.marks-cell').count(), soon).toBe(1)
    await press('Control+z')
    await expect.poll(() => second.locator('.marks-cell').count(), soon).toBe(0)
    await press('Enter')
    const name = (await second.locator('bdi').first().innerText()).trim()
    await page.getByRole('complementary').getByText(name).first().waitFor()

    await go('n', 'Story')
    await page.locator('main nav li').first().waitFor()
    await press('j', 'j', 'Enter')
    await expect.poll(() => page.locator('main nav [aria-current="true"]').innerText(), soon).toMatch(/^2/u)
    await press('f')
    await expect.poll(() => page.locator('main nav .marks-cell').count(), soon).toBe(1)
  })

  it('are reached with F6, part of the window by part, from the story to its proof and the raw record', async () => {
    await go('n', 'Story')
    const where = (): Promise<string> =>
      page.evaluate(() =>
        document.activeElement?.closest('aside')
          ? 'inspector'
          : document.activeElement?.closest('.told')
            ? 'told'
            : document.activeElement?.closest('main nav')
              ? 'list'
              : document.activeElement?.closest('nav')
                ? 'rail'
                : (document.activeElement?.tagName ?? ''),
      )
    await press('j')
    expect(await where()).toBe('list')
    await press('F6')
    expect(await where()).toBe('told')
    await page.locator('main .proof .text-link').first().focus()
    await press('Enter')
    await page.getByRole('complementary').getByRole('heading').first().waitFor()
    await press('F6')
    expect(await where()).toBe('inspector')
    await press('Shift+F6', 'Shift+F6')
    expect(await where()).toBe('list')
    await press('Shift+F6')
    expect(await where()).toBe('rail')
  })

  it('shows marks on what a sweep saw', async () => {
    await go('s', 'Sweep')
    await page.locator('main textarea').fill('powershell.exe')
    await page.getByRole('main').getByRole('button', { name: 'Check them' }).click()
    await page.getByRole('main').getByRole('button', { name: 'Search', exact: true }).click()
    const rows = page.locator('main table').last().locator('tbody tr')
    await expect.poll(() => rows.count(), soon).toBeGreaterThan(0)
    await rows.first().locator('[data-open]').focus()
    await press('f')
    await expect.poll(() => rows.first().locator('.marks-cell').count(), soon).toBe(1)
  })

  it('left no error behind', () => {
    expect(workbench.messages.filter((line) => /^(error|pageerror)/u.test(line))).toEqual([])
  })
})
