/**
 * `npm run tour -- FOLDER [--guide] [--empty] [--only NAME] [--size WxH]`: the built workbench in browser mode, driven through the demo case in
 * Chromium, and a picture of every stop in every theme and language. `--guide`: only the pictures of docs/guide, in English, as they
 * are committed to docs/images/guide. `--empty`: a case without evidence in the place of the demo case. It also says which texts are cut off, so that nobody has to look for them.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright-core'
import { findBrowser } from '../../core/report/print/find-browser.ts'
import { checkoutFolder, ensureBuilt, pinnedNode } from '../../tools/checkout.mjs'
import { serveCase, settled } from '../support/served.ts'
import { clippedTexts } from './clipped.ts'
import { STOPS, type Stop } from './stops.ts'

const GUIDE_QUALITY = 76
// What these stops do needs something in the case.
const NEEDS_EVIDENCE = /^(graph$|story-tab|timeline-)/u
const THEMES = ['dark', 'light', 'contrast'] as const
const LANGUAGES = ['en', 'zh-TW', 'ja'] as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    guide: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    only: { type: 'string' },
    size: { type: 'string', default: '1440x900' },
    themes: { type: 'string' },
    languages: { type: 'string' },
  },
})
const [folder] = positionals
if (folder === undefined)
  throw new Error('Usage: npm run tour -- FOLDER [--guide] [--empty] [--only NAME] [--size WxH]')
const [width = 1440, height = 900] = values.size.split('x').map(Number)
const chosen = <T extends string>(all: readonly T[], wanted: string | undefined): readonly T[] =>
  wanted === undefined ? all : all.filter((one) => wanted.split(',').includes(one))
const themes = values.guide ? (['light'] as const) : chosen(THEMES, values.themes)
const languages = values.guide ? (['en'] as const) : chosen(LANGUAGES, values.languages)
const stops = STOPS.filter(
  ({ name, isInGuide }) =>
    (!values.guide || isInGuide === true) &&
    (!values.empty || !NEEDS_EVIDENCE.test(name)) &&
    (values.only === undefined || name.startsWith(values.only)),
)

await ensureBuilt((line: string) => console.log(line))
mkdirSync(folder, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'redthread-tour-'))
const casePath = join(work, values.empty ? 'new.redthread' : 'demo.redthread')
const cli = join(checkoutFolder, 'out', 'main', 'cli.js')
if (values.empty) execFileSync(pinnedNode(), [cli, 'new', casePath])
else copyFileSync(demoCase(), casePath)
const served = await serveCase(casePath)
const browser = await chromium.launch({
  executablePath: findBrowser() ?? '',
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-background-networking', '--no-pings', '--hide-scrollbars'],
})
let problems = 0
try {
  for (const theme of themes) for (const language of languages) await walk(browser, theme, language)
} finally {
  await browser.close()
  await served.close()
  rmSync(work, { recursive: true, force: true })
}
console.log(`${problems} problems`)
if (problems > 0) process.exitCode = 1

function demoCase(): string {
  const said = execFileSync(pinnedNode(), [cli, 'demo', '--prepare', '--json'], { encoding: 'utf8' })
  return String((JSON.parse(said) as { case: string }).case)
}

async function walk(on: Browser, theme: string, language: string): Promise<void> {
  const context = await on.newContext({ viewport: { width, height }, reducedMotion: 'reduce' })
  await context.addInitScript(
    ([kept, chosenTheme]) => {
      // The preview of the report is a frame without a storage of its own.
      if (window !== top) return
      if (localStorage.getItem('redthread.language') === null)
        localStorage.setItem('redthread.language', kept ?? '')
      if (localStorage.getItem('redthread.theme') === null)
        localStorage.setItem('redthread.theme', chosenTheme ?? '')
    },
    [language, theme],
  )
  const page = await context.newPage()
  page.on('pageerror', (error) => tell(`${theme} ${language}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') tell(`${theme} ${language}: ${message.text()}`)
  })
  await page.goto(served.address)
  await page.getByRole('navigation').first().waitFor()
  for (const stop of stops) await visit(page, stop, `${language}-${theme}`)
  await context.close()
}

async function visit(page: Page, stop: Stop, kind: string): Promise<void> {
  // Every stop begins on the screen as it opens, with nothing left over from the one before.
  await page.evaluate((screen) => {
    localStorage.setItem('redthread.inspectorOpen', 'no')
    location.hash = `#/${screen}`
  }, stop.screen)
  await page.reload()
  await page.getByRole('navigation').first().waitFor()
  await settled(page)
  try {
    await stop.prepare?.(page)
  } catch (thrown) {
    tell(
      `${stop.name} ${kind}: ${thrown instanceof Error ? thrown.message.split('\n')[0] : 'cannot be reached'}`,
    )
  }
  await settled(page)
  for (const text of await clippedTexts(page)) tell(`${stop.name} ${kind}: cut off: ${text}`)
  // Pictures that are committed are small: nobody measures pixels in them.
  await page.screenshot(
    values.guide
      ? { path: join(folder ?? '', `${stop.name}.jpg`), type: 'jpeg', quality: GUIDE_QUALITY }
      : { path: join(folder ?? '', `${stop.name}-${kind}.png`) },
  )
}
function tell(problem: string): void {
  problems += 1
  console.log(problem)
}
