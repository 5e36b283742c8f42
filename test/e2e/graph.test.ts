import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { type BrowserMode, startBrowserMode } from '../../core/hosts/http.ts'
import { violations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { redthreadJson } from '../support/cli.ts'
import { httpTransport } from '../support/http-transport.ts'
import { openWorkbench, type Workbench } from '../support/open-workbench.ts'

let folder: string
let casePath: string
let browser: Browser
let mode: BrowserMode
let workbench: Workbench
let page: Page

async function serve(): Promise<BrowserMode> {
  const started = await startBrowserMode()
  const transport = await httpTransport(started.origin, started.token)
  const client = createClient(transport)
  const { grant } = await client.call('file.grant', { path: casePath, write: true })
  await client.call('case.open', { grant })
  transport.close()
  return started
}
/** Opens the workbench on the graph with the best narrative drawn. */
async function openGraph(): Promise<void> {
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  page = workbench.page
  await page
    .getByRole('link', { name: 'Graph' })
    .or(page.getByRole('button', { name: 'Graph', exact: true }))
    .first()
    .click()
  await workbench.settled()
}
async function drawNarrative(): Promise<void> {
  // The case remembers the picture of the test before.
  if ((await canvas().count()) > 0) await button('Clear the graph').click()
  await page.locator('article.card').getByRole('button', { name: /graph/iu }).first().click()
  await drawn()
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-e2e-'))
  const { document } = await redthreadJson(['demo', '--prepare'])
  casePath = join(folder, 'demo.redthread')
  await copyFile(String(document['case']), casePath)
  mode = await serve()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await mode.close()
  await rm(folder, { recursive: true, force: true })
})

const canvas = () => page.locator('.host')
const drawn = async (): Promise<void> => {
  await page.locator('.canvas[data-drawn="true"]').waitFor()
  await workbench.settled()
}
/** Entities and relations as the canvas tells a screen reader. */
async function counts(): Promise<{ nodes: number; edges: number }> {
  await drawn()
  const label = (await canvas().getAttribute('aria-label')) ?? ''
  const [nodes = 0, edges = 0] = [...label.matchAll(/\d[\d,]*/gu)].map((match) =>
    Number(match[0].replaceAll(',', '')),
  )
  return { nodes, edges }
}
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const act = async (name: string | RegExp): Promise<void> => {
  await button('Actions').click()
  await page.getByRole('menuitem', { name }).first().click()
  await drawn()
}
/** Selects an entity of the picture by its name. */
async function select(name: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Find in the graph' }).fill(name)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.find [role="status"]').innerText(), soon).toMatch(/of/u)
  await page.getByRole('searchbox', { name: 'Find in the graph' }).fill('')
  await page.keyboard.press('Enter')
}
/** The machine may be busy with other things. */
const soon = { timeout: 20_000 }
const problems = (): string[] => workbench.messages.filter((line) => /^(error|pageerror)/u.test(line))

