import { describe, expect, it } from 'vitest'
import { joinPdfs } from '../../../../core/report/pdf/join.ts'
import { dictOf, listOf, PdfRef, pdfText, type PdfValue } from '../../../../core/report/pdf/value.ts'
import { JoinedPdf } from '../../../support/joined-pdf.ts'
import { printedPdf, type PrintedPage } from '../../../support/printed-pdf.ts'

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function join(parts: readonly (readonly PrintedPage[])[], perSheet = 2): Promise<JoinedPdf> {
  const numbers = (pages: number): AsyncGenerator<Buffer> => {
    const sheets = Array.from({ length: pages }, (_, at) => ({ text: `page ${at + 1} of ${pages}` }))
    const documents = []
    for (let from = 0; from < pages; from += perSheet)
      documents.push(printedPdf(sheets.slice(from, from + perSheet)))
    return each(documents)
  }
  const chunks: Buffer[] = []
  const info = { title: 'Fall 山', fingerprint: 'ab'.repeat(32) }
  for await (const chunk of joinPdfs(each(parts.map((part) => printedPdf(part))), numbers, info))
    chunks.push(chunk)
  return new JoinedPdf(Buffer.concat(chunks))
}

const three = [
  [
    { text: 'cover', heading: [1, 'Title'] },
    { text: 'contents', link: 'redthread:far', heading: [2, 'One'] },
  ],
  [{ text: 'rows', heading: [3, 'Rows'] }],
  [{ text: 'annex', place: 'far', heading: [2, 'Two'], link: 'https://outside.example/' }],
] as const satisfies readonly (readonly PrintedPage[])[]

/** What a page draws: its own content and the footer. */
const drawn = (pdf: JoinedPdf, page: ReturnType<JoinedPdf['pages']>[number]): string => {
  const form = dictOf(dictOf(page.get('Resources')).get('XObject')).get('RedthreadFooter')
  return [...listOf(page.get('Contents')), form ?? 'null'].map((ref) => pdf.body(ref)).join('|')
}

