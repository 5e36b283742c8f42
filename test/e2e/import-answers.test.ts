import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWorkbench, serveEmpty, type Workbench } from '../support/open-workbench.ts'
import { lockedZip } from '../support/archives.ts'
import { windowsLines } from '../support/workbench.ts'

const TOOL = `Event Time;Host Name;User;Image;Command Line;PID
25/05/2031 07:08:09;WS01;CORP\\alice;C:\\Windows\\System32\\cmd.exe;cmd.exe /c whoami;42
`
/** A message trace whose dates do not tell which number is the day. */
const TRACE = `origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality,connector_id,delivery_priority
3/4/2031 7:08:09 AM,eve@evil.example,alice@corp.example##Delivered,Invoice,100,<a@evil.example>,0a1b2c3d-0000-4000-8000-000000000001,192.0.2.7,Incoming,,Normal
`

let browser: Browser
let mode: Awaited<ReturnType<typeof serveEmpty>>
let workbench: Workbench
let page: Page
beforeAll(async () => {
  mode = await serveEmpty()
  const evidence = join(mode.folder, 'evidence')
  await mkdir(evidence)
  await writeFile(join(evidence, 'tool.csv'), TOOL)
  await writeFile(join(evidence, 'trace.csv'), TRACE)
  await writeFile(
    join(evidence, 'locked.zip'),
    await lockedZip({ 'events.json': windowsLines(5) }, 'open sesame', 3),
  )
  await writeFile(join(evidence, 'plain.json'), windowsLines(3, 'ws02.corp.example'))
  browser = await launchChromium()
  workbench = await openWorkbench(browser, mode.address, { reducedMotion: 'reduce' })
  page = workbench.page
})
afterAll(async () => {
  await browser.close()
  await mode.close()
})

const dialog = (): Locator => page.getByRole('dialog').last()
/** The path as the preview shows it; lists of columns give it as an example, too. */
const preview = (): Locator => dialog().locator('bdi').filter({ hasText: 'C:\\Windows\\System32\\cmd.exe' })
const rowOf = (name: string): Locator => dialog().getByRole('row').filter({ hasText: name })

describe('files that ask', () => {
  it('are listed after the import of a folder, and everything else is in the case', async () => {
    await (await workbench.screens())[1]?.open()
    await page.getByRole('button', { name: 'Choose a folder' }).click()
    const address = dialog().getByRole('textbox').first()
    await address.fill(join(mode.folder, 'evidence'))
    await address.press('Enter')
    await workbench.settled()
    await dialog().locator('footer button').last().click()
    await dialog().getByText('More: endpoint, dates, encoding, passwords').click()
    expect(await violations(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await expect.poll(() => page.getByText('What the import took').count(), { timeout: 30_000 }).toBe(1)
    for (const name of ['tool.csv', 'trace.csv', 'locked.zip'])
      expect(await rowOf(name).count(), name).toBe(1)
    expect(await rowOf('plain.json').count()).toBe(0)
    expect(await violations(page)).toEqual([])
  })

  it('are imported once the order of the date is said', async () => {
    await rowOf('trace.csv')
      .getByRole('button', { name: /day comes first/ })
      .click()
    await expect.poll(() => rowOf('trace.csv').count(), { timeout: 30_000 }).toBe(0)
  })

  it('are imported once their password is given, which then stands nowhere on the page', async () => {
    await rowOf('locked.zip').getByLabel('Password').fill('open sesame')
    await rowOf('locked.zip').getByRole('button', { name: 'Unlock and import' }).click()
    await expect.poll(() => rowOf('locked.zip').count(), { timeout: 30_000 }).toBe(0)
    expect(await page.content()).not.toContain('open sesame')
  })

  it('are imported with the mapping that is proposed, shown and corrected', async () => {
    await rowOf('tool.csv').getByRole('button', { name: 'Say what its columns mean' }).click()
    await expect
      .poll(() => dialog().getByText('What the first rows become').count(), { timeout: 10_000 })
      .toBe(1)
    expect(await dialog().getByText('2031-05-25 07:08:09').count()).toBeGreaterThan(0)
    expect(await violations(page)).toEqual([])
    await dialog().getByLabel('Process path: Column').selectOption('')
    await expect.poll(() => preview().count()).toBe(0)
    await dialog().getByLabel('Process path: Column').selectOption('Image')
    await expect.poll(() => preview().count()).toBeGreaterThan(0)
    await dialog().getByRole('button', { name: 'Import with this mapping' }).click()
    await expect.poll(() => page.getByRole('dialog').count(), { timeout: 30_000 }).toBe(1)
    await dialog().getByRole('button', { name: 'Go to Evidence' }).click()
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    const items = page.getByRole('table').first()
    for (const name of ['tool.csv', 'trace.csv', 'locked.zip', 'plain.json'])
      await expect
        .poll(() => items.getByText(name, { exact: true }).count(), { timeout: 30_000, message: name })
        .toBe(1)
  })

  it('leave no error behind', () => {
    expect(workbench.messages.filter((line) => /^(error|warning|pageerror)/.test(line))).toEqual([])
  })
})
