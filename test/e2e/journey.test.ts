import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { redthreadJson } from '../support/cli.ts'
import { openInBrowser, openOnDesktop, type JourneyHost } from '../support/journey-host.ts'
import { windowsLines } from '../support/workbench.ts'

// The machine may be busy; nothing here waits longer than it has to.
const PATIENCE = { timeout: 60_000 }
/** Records of the import that is cancelled. */
const LARGE = 150_000
const EvidenceList = z.object({
  evidence: z.array(z.object({ name: z.string(), status: z.string(), stored: z.number() })),
})

describe.each([
  ['browser mode', openInBrowser],
  ['the desktop, over a double of Electron', openOnDesktop],
] as const)('a day with the workbench in %s', (_, open) => {
  let host: JourneyHost
  const page = (): Page => host.page
  beforeAll(async () => {
    host = await open()
  })
  afterAll(() => host.close())

  const dialog = (): Locator => page().getByRole('dialog').last()
  const screen = async (name: string): Promise<void> => {
    await page().getByRole('navigation').first().getByText(name, { exact: true }).click()
    await page().getByRole('main', { name, exact: true }).waitFor()
  }
  const command = async (id: string): Promise<void> => {
    await page().keyboard.press('Control+k')
    await page().locator(`[data-command="${id}"]`).click()
  }
  const evidenceCount = async (): Promise<number> => {
    // A running job takes the place of the counts for a moment.
    const count = async (): Promise<number> => {
      const text = await page().locator('footer').last().innerText()
      return Number(/Evidence: (\d+)/u.exec(text)?.[1] ?? -1)
    }
    await expect.poll(count, PATIENCE).toBeGreaterThanOrEqual(0)
    return await count()
  }
  /** Lets files fall onto the window, as a person who drags them does; the host then asks where they are. */
  const dropFiles = async (): Promise<void> => {
    const files = await page().evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['x'], 'dragged.json'))
      return transfer
    })
    await page().dispatchEvent('main', 'dragover', { dataTransfer: files })
    await page().dispatchEvent('main', 'drop', { dataTransfer: files })
  }
  const closeDialogs = async (): Promise<void> => {
    await expect
      .poll(async () => {
        const open = await page().getByRole('dialog').count()
        if (open > 0) await page().keyboard.press('Escape')
        return open
      }, PATIENCE)
      .toBe(0)
  }
  /** The dialog that says what became of a file, not the one that asked for it: both name the file. */
  const summaryNames = (file: string): Promise<void> =>
    page().getByRole('dialog', { name: 'What the import took' }).getByText(file).first().waitFor(PATIENCE)

  it('imports by drag and drop', async () => {
    const before = await evidenceCount()
    const path = join(host.folder, 'dropped.json')
    await writeFile(path, windowsLines(20, 'ws77.corp.example'))
    await host.choose(path, dropFiles)
    await dialog().getByText('dropped.json').waitFor()
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await expect.poll(evidenceCount, PATIENCE).toBe(before + 1)
    await closeDialogs()
  })

  it('says politely that it has a file already, and what cannot be read', async () => {
    const before = await evidenceCount()
    await host.choose(join(host.folder, 'dropped.json'), dropFiles)
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await summaryNames('dropped.json')
    await closeDialogs()
    const path = join(host.folder, 'noise.bin')
    await writeFile(
      path,
      Uint8Array.from({ length: 5000 }, (_value, at) => (at * 7919) % 251),
    )
    await host.choose(path, dropFiles)
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await summaryNames('noise.bin')
    expect(await page().locator('body').innerText()).not.toMatch(/internal|undefined|\bError:/u)
    await closeDialogs()
    expect(await evidenceCount()).toBe(before)
  })

  it('cancels an import, and the case is whole afterwards', async () => {
    const before = await evidenceCount()
    const path = join(host.folder, 'large.json')
    await writeFile(path, windowsLines(LARGE, 'ws88.corp.example'))
    await host.choose(path, dropFiles)
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await page().locator('footer').last().getByRole('button', { name: 'Cancel' }).click(PATIENCE)
    await expect
      .poll(() => page().locator('footer').last().getByText('No job is running').count(), PATIENCE)
      .toBe(1)
    await closeDialogs()
    // Either nothing of it is there, or what was read before the cancel is, and says so.
    const casePath = join(host.folder, 'demo.redthread')
    const listed = (await redthreadJson(['evidence', casePath])).document
    const found = EvidenceList.parse(listed).evidence.filter((row) => row.name === 'large.json')
    expect(found.map((row) => row.status)).toEqual(found.map(() => 'cancelled'))
    for (const row of found) expect(row.stored).toBeLessThan(LARGE)
    expect(await evidenceCount()).toBe(before + found.length)
    await screen('Evidence')
    await page().getByRole('table').first().waitFor()
    expect(await page().getByRole('main').innerText()).not.toMatch(/internal/u)
    expect((await redthreadJson(['verify', casePath])).document).toMatchObject({ ok: true })
  })

  it('says in the foot of a small window, too, what the case covers', async () => {
    const size = page().viewportSize() ?? { width: 1440, height: 900 }
    await page().setViewportSize({ width: 1024, height: 700 })
    const foot = page().locator('footer').last()
    const text = foot.getByText(/^Evidence: \d+$/u)
    await text.waitFor(PATIENCE)
    const box = await text.boundingBox()
    expect((box?.x ?? 1024) + (box?.width ?? 0)).toBeLessThan(1024)
    expect(await foot.evaluate((bar) => bar.scrollWidth <= bar.clientWidth)).toBe(true)
    // Nor does the zone of an item go without a word where its column has no room.
    await screen('Evidence')
    const cell = page().locator('main tbody td.name').first()
    await cell.waitFor(PATIENCE)
    expect(await page().locator('main th', { hasText: 'Zone' }).isVisible()).toBe(false)
    expect(await cell.innerText()).toMatch(/Zone:\s*(?:as recorded|UTC|[A-Z][a-z]+\/[A-Z][a-z]+)/u)
    await page().setViewportSize(size)
  })

  it('goes from every claim of a story to the record that proves it', async () => {
    await screen('Story')
    const claims = page().locator('main .claim')
    await claims.first().waitFor(PATIENCE)
    const inspector = page().getByRole('complementary')
    expect(await claims.count()).toBeGreaterThan(5)
    for (const claim of await claims.all()) {
      await claim.locator('.proof .text-link').first().click(PATIENCE)
      // A relation or detection lists its events or records; an event shows its record at once.
      const listed = inspector
        .locator('.text-link, button')
        .filter({ hasText: /row|record|message|bytes|line/u })
      const raw = inspector.locator('pre, .raw')
      await expect.poll(async () => (await listed.count()) + (await raw.count()), PATIENCE).toBeGreaterThan(0)
      if ((await raw.count()) === 0) await listed.first().click(PATIENCE)
      await expect.poll(() => raw.count(), PATIENCE).toBeGreaterThan(0)
      expect((await raw.first().innerText()).trim(), await claim.innerText()).not.toBe('')
    }
  })

  it('finds the way from the mail to the server, and shows what proves a hop of it', async () => {
    await screen('Graph')
    const pick = async (field: string, name: string): Promise<void> => {
      const box = page().getByRole('combobox', { name: field, exact: true })
      await box.fill(name)
      await page()
        .getByRole('listbox', { name: field, exact: true })
        .getByRole('option')
        .filter({ hasText: name })
        .first()
        .click(PATIENCE)
    }
    await pick('From', 'Lieferavis 48213')
    await pick('To', 'ML-FS01')
    await page().getByLabel('Observed only').check()
    await page().getByRole('button', { name: 'Find paths' }).click()
    const hops = page().getByRole('region', { name: 'Attack path' }).locator('tbody tr')
    await expect.poll(() => hops.count(), PATIENCE).toBeGreaterThan(1)
    expect((await hops.last().innerText()).includes('ML-FS01')).toBe(true)
    await hops.first().getByRole('button').nth(1).click()
    await page().getByRole('complementary').getByText('Can be wrong when').waitFor(PATIENCE)
  })

  it('keeps what the analyst says, and takes it back by key', async () => {
    await screen('Mail')
    await page().locator('.virtual-row').first().click()
    await page().keyboard.press('n')
    await page().locator('textarea').last().fill('Invoice **nobody** ordered')
    await page().keyboard.press('Control+Enter')
    await expect.poll(() => page().getByRole('dialog').count(), PATIENCE).toBe(0)
    await page().keyboard.press('f')
    const marks = () => page().locator('.virtual-row').first().innerText()
    await expect.poll(marks, PATIENCE).toMatch(/Flag · Note|Note · Flag/u)
    await page().keyboard.press('Control+z')
    await expect.poll(marks, PATIENCE).not.toContain('Flag')
    await page().keyboard.press('Control+y')
    await expect.poll(marks, PATIENCE).toContain('Flag')
  })

  it('goes from a retro scan over the plan to a file for another system', async () => {
    await screen('Reputation')
    await command('retro')
    await expect
      .poll(() => page().locator('footer').last().getByText('No job is running').count(), PATIENCE)
      .toBe(1)
    await page().getByRole('main').getByRole('tab', { name: 'Plan', exact: true }).click()
    const main = page().getByRole('main')
    // The first chooses all steps, the second those of a kind.
    await main.getByRole('checkbox').nth(2).check(PATIENCE)
    await main.getByRole('button', { name: 'Approve', exact: true }).click()
    const path = join(host.folder, 'plan.json')
    await main.getByLabel('Write as').selectOption('json')
    const write = main.getByRole('button', { name: 'Write approved steps' })
    await expect.poll(() => write.isEnabled(), PATIENCE).toBe(true)
    await host.choose(path, () => write.click())
    await expect.poll(() => existsSync(path), PATIENCE).toBe(true)
    // One step was approved: the file has that one, done there or left to be done by hand.
    expect(readFileSync(path, 'utf8').match(/"why": "/gu)).toHaveLength(1)
  })

  it('writes the report as PDF', async () => {
    await screen('Report')
    const path = join(host.folder, 'report.pdf')
    await host.choose(path, () => page().getByRole('button', { name: 'Save PDF' }).click(PATIENCE))
    await expect
      .poll(() => existsSync(path) && readFileSync(path).subarray(0, 5).toString('latin1'), {
        timeout: 100_000,
      })
      .toBe('%PDF-')
  })

  it('speaks another language at once, and remembers everything after a restart', async () => {
    await command('theme-contrast')
    await command('language-zh-TW')
    await expect.poll(() => page().evaluate(() => document.documentElement.lang)).toBe('zh-TW')
    await page().getByRole('navigation').first().getByText('郵件', { exact: true }).click()
    await page().getByRole('main', { name: '郵件' }).waitFor()
    // A zone of one's own, and a panel of another width: of this user. The case keeps its zone.
    const zones = () => page().locator('.zones select')
    const openZones = async (): Promise<void> => {
      await page().locator('header button.num').first().click()
      await zones().first().waitFor()
    }
    await openZones()
    await zones().first().selectOption('Asia/Taipei')
    await page().keyboard.press('Escape')
    const edge = () => page().locator('main [role="separator"]').first()
    await edge().focus()
    await page().keyboard.press('ArrowRight')
    await page().keyboard.press('ArrowRight')
    const width = await edge().getAttribute('aria-valuenow')
    const kept = join(host.folder, 'preferences.json')
    await expect
      .poll(() => (existsSync(kept) ? readFileSync(kept, 'utf8') : ''), PATIENCE)
      .toContain(`"panel.mail.list": ${width}`)
    await host.restart()
    expect(
      await page().evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
    ).toEqual(['zh-TW', 'contrast'])
    expect(await page().locator('header button.num').first().innerText()).toContain('Asia/Taipei')
    await openZones()
    expect(await zones().last().inputValue()).toBe('UTC')
    await page().keyboard.press('Escape')
    await page().getByRole('navigation').first().getByText('郵件', { exact: true }).click()
    await expect.poll(() => edge().getAttribute('aria-valuenow'), PATIENCE).toBe(width)
    await expect.poll(() => page().locator('.virtual-row .marks-cell').count(), PATIENCE).toBe(1)
    await command('work-list')
    await dialog().getByText('nobody', { exact: true }).waitFor()
    await page().keyboard.press('Escape')
  })
})
