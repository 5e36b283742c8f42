import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../core/contract/client.ts'
import { createEngine } from '../../core/engine.ts'
import { type BrowserMode, startBrowserMode } from '../../core/hosts/http.ts'
import { violations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { redthreadJson } from '../support/cli.ts'
import { httpTransport } from '../support/http-transport.ts'
import { openWorkbench, type Workbench } from '../support/open-workbench.ts'

let browser: Browser
let mode: BrowserMode
let workbench: Workbench
let page: Page
let folder: string

/** Work of one analyst in a copy of the demo case. */
async function work(path: string, what: (client: Client) => Promise<void>): Promise<void> {
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  const client = createClient(engine)
  await client.call('case.open', { grant: path })
  await what(client)
  await engine.close()
}
const userOf = async (client: Client, index: number) => {
  const { rows } = await client.call('entity.search', { kind: 'user', limit: 100 })
  return { kind: 'entity' as const, id: rows[index]?.id ?? '' }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-merge-'))
  const { document } = await redthreadJson(['demo', '--prepare'])
  const [mine, theirs] = [join(folder, 'ours.redthread'), join(folder, 'mei-lin.redthread')]
  for (const path of [mine, theirs]) await copyFile(String(document['case']), path)
  const judge = (client: Client, index: number, value: string, text: string) =>
    userOf(client, index).then((target) =>
      client.call('work.mark', { targets: [target], type: 'verdict', value, text }),
    )
  await work(mine, async (client) => {
    await judge(client, 0, 'benign', 'Called her: she was on holiday.')
    await judge(client, 1, 'suspicious', 'Signed in from two countries.')
    await client.call('work.mark', { targets: [await userOf(client, 3)], type: 'flag' })
  })
  await work(theirs, async (client) => {
    await judge(client, 0, 'malicious', 'Her session was used at 03:12 from an address of the lure.')
    await judge(client, 1, 'suspicious', 'Password reset by the help desk <b>twice</b>.')
    await client.call('work.mark', { targets: [await userOf(client, 2)], type: 'tag', value: 'patient zero' })
    const { rows } = await client.call('event.search', { limit: 5 })
    const targets = rows.map(({ id }) => ({ kind: 'event' as const, id }))
    await client.call('work.mark', { targets, type: 'note', text: 'Begin of the night shift' })
    await client.call('view.save', { screen: 'timeline', name: 'Night shift', state: {} })
    const { items } = await client.call('plan.list', {})
    const ids = items.slice(0, 3).map(({ id }) => id)
    await client.call('plan.decide', { ids, state: 'approved', note: 'agreed with IT' })
  })
  await work(mine, async (client) => {
    const { items } = await client.call('plan.list', {})
    await client.call('plan.decide', {
      ids: items.slice(0, 1).map(({ id }) => id),
      state: 'declined',
      note: 'not yet',
    })
  })
  mode = await startBrowserMode()
  const transport = await httpTransport(mode.origin, mode.token)
  const client = createClient(transport)
  const { grant } = await client.call('file.grant', { path: mine, write: true })
  await client.call('case.open', { grant })
  transport.close()
  browser = await launchChromium()
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  page = workbench.page
}, 240_000)
afterAll(async () => {
  await browser.close()
  await mode.close()
  await rm(folder, { recursive: true, force: true })
})

const dialog = (): Locator => page.getByRole('dialog').last()

describe('merging a colleague’s case on the screen', () => {
  it('is in the palette, and shows what both did', async () => {
    await page.keyboard.press('Control+k')
    await dialog().waitFor()
    await page.keyboard.type('merge a coll')
    await dialog().getByText('Merge a colleague').click()
    await dialog().getByRole('button', { name: 'Choose the case' }).waitFor()
    await dialog().getByRole('button', { name: 'Choose the case' }).click()
    const address = dialog().getByRole('textbox').first()
    await address.fill(folder)
    await address.press('Enter')
    await dialog().getByText('mei-lin.redthread').click()
    await dialog().locator('footer button').last().click()
    await expect.poll(() => page.getByText('3 conflicts left to settle').count(), { timeout: 60_000 }).toBe(1)
    const text = await dialog().innerText()
    expect(text).toContain('3 conflicts')
    expect(text).toContain('Her session was used at 03:12')
    expect(text).toContain('<b>twice</b>')
    expect(
      await dialog()
        .getByRole('button', { name: /^Merge \d+ diff/ })
        .isDisabled(),
    ).toBe(true)
    expect(await violations(page)).toEqual([])
  })

  it('merges once every conflict is settled, and takes it back', async () => {
    await dialog().getByRole('button', { name: 'Take all from there' }).click()
    await dialog().getByRole('radio', { name: 'both' }).first().check()
    await dialog()
      .getByRole('button', { name: /^Merge \d+ diff/ })
      .click()
    await expect.poll(() => page.getByText(/^Merged: changes/).count(), { timeout: 60_000 }).toBe(1)
    const screens = await workbench.screens()
    await screens[1]?.open()
    await page.getByRole('tab', { name: 'Merged cases' }).click()
    await workbench.settled()
    expect(await page.getByRole('row').filter({ hasText: 'mei-lin' }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Take back' }).click()
    await expect.poll(() => page.getByText(/^Taken back: \d+/).count(), { timeout: 60_000 }).toBe(1)
    await expect.poll(() => page.getByText('taken back', { exact: false }).count()).toBeGreaterThan(0)
    expect(workbench.messages.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
  })
})
