import { describe, expect, it } from 'vitest'
import { ReportSettings } from '../../core/contract/nouns/report.ts'
import { makeReport } from '../../core/report/build.ts'
import { joinPdfs } from '../../core/report/pdf/join.ts'
import { dictOf, listOf } from '../../core/report/pdf/value.ts'
import { printWithChromium } from '../../core/report/print/chromium.ts'
import { fakeAsk, fullAnswers } from '../core/report/fake-case.ts'
import { JoinedPdf } from '../support/joined-pdf.ts'
import { textOfPdf } from '../support/pdf-text.ts'

/** Parts of this size make several of the small case. */
const SMALL = { part: 20_000, whole: 30_000 }

/** The full case printed in parts by the machine's browser, and joined. */
async function printed(
  lang: string,
  paper: 'A4' | 'Letter',
): Promise<{ pdf: Buffer; parts: number; pages: number }> {
  const settings = ReportSettings.parse({ lang, paper, classification: 'TLP:RED' })
  const made = await makeReport(fakeAsk(fullAnswers()), settings, '2026-03-10T12:00:00.000Z', {
    folder: null,
    rowLimit: null,
    limits: SMALL,
    secret: '',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  let pages = 0
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (let part = 1; part <= made.parts; part += 1)
      yield (await printWithChromium(await made.part(part), paper)).pdf
  }
  async function* numbers(count: number): AsyncGenerator<Uint8Array> {
    pages = count
    for (const html of made.pageNumbers(count)) yield (await printWithChromium(html, paper)).pdf
  }
  const chunks: Buffer[] = []
  for await (const chunk of joinPdfs(parts(), numbers, made)) chunks.push(chunk)
  return { pdf: Buffer.concat(chunks), parts: made.parts, pages }
}

describe('a long report printed in parts by the machine’s browser', () => {
  it.each([
    ['en', 'A4', (page: number, pages: number) => `Page ${page} of ${pages}`],
    ['ja', 'Letter', (page: number, pages: number) => `${page} / ${pages} ページ`],
  ] as const)(
    'in %s on %s is one PDF with tags, bookmarks, links and one count of pages',
    async (lang, paper, number) => {
      const { pdf, parts, pages } = await printed(lang, paper)
      expect(parts).toBeGreaterThan(2)
      const read = new JoinedPdf(pdf)
      expect(read.pages().length).toBe(pages)
      const root = read.root()
      const sections = listOf(read.dict(read.dict(root.get('StructTreeRoot')).get('K')).get('K'))
      expect(sections.length).toBe(parts)
      expect(read.bookmarks().filter((title) => /^ {2}\S/.test(title)).length).toBeGreaterThan(15)
      // Citations and the list of contents lead on, also where their place is in another part.
      const places = read.dict(root.get('Dests'))
      const links = read.pages().flatMap((page) => listOf(page.get('Annots')).map((ref) => read.dict(ref)))
      expect(links.length).toBeGreaterThan(30)
      expect(links.filter((link) => !places.has(String(link.get('Dest')).slice(1)))).toEqual([])
      expect(links.filter((link) => link.has('A'))).toEqual([])
      const footers = read
        .pages()
        .map((page) => dictOf(dictOf(page.get('Resources')).get('XObject')).has('RedthreadFooter'))
      expect(footers).toEqual(read.pages().map(() => true))
      const squeezed = textOfPdf(read).map((text) => text.replaceAll(/\s+/g, ''))
      expect(squeezed.length).toBe(pages)
      expect(
        squeezed.filter((text, at) => !text.includes(number(at + 1, pages).replaceAll(' ', ''))),
      ).toEqual([])
      expect(
        squeezed.filter((text) => !text.includes('TLP:RED') || !/SHA-256[0-9a-f]{16}/.test(text)),
      ).toEqual([])
    },
  )
})
