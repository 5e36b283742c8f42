/**
 * `npm run bench -- ui [--events N] [--minutes N]`: the screens over a case of five million events, in browser mode in Chromium: first
 * paint of the open case, from a filter to its first rows, scrolling the grid, memory over ten minutes of scripted work, and how long
 * anybody else waits for the engine while each screen opens. The case is made once and kept in the folder for temporary files; the
 * bench works on a copy. Times are of the clock: they are what a person waits for, so let nothing else run.
 */
import { copyFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright-core'
import { findBrowser } from '../../core/report/print/find-browser.ts'
import { createClient } from '../../core/contract/client.ts'
import { ensureBuilt } from '../../tools/checkout.mjs'
import { httpTransport } from '../support/http-transport.ts'
import { serveCase, settled } from '../support/served.ts'
import { atMost, megabytes, printTable, type Result } from './intake/results.ts'
import { heapBytes, slope, watchTasks } from './ui/browser.ts'
import { NEEDLE } from './ui/company.ts'
import { ensureLargeCase } from './ui/large-case.ts'

const { values } = parseArgs({
  options: { events: { type: 'string', default: '5000000' }, minutes: { type: 'string', default: '10' } },
})
const events = Number(values.events)
const minutes = Number(values.minutes)
const ROUNDS = 5
const COLD_ROUNDS = 3
const PAINT_MS = 1500
const ROWS_MS = 150
const TASK_MS = 50
const WAIT_MS = 100
const HEAP_BYTES = 400e6
/** A list that is kept for going back to may come late in the run; a leak of one screen per minute would be more. */
const GROWTH_BYTES = 2e6

const SCREENS = [
  'overview',
  'evidence',
  'story',
  'graph',
  'mail',
  'reputation',
  'sweep',
  'directory',
  'report',
  'timeline',
]

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const ms = (value: number): string => `${value.toFixed(0)} ms`

await ensureBuilt((line: string) => console.log(line))
const original = await ensureLargeCase(events)
const copy = original.replace(/\.redthread$/, '-bench.redthread')
copyFileSync(original, copy)
const browser = await chromium.launch({
  executablePath: findBrowser() ?? '',
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-background-networking', '--disable-component-update', '--no-pings'],
})
const results: Result[] = []
const say = (measure: string, found: number, goal: number, text = ms(found)): void => {
  results.push({ measure, ours: text, peer: '', ...atMost(found / goal, 1) })
  console.log(`${measure}: ${text}`)
}

await firstOpening(browser)
const served = await serveCase(copy)
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(served.address)
  await page.getByRole('navigation').first().waitFor()
  await settled(page)
  await firstPaint(page)
  await filters(page)
  await scrolling(page)
  await waiting(page)
  await work(page)
} finally {
  await browser.close()
  await served.close()
  for (const end of ['', '-wal', '-shm', '-lock']) rmSync(copy + end, { force: true })
}
printTable(results)
if (results.some((result) => !result.isMet)) process.exitCode = 1

/** A case that was just opened by a new process: from the address being opened to the Overview painted. */
async function firstOpening(chrome: Browser): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    const fresh = await serveCase(copy)
    const context = await chrome.newContext({ viewport: { width: 1440, height: 900 } })
    try {
      const page = await context.newPage()
      await page.goto(fresh.address, { waitUntil: 'commit' })
      times.push(await painted(page, '.counters dd'))
    } finally {
      await context.close()
      await fresh.close()
    }
  }
  say('first paint of a case just opened: Overview', median(times), PAINT_MS)
}

/** From the reload of the page to the first row, and to the bars, painted. */
async function firstPaint(page: Page): Promise<void> {
  const rows: number[] = []
  const bars: number[] = []
  await open(page, 'timeline')
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload({ waitUntil: 'commit' })
    rows.push(await painted(page, '[role="grid"] .event-line'))
    bars.push(await painted(page, '.histogram canvas'))
    await settled(page)
  }
  say('first paint of the open case: first rows', median(rows), PAINT_MS)
  say('first paint of the open case: bars over all time', median(bars), PAINT_MS)
}
/** Milliseconds since the navigation began until an element is there and painted. */
function painted(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector(wanted) === null) requestAnimationFrame(look)
          else requestAnimationFrame(() => resolve(performance.now()))
        }
        look()
      }),
    selector,
  )
}

/** From Enter in the search field to the first rows of the new question painted (or the word that there are none): one of each kind. */
async function filters(page: Page): Promise<void> {
  const searches = [
    'kind:logon',
    'host:pc-0012',
    'user:user0003',
    'process:powershell.exe',
    'cmd:*quartz*',
    'port:445',
    'sid:S-1-5-21-*',
    'hash:*00000f9f*',
    'powershell',
    '-svchost',
    '"explorer.exe" /run',
    NEEDLE,
    `${NEEDLE} OR no-such-text-anywhere`,
    `${NEEDLE} host:pc-0012 OR user:user0003`,
    'ip:203.0.7.0/24',
    'ip:203.0.7.12',
    'time:2026-02-10..2026-02-11 kind:dns-query',
    '0000000000000f9f'.repeat(4),
    'no-such-text-anywhere',
  ]
  for (const text of searches) {
    const times: number[] = []
    for (let round = 0; round < 3; round += 1) {
      await search(page, '')
      await settled(page, 3_000)
      times.push(await search(page, text))
      await settled(page, 3_000)
    }
    const name = /^\w{64}$/.test(text) ? 'a whole SHA-256' : text
    // The first time nothing of it is known; a person may well ask again.
    say(
      `filter to first rows: ${name}`,
      times[0] ?? 0,
      ROWS_MS,
      `${ms(times[0] ?? 0)} (again ${ms(median(times.slice(1)))})`,
    )
  }
  await search(page, '')
  await settled(page)
}
/**
 * Puts a text into the search field; milliseconds until its chips (or their absence) and first rows are painted. Chips and rows come with
 * the same answer; one without rows yet counts only when it is the last.
 */