describe('parts of a report joined into one PDF', () => {
  it('have their pages in order, each with its number in the whole', async () => {
    const pdf = await join(three)
    const texts = pdf
      .pages()
      .map((page) => [...drawn(pdf, page).matchAll(/BT \((.*?)\) Tj/g)].map(([, text]) => text))
    expect(texts).toEqual([
      ['cover', 'page 1 of 4'],
      ['contents', 'page 2 of 4'],
      ['rows', 'page 3 of 4'],
      ['annex', 'page 4 of 4'],
    ])
  })

  it('draw the number as a footer that readers skip, whatever the page did to its axes', async () => {
    const pdf = await join(three)
    const [before = '', own = '', after = ''] = drawn(pdf, pdf.pages()[0] ?? new Map()).split('|')
    expect(before.trim()).toBe('q')
    expect(own).toContain('cover')
    expect(after).toMatch(/^\s*Q\s+\/Artifact .*BDC\s+q \/RedthreadFooter Do Q\s+EMC\s*$/s)
  })

  it('turn a link into another part into a place of the file, and drop a link that leads outside', async () => {
    const pdf = await join(three)
    const links = pdf.pages().flatMap((page) => listOf(page.get('Annots')).map((ref) => pdf.dict(ref)))
    expect(links.map((link) => [link.get('Dest'), link.has('A')])).toEqual([
      ['/far', false],
      [undefined, false],
    ])
    const place = listOf(pdf.dict(pdf.root().get('Dests')).get('far'))
    expect(drawn(pdf, pdf.dict(place[0]))).toContain('annex')
  })

  it('have one tree of bookmarks by the level of each heading', async () => {
    const pdf = await join(three)
    expect(pdf.bookmarks()).toEqual(['(Title)', '  (One)', '    (Rows)', '  (Two)'])
  })

  it('have one tree of tags: a key of its own for every page and link, names of header cells kept apart', async () => {
    const pdf = await join(three)
    const tags = pdf.dict(pdf.root().get('StructTreeRoot'))
    const document = pdf.dict(tags.get('K'))
    expect(listOf(document.get('K')).map((part) => pdf.dict(part).get('S'))).toEqual([
      '/Part',
      '/Part',
      '/Part',
    ])
    const leaves = (root: PdfValue | undefined, key: string) =>
      listOf(pdf.dict(root).get('Kids')).flatMap((leaf) => listOf(pdf.dict(leaf).get(key)))
    const keys = leaves(tags.get('ParentTree'), 'Nums').filter((_, at) => at % 2 === 0)
    const used = pdf
      .pages()
      .flatMap((page) => [
        page.get('StructParents'),
        ...listOf(page.get('Annots')).map((ref) => pdf.dict(ref).get('StructParent')),
      ])
    expect(keys.map(Number)).toEqual(keys.map((_, at) => at))
    expect(used.map(Number).sort((a, b) => a - b)).toEqual(keys.map(Number))
    const names = leaves(tags.get('IDTree'), 'Names').filter((_, at) => at % 2 === 0)
    expect(new Set(names).size).toBe(4)
    const element = listOf(pdf.dict(listOf(document.get('K'))[1]).get('K')).map((ref) => pdf.dict(ref))[0]
    expect(names).toContain(element?.get('ID'))
    expect(pdfText(element?.get('A') ?? '')).toContain(pdfText(element?.get('ID') ?? '-'))
  })

  it('name no object that is not in the file', async () => {
    const pdf = await join(three)
    const refs = (value: PdfValue): readonly number[] =>
      value instanceof PdfRef
        ? [value.id]
        : value instanceof Map
          ? [...value.values()].flatMap(refs)
          : typeof value === 'string'
            ? []
            : value.flatMap(refs)
    const there = new Set(pdf.ids())
    const named = pdf.ids().flatMap((id) => refs(pdf.get(new PdfRef(id))))
    expect(named.filter((id) => !there.has(id))).toEqual([])
    expect(named.length).toBeGreaterThan(30)
  })

  it('say the title and the fingerprint of the report, and nothing of the machine', async () => {
    const pdf = await join(three)
    const info = pdf.dict(pdf.trailer.get('Info'))
    expect([...info.keys()]).toEqual(['Title', 'Creator', 'Producer', 'CreationDate'])
    expect(info.get('Title')).toBe('<FEFF00460061006c006c00205c71>')
    expect(pdf.trailer.get('ID')).toEqual([`<${'ab'.repeat(16)}>`, `<${'ab'.repeat(16)}>`])
  })

  it('have pages in nodes of nodes when there are hundreds', async () => {
    const pages = Array.from({ length: 150 }, (_, at) => ({ text: `p${at}` }))
    const pdf = await join([pages.slice(0, 100), pages.slice(100)], 50)
    expect(pdf.pages().map((page) => /BT \((p\d+)\)/.exec(drawn(pdf, page))?.[1])).toEqual(
      pages.map(({ text }) => text),
    )
    expect(listOf(pdf.dict(pdf.root().get('Pages')).get('Kids')).length).toBe(3)
  })

  it.each([
    ['no PDF', Buffer.from('<html>')],
    ['a cut one', printedPdf([{ text: 'x' }]).subarray(0, 300)],
    [
      'one whose table points elsewhere',
      Buffer.from(
        printedPdf([{ text: 'x' }])
          .toString('latin1')
          .replace(/0000000\d\d\d 00000 n/, '0000000001 00000 n'),
        'latin1',
      ),
    ],
    [
      'one that nests without end',
      Buffer.from(
        printedPdf([{ text: 'x' }])
          .toString('latin1')
          .replace('/ProcSet', `/X ${'['.repeat(80)}`),
        'latin1',
      ),
    ],
  ])('are refused when one is %s', async (_what, bytes) => {
    const run = async () => {
      for await (const chunk of joinPdfs(each([bytes]), () => each([]), { title: '', fingerprint: '' }))
        void chunk
    }
    await expect(run()).rejects.toMatchObject({ code: 'report.unjoined' })
  })
})
