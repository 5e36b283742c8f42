import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ReportSettings } from '../../core/contract/nouns/report.ts'
import { buildReport } from '../../core/report/build.ts'
import { printWithChromium } from '../../core/report/print/chromium.ts'
import { fakeAsk, fullAnswers, plainTexts } from '../core/report/fake-case.ts'
import { textOfPdf } from '../support/pdf-text.ts'
import { PdfFile } from '../../core/report/pdf/file.ts'
import { launchChromium } from '../support/chromium.ts'

/** All of a PDF as text with its compressed streams opened; enough to look for objects. */
function opened(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf)
  const parts = [bytes.toString('latin1')]
  for (let at = bytes.indexOf('stream\n'); at !== -1; at = bytes.indexOf('stream\n', at + 7)) {
    const body = bytes.subarray(at + 7, bytes.indexOf('endstream', at))
    if (body[0] === 0x78) parts.push(inflateSync(body, { finishFlush: 2 }).toString('latin1'))
  }
  return parts.join('\n')
}

let before: string | undefined
let folder = ''
beforeEach(() => {
  before = process.env['TMPDIR']
  folder = mkdtempSync(join(tmpdir(), 'redthread-e2e-'))
  process.env['TMPDIR'] = folder
})
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true })
})

describe('a report printed by the machine’s browser', () => {
  it.each([
    ['en', 'A4', [595, 842], (page: number, pages: number) => `Page${page}of${pages}`],
    ['zh-TW', 'Letter', [612, 792], (page: number, pages: number) => `第${page}頁，共${pages}頁`],
    ['ja', 'A4', [595, 842], (page: number, pages: number) => `${page}/${pages}ページ`],
  ] as const)(
    'in %s on %s has pages of that size, bookmarks, embedded faces and no link outside',
    async (lang, paper, [width, height], number) => {
      const settings = ReportSettings.parse({ lang, paper, classification: 'TLP:RED 機密' })
      const ask = fakeAsk(fullAnswers())
      const info = await ask('case.info', {})
      const { html, fingerprint } = await buildReport(ask, settings, '2026-03-10T12:00:00.000Z')
      const { pdf, by } = await printWithChromium(html, paper)
      expect(by).not.toBe('')
      const text = opened(pdf)
      const boxes = [...text.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)]
      expect(boxes.length).toBeGreaterThan(8)
      expect(
        boxes.every(([, w, h]) => Math.abs(Number(w) - width) < 1 && Math.abs(Number(h) - height) < 1),
      ).toBe(true)
      // Page x of y, case, classification and fingerprint stand on every page.
      const pages = textOfPdf(new PdfFile(pdf)).map((one) => one.replaceAll(/\s+/g, ''))
      const furniture = (at: number): readonly string[] => [
        number(at + 1, pages.length),
        'TLP:RED機密',
        `SHA-256${fingerprint.slice(0, 16)}`,
        info?.caseId ?? '?',
      ]
      expect(pages.length).toBe(boxes.length)
      expect(pages.filter((one, at) => !furniture(at).every((words) => one.includes(words)))).toEqual([])
      expect(text).toMatch(/\/Outlines/)
      expect(text).toMatch(/\/StructTreeRoot/)
      expect(text.match(/\/URI\s*\(/g)).toBeNull()
      expect(text.match(/\/Subtype\s*\/Image/g)).toBeNull()
      // Faces that are not ours, and Type 3, which a missing bold or a variable face would become.
      const faces = [
        ...new Set([...text.matchAll(/\/BaseFont\s*\/[A-Z]{6}\+([A-Za-z]+)/g)].map(([, name]) => name)),
      ]
      expect(faces.filter((name) => !/^(Inter|JetBrainsMono|NotoSans(TC|JP))/.test(name ?? ''))).toEqual([])
      expect(text.match(/\/Subtype\s*\/Type3/g)).toBeNull()
    },
  )

  it('keeps its type as large as ever when evidence holds words without end', async () => {
    const endless = 'W'.repeat(500)
    const texts = {
      ...plainTexts,
      subject: endless,
      user: endless,
      endpoint: endless,
      url: `https://a.example/${endless}`,
    }
    const { html } = await buildReport(
      fakeAsk(fullAnswers(texts)),
      ReportSettings.parse({}),
      '2026-03-10T12:00:00.000Z',
    )
    const browser = await launchChromium()
    const page = await browser.newPage({ viewport: { width: 665, height: 900 } })
    await page.emulateMedia({ media: 'print' })
    await page.setContent(html)
    // Chromium shrinks the pages of a document that is wider than its paper (176 mm of text on A4).
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    await browser.close()
    expect(width).toBe(665)
  })

  it('leaves nothing behind in the temporary folder', async () => {
    await printWithChromium('<!doctype html><title>x</title><p>x</p>', 'A4')
    expect(readdirSync(folder)).toEqual([])
  })
})
