import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { startBrowserMode } from '../../core/hosts/http.ts'
import { launchChromium } from './chromium.ts'
import { redthreadJson } from './cli.ts'
import { startDesktop } from './desktop.ts'
import { httpTransport } from './http-transport.ts'
import { openWorkbench } from './open-workbench.ts'

/** The product as a person has it open, on one of its hosts; what differs is how files are chosen. */
export interface JourneyHost {
  readonly page: Page
  readonly folder: string
  /** Chooses a file (or, for a purpose that writes, its place) when the host asks for one; `ask` is what makes it ask. */
  choose(path: string, ask: () => Promise<void>): Promise<void>
  /** Ends the product and starts it again on the same case, with the same preferences. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A copy of the demo case in a folder of its own. */
async function demoIn(folder: string): Promise<string> {
  const { document } = await redthreadJson(['demo', '--prepare'])
  expect(document).not.toHaveProperty('error')
  const path = join(folder, 'demo.redthread')
  await copyFile(String(document['case']), path)
  return path
}

/** A folder of this journey; its user keeps preferences in it. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redthread-journey-'))
  process.env['REDTHREAD_PREFERENCES'] = join(folder, 'preferences.json')
  return folder
}

/** Browser mode: the in-app picker. */
export async function openInBrowser(): Promise<JourneyHost> {
  const folder = await newFolder()
  const casePath = await demoIn(folder)
  const start = async () => {
    const mode = await startBrowserMode()
    const transport = await httpTransport(mode.origin, mode.token)
    const client = createClient(transport)
    const { grant } = await client.call('file.grant', { path: casePath, write: true })
    await client.call('case.open', { grant })
    transport.close()
    return mode
  }
  const browser: Browser = await launchChromium()
  let mode = await start()
  let { page } = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  return {
    get page() {
      return page
    },
    folder,
    async choose(path, ask) {
      await ask()
      const picker = page.getByRole('dialog').last()
      const address = picker.getByRole('textbox').first()
      await address.fill(dirname(path))
      await address.press('Enter')
      const name = picker.locator('footer input, label input[type="text"]').last()
      const row = picker.getByRole('button').filter({ hasText: basename(path) })
      if ((await name.count()) > 0) {
        await expect.poll(() => address.inputValue()).toBe(dirname(path))
        await name.fill(basename(path))
      } else await row.first().click()
      await picker.locator('footer button').last().click()
    },
    async restart() {
      await page.context().close()
      await mode.close()
      mode = await start()
      ;({ page } = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' }))
    },
    async close() {
      await browser.close()
      await mode.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The built desktop host over the double of Electron: native dialogs, answered by the test. */
export async function openOnDesktop(): Promise<JourneyHost> {
  const folder = await newFolder()
  const casePath = await demoIn(folder)
  let desktop = await startDesktop([casePath])
  await desktop.page.getByRole('navigation').first().waitFor()
  return {
    get page() {
      return desktop.page
    },
    folder,
    async choose(path, ask) {
      await desktop.ask('answerDialog', { canceled: false, filePaths: [path], filePath: path })
      await ask()
    },
    async restart() {
      await desktop.close()
      desktop = await startDesktop([casePath])
      await desktop.page.getByRole('navigation').first().waitFor()
    },
    async close() {
      await desktop.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