describe('the graph in a browser', () => {
  beforeEach(async () => {
    await openGraph()
    await drawNarrative()
    return async () => {
      expect(problems()).toEqual([])
      await page.context().close()
    }
  })

  it('expands by kind with counts, and takes every step back and makes it again', async () => {
    const before = await counts()
    await select('ML-FS01')
    await canvas().focus()
    await page.keyboard.press('Shift+F10')
    const ways = page.getByRole('menuitem', { name: /Show (where it leads|what leads here): .+ \(\d/u })
    await ways.first().waitFor()
    expect(await ways.count()).toBeGreaterThan(1)
    const text = await ways.last().innerText()
    const more = Number(/\((\d+)\)/u.exec(text)?.[1])
    await ways.last().click()
    await expect.poll(async () => (await counts()).edges, soon).toBeGreaterThan(before.edges)
    const after = await counts()
    expect(after.edges - before.edges).toBeLessThanOrEqual(more + 1)
    await canvas().focus()
    await page.keyboard.press('Control+z')
    await expect.poll(counts, soon).toEqual(before)
    await page.keyboard.press('Control+y')
    await expect.poll(counts, soon).toEqual(after)
  })

  it('groups likes, names the group and says so, opens it again', async () => {
    await select('48213')
    await act(/Show where it leads: was delivered to \(\d+\)/u)
    const open = await counts()
    await act('Group all like nodes')
    const grouped = await counts()
    expect(grouped.nodes).toBeLessThan(open.nodes)
    expect(await page.getByRole('status').filter({ hasText: 'in groups' }).innerText()).toMatch(
      /Showing \d+ of \d+/u,
    )
    await button('Show as a list').click()
    expect(await page.getByRole('table').first().innerText()).toMatch(/\d+ recipients/u)
    await page.getByRole('button', { name: 'Open the group' }).first().click()
    await button('Show as a graph').click()
    await expect.poll(counts, soon).toEqual(open)
  })

  it('hides what is chosen, keeps count of it and shows it again', async () => {
    const before = await counts()
    await select('fodhelper')
    await canvas().focus()
    await page.keyboard.press('Delete')
    await expect.poll(async () => (await counts()).nodes, soon).toBe(before.nodes - 1)
    const banner = page.getByRole('status').filter({ hasText: '1 hidden' })
    await banner.waitFor()
    await banner.getByRole('button', { name: 'Show them' }).click()
    await expect.poll(counts, soon).toEqual(before)
  })

  it('chooses with a lasso and with a box, and acts on all of them', async () => {
    const before = await counts()
    await canvas().focus()
    await page.keyboard.press('0')
    await drawn()
    for (const tool of ['Choose with a lasso', 'Choose with a box']) {
      await button(tool).click()
      const box = await page.locator('svg.layer').boundingBox()
      if (!box) throw new Error('no layer')
      const [left, top, right, bottom] = [box.x + 3, box.y + 3, box.x + box.width - 3, box.y + box.height - 3]
      await page.mouse.move(left, top)
      await page.mouse.down()
      if (tool.includes('lasso')) await page.mouse.move(right, top, { steps: 4 })
      await page.mouse.move(right, bottom, { steps: 4 })
      if (tool.includes('lasso')) await page.mouse.move(left, bottom, { steps: 4 })
      await page.mouse.up()
      await button('Actions').click()
      await page.getByRole('menuitem', { name: `Group ${before.nodes} nodes` }).waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
    }
  })

  it('replays the spread in time', async () => {
    await button('Replay in time').click()
    const slider = page.getByRole('slider', { name: 'Time of the replay' })
    const first = await slider.getAttribute('aria-valuetext')
    const last = Number(await slider.getAttribute('max'))
    expect(last).toBeGreaterThan(3)
    for (let step = 0; step < last; step++) await button('One step on').click()
    expect(await button('One step on').isDisabled()).toBe(true)
    expect((await slider.getAttribute('aria-valuetext')) ?? '').not.toBe(first)
    await slider.fill('0')
    await button('Play').click()
    await expect.poll(() => slider.inputValue(), soon).not.toBe('0')
    await button('End the replay').click()
    await slider.waitFor({ state: 'detached' })
  })

  it('draws the very path that was proposed, not a better one between its ends', async () => {
    await button('Clear the graph').click()
    const card = page.locator('article.card').first()
    const proposed = Number(/(\d+) hops/u.exec(await card.innerText())?.[1])
    await card.getByRole('button', { name: /graph/iu }).first().click()
    await drawn()
    const hops = page.getByRole('region', { name: 'Attack path' }).locator('tbody tr')
    await expect.poll(() => hops.count(), soon).toBe(proposed)
  })

  it('finds paths, lets alternatives be chosen, and says when there is none', async () => {
    const choices = page.getByRole('combobox', { name: 'Alternatives' })
    const options = await choices.locator('option').allInnerTexts()
    expect(options.length).toBeGreaterThan(1)
    const hops = page.getByRole('region', { name: 'Attack path' }).locator('tbody tr')
    const first = await hops.allInnerTexts()
    // The proposed path is drawn; the first of the list is another.
    await choices.selectOption({ index: 0 })
    await expect.poll(() => hops.allInnerTexts(), soon).not.toEqual(first)
    await button('Undo').click()
    await expect.poll(() => hops.allInnerTexts(), soon).toEqual(first)
    await hops.first().getByRole('button').nth(1).click()
    await page.getByText('Can be wrong when').waitFor()
    await button('Swap the two ends').click()
    await button('Find paths').click()
    await page.getByText(/No path leads from/u).waitFor()
  })

  it('has every action of the context menu in the palette', async () => {
    await select('ML-FS01')
    await canvas().focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem').first().waitFor()
    const actions = await page.locator('[data-action]').locator('.grow').allInnerTexts()
    expect(actions.length).toBeGreaterThan(8)
    await page.keyboard.press('Escape')
    const missing: string[] = []
    await page.keyboard.press('Control+k')
    for (const action of actions) {
      await page
        .getByRole('combobox', { name: /search/iu })
        .last()
        .fill(action)
      const found = page.getByRole('option').filter({ hasText: action })
      await found
        .first()
        .waitFor({ timeout: 3000 })
        .catch(() => missing.push(action))
    }
    await page.keyboard.press('Escape')
    expect(missing).toEqual([])
  })

  it('saves the picture as SVG and PNG in the colours of print', async () => {
    const save = async (name: RegExp): Promise<Buffer> => {
      await button('Take the picture out').click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name }).click(),
      ])
      return await readFile(await download.path())
    }
    const svg = (await save(/SVG/u)).toString('utf8')
    expect(svg).toMatch(/^<svg [^>]*viewBox="/u)
    expect(svg.match(/<g><title>/gu)?.length).toBe((await counts()).nodes)
    expect(svg).toContain('fill="#ffffff"')
    const png = await save(/PNG/u)
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(png.length).toBeGreaterThan(10_000)
  })
})

