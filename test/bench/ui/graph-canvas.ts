import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { checkoutFolder, pinnedNode } from '../../../tools/checkout.mjs'
import { launchChromium } from '../../support/chromium.ts'
import { atLeast, atMost, type Result } from '../intake/results.ts'
import { writeGraphCase } from './graph-case.ts'

/** Issue 6 item 3. */
const LEAST_FRAMES = 30
const MOST_OPEN_MS = 3000
const PAN_MS = 3000

/**
 * The graph screen of the real app in Chromium without a graphics card: opening and panning a picture of 2,000 nodes, opening one of
 * 20,000 (grouped). Needs a built `out/`.
 * @param rounds how often each is measured; medians are reported
 */
export async function benchGraph(rounds: number): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-canvas-'))
  const browser = await launchChromium({
    args: ['--disable-gpu', '--disable-background-networking', '--no-pings'],
  })
  try {
    const small = await measure(browser, join(folder, 'small.redthread'), 2000, rounds)
    const large = await measure(browser, join(folder, 'large.redthread'), 20_000, rounds)
    return [
      {
        measure: `panning ${small.nodes} nodes drawn one by one, frames a second (median of ${rounds})`,
        ours: `${median(small.frames).toFixed(0)}/s, worst frame ${median(small.worst).toFixed(0)} ms`,
        peer: `${LEAST_FRAMES}/s`,
        ...atLeast(median(small.frames) / LEAST_FRAMES, 1),
      },
      {
        measure: `opening a case of ${small.nodes} entities in the graph`,
        ours: `${(median(small.open) / 1000).toFixed(2)} s`,
        peer: `${MOST_OPEN_MS / 1000} s`,
        ...atMost(median(small.open) / MOST_OPEN_MS, 1),
      },
      {
        measure: `opening a case of ${large.nodes} entities, grouped into ${large.drawn} nodes`,
        ours: `${(median(large.open) / 1000).toFixed(2)} s`,
        peer: `${MOST_OPEN_MS / 1000} s`,
        ...atMost(median(large.open) / MOST_OPEN_MS, 1),
      },
      {
        measure: `panning that picture, frames a second`,
        ours: `${median(large.frames).toFixed(0)}/s, worst frame ${median(large.worst).toFixed(0)} ms`,
        peer: `${LEAST_FRAMES}/s`,
        ...atLeast(median(large.frames) / LEAST_FRAMES, 1),
      },
    ]
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Measured {
  readonly nodes: number
  /** Nodes on the canvas. */
  readonly drawn: number
  readonly open: number[]
  readonly frames: number[]
  readonly worst: number[]
}

async function measure(browser: Browser, path: string, size: number, rounds: number): Promise<Measured> {
  const made = writeGraphCase(path, size)
  const { address, server } = await serve(path)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.goto(address)
    await page.getByRole('navigation').first().waitFor()
    await page.goto(`${new URL(address).origin}/#/graph`)
    const measured: Measured = { nodes: made.entities, drawn: 0, open: [], frames: [], worst: [] }
    let drawn = 0
    for (let round = 0; round < rounds; round++) {
      measured.open.push(await openWhole(page))
      const label = (await page.locator('.host').getAttribute('aria-label')) ?? ''
      drawn = Number(/(\d[\d,]*)/.exec(label)?.[1]?.replaceAll(',', '') ?? 0)
      const { frames, worst } = await pan(page)
      measured.frames.push(frames)
      measured.worst.push(worst)
      console.log(
        `${made.entities} entities, ${made.relations} relations, ${drawn} drawn: open ${(measured.open.at(-1) ?? 0).toFixed(0)} ms, pan ${frames.toFixed(0)} frames/s, worst ${worst.toFixed(0)} ms`,
      )
      await page.getByRole('button', { name: 'Clear the graph' }).click()
    }
    return { ...measured, drawn }
  } finally {
    await page.close()
    server.kill()
  }
}

/** From the click to the first frame that shows the whole picture in its places. */
async function openWhole(page: Page): Promise<number> {
  const button = page.getByRole('button', { name: /The whole case/ })
  await button.waitFor()
  const started = await page.evaluate(() => performance.now())
  await button.click()
  await page.locator('.canvas[aria-busy="false"]').waitFor()
  const ended = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const canvas = document.querySelector('.canvas')
        const look = (): void => {
          if (canvas?.getAttribute('aria-busy') === 'false' && canvas.getAttribute('data-drawn') === 'true')
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  return ended - started
}

/** Drags the picture to and fro; frames a second while the hand moves, and the longest time between two. */
async function pan(page: Page): Promise<{ frames: number; worst: number }> {
  const box = await page.locator('.host').boundingBox()
  if (!box) throw new Error('no canvas')
  const [x, y] = [box.x + box.width * 0.6, box.y + 30]
  await page.mouse.move(x, y)
  await page.mouse.down()
  const counting = page.evaluate(
    (ms) =>
      new Promise<{ frames: number; worst: number }>((resolve) => {
        const start = performance.now()
        let [count, last, worst] = [0, start, 0]
        const tick = (now: number): void => {
          if (now > last) worst = Math.max(worst, now - last)
          last = now
          count++
          if (now - start < ms) requestAnimationFrame(tick)
          else resolve({ frames: (count * 1000) / (now - start), worst })
        }
        requestAnimationFrame(tick)
      }),
    PAN_MS,
  )
  const end = Date.now() + PAN_MS
  for (let step = 0; Date.now() < end; step++)
    await page.mouse.move(x + Math.sin(step / 9) * 260, y + 120 + Math.cos(step / 13) * 100)
  const counted = await counting
  await page.mouse.up()
  return counted
}

async function serve(path: string): Promise<{ address: string; server: ChildProcess }> {
  const server = spawn(pinnedNode(), [join(checkoutFolder, 'out/main/cli.js'), 'serve', path, '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer): void => {
      said += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/[^\s"]*/.exec(said)
      if (found) resolve(found[0])
    }
    server.stdout.on('data', listen)
    server.stderr.on('data', listen)
    server.on('exit', () => reject(new Error(`serve ended: ${said}`)))
  })
  return { address, server }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