function search(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const field = document.querySelector<HTMLInputElement>('main [data-search]')
        if (!field) throw new Error('no search field')
        const chips = (): string => document.querySelector('main .chips')?.textContent.trim() ?? ''
        const before = chips()
        field.value = wanted
        field.dispatchEvent(new Event('input', { bubbles: true }))
        const started = performance.now()
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
        const look = (): void => {
          const now = chips()
          const isAnswered = wanted === '' ? now === '' : now !== '' && now !== before
          const isShown = document.querySelector('[role="grid"] .event-line, main .empty') !== null
          if (isAnswered && isShown) requestAnimationFrame(() => resolve(performance.now() - started))
          else if (performance.now() - started > 60_000) resolve(60_000)
          else requestAnimationFrame(look)
        }
        look()
      }),
    text,
  )
}

async function scrolling(page: Page): Promise<void> {
  const take = await watchTasks(page)
  await page.mouse.move(900, 600)
  await take()
  for (let step = 0; step < 150; step += 1) {
    await page.mouse.wheel(0, 600)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
  }
  const tasks = await take()
  const scrolled = await page.evaluate(() => document.querySelector('[role="grid"]')?.scrollTop ?? 0)
  say(
    `longest task while scrolling ${Math.round(scrolled / 26)} rows`,
    tasks.longest,
    TASK_MS,
    tasks.longest === 0 ? `none above ${TASK_MS} ms` : ms(tasks.longest),
  )
}

/** How long another question waits for the engine while a screen opens, and what of it holds up the window. */
async function waiting(page: Page): Promise<void> {
  const { origin } = new URL(served.address)
  const token = new URLSearchParams(new URL(served.address).hash.slice(1)).get('token') ?? ''
  const transport = await httpTransport(origin, token)
  const client = createClient(transport)
  const take = await watchTasks(page)
  for (const screen of SCREENS) {
    let isOver = false
    let longest = 0
    const asking = (async () => {
      while (!isOver) {
        const started = performance.now()
        await client.call('job.list', {})
        longest = Math.max(longest, performance.now() - started)
        await new Promise((done) => setTimeout(done, 10))
      }
    })()
    await take()
    const started = performance.now()
    await open(page, screen)
    await settled(page, 20_000)
    const took = performance.now() - started
    isOver = true
    await asking
    const tasks = await take()
    say(
      `${screen}: longest task of the window while it opens`,
      tasks.longest,
      WAIT_MS,
      tasks.longest === 0 ? `none above ${TASK_MS} ms` : ms(tasks.longest),
    )
    say(
      `${screen}: longest wait for the engine`,
      longest,
      WAIT_MS,
      `${ms(longest)} (open and quiet in ${ms(took)})`,
    )
  }
  transport.close()
}
async function open(page: Page, screen: string): Promise<void> {
  await page.evaluate((id) => {
    location.hash = `#/${id}`
    dispatchEvent(new PopStateEvent('popstate'))
  }, screen)
}

/** What a responder does, again and again; the heap after each round with its garbage collected. */
async function work(page: Page): Promise<void> {
  if (minutes === 0) return
  const started = performance.now()
  const points: { minute: number; bytes: number }[] = []
  const words = ['kind:logon', 'powershell', 'host:pc-0007', '-chrome.exe', 'user:user0100', 'kind:dns-query']
  for (let round = 0; performance.now() - started < minutes * 60_000; round += 1) {
    await open(page, 'timeline')
    await settled(page, 4_000)
    await search(page, words[round % words.length] ?? '')
    await settled(page, 3_000)
    await page.mouse.move(900, 600)
    for (let step = 0; step < 25; step += 1) {
      await page.mouse.wheel(0, 900)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
    }
    await page
      .locator('[role="grid"] .event-line')
      .nth(round % 12)
      .click({ position: { x: 300, y: 10 } })
    await settled(page, 2_000)
    await page
      .locator('.tools select')
      .nth(0)
      .selectOption(['endpoint', 'user', 'source', 'none'][round % 4] ?? 'none')
    await settled(page, 3_000)
    await search(page, '')
    for (const screen of SCREENS) {
      await open(page, screen)
      await settled(page, 4_000)
    }
    points.push({ minute: (performance.now() - started) / 60_000, bytes: await heapBytes(page) })
    const last = points.at(-1)
    if (last) console.log(`round ${round + 1}: ${last.minute.toFixed(1)} min, heap ${megabytes(last.bytes)}`)
  }
  const most = Math.max(...points.map(({ bytes }) => bytes))
  say(`heap of the page after ${minutes} minutes of work, most`, most, HEAP_BYTES, megabytes(most))
  // The first third fills what is kept for going back to.
  const later = points.slice(Math.floor(points.length / 3))
  const growth = slope(later)
  say('growth of the heap per minute', Math.max(0, growth), GROWTH_BYTES, `${(growth / 1e6).toFixed(2)} MB`)
}