describe('a link of the analyst', () => {
  it('is drawn dotted as soon as it is made, and leaves the picture when it is taken back', async () => {
    await openGraph()
    await drawNarrative()
    const before = await counts()
    await button('Show as a list').click()
    const boxes = page.getByRole('table').first().getByRole('checkbox')
    await boxes.nth(1).check()
    await boxes.nth(3).check()
    await button('Show as a graph').click()
    await act('Link two entities')
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('textbox', { name: 'What the link is called' })
      .or(dialog.getByLabel('What the link is called'))
      .first()
      .fill('phoned')
    await dialog.getByLabel('Reason').fill('Said so in the interview.')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await expect.poll(async () => (await counts()).edges, soon).toBe(before.edges + 1)
    await button('Take the picture out').click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /SVG/u }).click(),
    ])
    const svg = await readFile(await download.path(), 'utf8')
    expect(svg.match(/stroke-dasharray="1.5 3.5"/gu)).toHaveLength(1)
    await page.keyboard.press('Control+k')
    await page
      .getByRole('combobox', { name: /search/iu })
      .last()
      .fill('Take the last')
    await page.getByRole('option', { name: 'Take the last mark back' }).click()
    await expect.poll(counts, soon).toEqual(before)
    expect(problems()).toEqual([])
    await page.context().close()
  })
})

describe.each(['dark', 'light', 'contrast'])('the graph, %s', (theme) => {
  it('breaks no rule of WCAG 2.2 AA: picture, menu, list, replay, groups, saved views', async () => {
    await openGraph()
    await page.evaluate((name) => {
      document.documentElement.dataset['theme'] = name
    }, theme)
    const found: string[] = []
    const look = async (what: string): Promise<void> => {
      await workbench.settled()
      found.push(...(await violations(page)).map((line) => `${what}: ${line}`))
    }
    await look('start')
    await drawNarrative()
    await select('48213')
    await look('picture')
    await canvas().focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem').first().waitFor()
    await look('menu')
    await page.keyboard.press('Escape')
    await act(/Show where it leads: was delivered to \(\d+\)/u)
    await act('Group all like nodes')
    await button('Replay in time').click()
    await button('Choose with a lasso').click()
    await look('replay, groups, lasso')
    await button('Show as a list').click()
    await page.getByRole('table').first().locator('tr', { hasText: 'recipients' }).click()
    await look('list, inspector of a group')
    await button('Saved views').click()
    await page.getByRole('dialog').waitFor()
    await look('saved views')
    await page.context().close()
    expect(found).toEqual([])
  })
})

describe('a saved view', () => {
  it('is the same picture after a restart, places and groups and hidden nodes included', async () => {
    await openGraph()
    await drawNarrative()
    await select('48213')
    await act(/Show where it leads: was delivered to \(\d+\)/u)
    await act('Group all like nodes')
    await select('fodhelper')
    await canvas().focus()
    await page.keyboard.press('Delete')
    await page.getByRole('combobox', { name: 'Layout' }).selectOption('force')
    const before = await counts()
    const list = async (): Promise<string[]> => {
      await button('Show as a list').click()
      const rows = await page.getByRole('table').first().locator('tbody tr').allInnerTexts()
      await button('Show as a graph').click()
      return rows
    }
    const rows = await list()
    await button('Saved views').click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('Spread')
    await button('Save what is shown').click()
    await page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Spread' }).waitFor()
    await page.keyboard.press('Escape')
    // What is on the desk is kept a moment after the last change.
    const left = page.waitForResponse(
      (answer) => answer.request().postData()?.includes('"layout":"concentric"') === true,
    )
    await page.getByRole('combobox', { name: 'Layout' }).selectOption('concentric')
    await left
    await drawn()
    await page.context().close()
    await mode.close()

    mode = await serve()
    await openGraph()
    // The desk is as it was left, without a name having been asked for ...
    await expect.poll(() => canvas().count(), soon).toBe(1)
    expect(await counts()).toEqual(before)
    expect(await page.getByRole('combobox', { name: 'Layout' }).inputValue()).toBe('concentric')
    await expect.poll(list, { timeout: 20_000 }).toEqual(rows)
    await button('Clear the graph').click()
    // ... and what was saved under a name is drawn from it.
    await button('Spread').click()
    expect(await counts()).toEqual(before)
    expect(await page.getByRole('combobox', { name: 'Layout' }).inputValue()).toBe('force')
    // Risk levels of URLs and messages come a moment after the picture.
    await expect.poll(list, { timeout: 20_000 }).toEqual(rows)
    await page.getByRole('region', { name: 'Attack path' }).waitFor()
    expect(problems()).toEqual([])
    await page.context().close()
  })
})
