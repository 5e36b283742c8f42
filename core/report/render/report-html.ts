import { createHash } from 'node:crypto'
import { drawBlock } from './blocks.ts'
import { countFormat } from './count.ts'
import { REPORT_CSS } from './css.ts'
import { fontFaceCss } from './fonts.ts'
import { pageCss } from './page-css.ts'
import { pageNumberSheets } from './page-numbers.ts'
import { partBody, partsOf, type Piece } from './parts.ts'
import { FINGERPRINT_MARK, FULL_WIDTH, type Face, type Pen } from './pen.ts'
import type { Spool, Spools } from './spool.ts'
import { drawLongTable } from './tables.ts'
import { defang, escapeHtml, toPlainLine } from './text.ts'
import type { BuiltSection, Words } from '../document.ts'
import { shared } from '../words.ts'

/** A section of the report before it is built. */
export interface PlannedSection {
  readonly id: string
  readonly title: Words
  readonly layout: BuiltSection['layout']
  readonly within: string | null
}

export interface ReportSheet {
  readonly lang: string
  readonly paper: 'A4' | 'Letter'
  /** Document title and text of the page edges; from the analyst or the case. */
  readonly title: string
  readonly classification: string
  readonly caseName: string
  readonly caseId: string
  readonly say: (text: Words) => string
  readonly clean: (text: string) => string
  /** Whether the appendix has something by this name. */
  readonly hasTarget: (ref: string) => boolean
  readonly sections: readonly PlannedSection[]
  /** Characters of HTML printed at once, and of a report that is printed whole. */
  readonly limits: { readonly part: number; readonly whole: number }
}

export interface RenderedReport {
  /** Title of the document. */
  readonly title: string
  readonly fingerprint: string
  readonly figures: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[]
  /** The whole report as one HTML text. */
  html(): AsyncGenerator<string>
  /** How many documents it is printed as: more than one when it is too long for a browser's memory. */
  readonly parts: number
  /** The document of one part, from 1; parts carry no page numbers. */
  part(number: number): Promise<string>
  /** Documents of sheets with the number of each page, for a report in parts. */
  pageNumbers(pages: number): Generator<string>
}

export const sha256 = (text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHash('sha256').update(text, 'utf8').digest(encoding)

/** Length of the short form of the fingerprint on every page. */
const SHORT = 16
/** Longer texts would run into the neighbouring box. */
const MAX_EDGE = 60

/**
 * Draws sections one by one, in any order, and puts them together: one HTML text that needs nothing else, no script, no link, no
 * file, no network. What is drawn is not kept in memory when the spools have a folder.
 * The fingerprint is the SHA-256 of the text from `<main` to `</main>` with the fingerprint itself written as 64 zeros.
 */
export class ReportRenderer {
  readonly #sheet: ReportSheet
  readonly #spools: Spools
  readonly #used = new Map<Face, Set<string>>()
  readonly #pieces = new Map<string, readonly Piece[]>()
  readonly #figures: { readonly name: string; readonly title: string; sha256: string; bytes: number }[] = []
  readonly #numbers: ReadonlyMap<string, string | null>
  readonly #pen: Pen

  constructor(sheet: ReportSheet, spools: Spools) {
    this.#sheet = sheet
    this.#spools = spools
    this.#numbers = numberSections(sheet.sections)
    this.#pen = {
      say: sheet.say,
      clean: sheet.clean,
      count: countFormat(sheet.lang),
      use: (face, text) => this.#use(face, text),
      figure: (title) => this.#figure(title),
      hasTarget: sheet.hasTarget,
      figures: () => this.#figures.map(({ title }, index) => ({ number: index + 1, title })),
      contents: sheet.sections.flatMap((section) => {
        const number = this.#numbers.get(section.id) ?? null
        if (number === null || section.layout === 'cover') return []
        const isPart = number.includes('.')
        return [{ number, id: `section-${section.id}`, title: this.#title(section), isPart }]
      }),
    }
    // Hidden characters are drawn as `U+202E`; digits and the frame's letters are always needed.
    for (const face of ['sans-400', 'sans-700', 'mono-400'] as const) this.#use(face, 'U+0123456789ABCDEF…')
  }

  #use(face: Face, text: string): void {
    const set = this.#used.get(face) ?? new Set<string>()
    for (const character of text) set.add(character)
    this.#used.set(face, set)
  }

  #figure(title: string): ReturnType<Pen['figure']> {
    const number = this.#figures.length + 1
    const figure = { name: `figure-${number}`, title, sha256: '', bytes: 0 }
    this.#figures.push(figure)
    return {
      number,
      note(svg) {
        figure.sha256 = sha256(svg)
        figure.bytes = Buffer.byteLength(svg)
      },
    }
  }

  #title(section: PlannedSection): string {
    return toPlainLine(this.#sheet.say(section.title))
  }

  /** @param onRow called for every row of a long table; may throw to stop */
  async draw(section: BuiltSection, onRow: () => void = () => undefined): Promise<void> {
    const pieces: Piece[] = []
    const open = (rows: Piece['rows']): Spool => {
      const spool = this.#spools.create()
      pieces.push({ section: section.id, spool, opens: pieces.length === 0, closes: false, rows })
      return spool
    }
    let spool = open(null)
    await spool.add(this.#opening(section))
    for (const [index, block] of section.blocks.entries()) {
      if (index > 0) await spool.add('\n')
      if (block.block !== 'long-table') {
        await spool.add(drawBlock(this.#pen, block))
        // A heading stays with what follows it.
        if (spool.characters > this.#sheet.limits.part / 4 && block.block !== 'heading') spool = open(null)
        continue
      }
      let [current, done] = [0, 0]
      for await (const { piece, html, rows } of drawLongTable(
        this.#pen,
        block,
        FULL_WIDTH,
        this.#sheet.limits.part,
      )) {
        if (piece !== current) spool = open({ before: done, end: done })
        current = piece
        await spool.add(html)
        const openRows = pieces.at(-1)?.rows
        done += rows
        if (openRows != null) openRows.end = done
        if (rows > 0) onRow()
      }
      if (current > 0) spool = open(null)
    }
    await spool.add('\n</section>')
    for (const [index, piece] of pieces.entries()) {
      piece.closes = index === pieces.length - 1
      await piece.spool.end()
    }
    this.#pieces.set(section.id, pieces)
  }

  #opening(section: BuiltSection): string {
    const planned = this.#sheet.sections.find(({ id }) => id === section.id)
    const number = this.#numbers.get(section.id) ?? null
    const title = planned === undefined ? '' : this.#title(planned)
    const startsPage = section.layout === 'contents' || section.layout === 'page'
    const looks = [
      'section',
      section.layout === 'cover' ? 'cover' : 'flow',
      ...(startsPage ? ['starts-page'] : []),
    ]
    const level = number?.includes('.') === true ? 'h3 class="part-title"' : 'h2'
    const heading = section.layout === 'cover' ? '' : `${this.#heading(level, number, title)}\n`
    return `<section class="${looks.join(' ')}" id="section-${section.id}">\n${heading}`
  }

  #heading(level: string, number: string | null, title: string): string {
    this.#use('sans-700', `${title}${number ?? ''}`)
    this.#use('sans-400', number ?? '')
    const label = number === null ? '' : `<span class="number">${number}</span> `
    return `<${level}>${label}${escapeHtml(title)}</${level.split(' ')[0] ?? ''}>`
  }

  /** All sections are drawn. */
  async finish(): Promise<RenderedReport> {
    const ordered = this.#sheet.sections.flatMap(({ id }) => this.#pieces.get(id) ?? [])
    const hash = createHash('sha256')
    for await (const text of mainOf(ordered))
      hash.update(text.replaceAll(FINGERPRINT_MARK, '0'.repeat(64)), 'utf8')
    const fingerprint = hash.digest('hex')
    const parts = partsOf(ordered, this.#sheet.limits)
    const edges = edgesOf(this.#sheet, fingerprint)
    const rowsHeading = (piece: Piece) => this.#rowsHeading(piece)
    for (const piece of ordered) if (piece.rows !== null) rowsHeading(piece)
    this.#use('sans-400', [edges.topRight, edges.bottomLeft, edges.bottomCenter, ...edges.pageWords].join(''))
    this.#use('sans-700', edges.topLeft)
    const fonts = fontFaceCss(this.#used, this.#sheet.lang)
    const whole = () =>
      documentOf(this.#sheet, [fonts, pageCss(edges) + REPORT_CSS], edges, fingerprint, mainOf(ordered))
    return {
      title: documentTitle(this.#sheet),
      fingerprint,
      figures: this.#figures.map(({ name, sha256: hashed, bytes }) => ({ name, sha256: hashed, bytes })),
      parts: parts.length,
      html: whole,
      part: async (number) => {
        if (parts.length === 1) return await joined(whole())
        const styles = [fonts, pageCss({ ...edges, pageWords: null }) + REPORT_CSS]
        const body = await partBody(parts[number - 1] ?? [], rowsHeading)
        return await joined(documentOf(this.#sheet, styles, edges, fingerprint, [body]))
      },
      pageNumbers: (pages) => this.#pageNumbers(fonts, pages),
    }
  }

  /** Also a bookmark: the way to a row of a table of a thousand pages. */
  #rowsHeading({ section, rows }: Piece): string {
    const planned = this.#sheet.sections.find(({ id }) => id === section)
    const { count } = this.#pen
    const text = this.#sheet.say(
      shared('rows', {
        title: planned === undefined ? '' : this.#title(planned),
        from: count((rows?.before ?? 0) + 1),
        to: count(rows?.end ?? 0),
      }),
    )
    this.#use('sans-700', text)
    return `<h3>${escapeHtml(toPlainLine(text))}</h3>\n`
  }

  *#pageNumbers(fonts: string, pages: number): Generator<string> {
    const { lang, paper, say } = this.#sheet
    const words = (page: number) => say(shared('page', { page: String(page), pages: String(pages) }))
    for (const { css, body } of pageNumberSheets(paper, pages, words))
      yield `${headOf(lang, '', [fonts, css])}${body}\n</body>\n</html>\n`
  }
}

async function joined(texts: AsyncIterable<string>): Promise<string> {
  const chunks: string[] = []
  for await (const text of texts) chunks.push(text)
  return chunks.join('')
}

async function* mainOf(pieces: readonly Piece[]): AsyncGenerator<string> {
  yield '<main>\n'
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) yield '\n'
    yield* piece.spool.read()
  }
  yield '\n</main>'
}

/** A page up to its body: nothing of it runs, and nothing is loaded. */
function headOf(lang: string, title: string, styles: readonly string[]): string {
  const hashes = styles.map((style) => `'sha256-${sha256(style, 'base64')}'`).join(' ')
  const policy = `default-src 'none'; style-src ${hashes}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(lang)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title>`,
    ...styles.map((style) => `<style>${style}</style>`),
    '</head>',
    '<body>',
    '',
  ].join('\n')
}

/** Title of the document, as its window shows it. */
const documentTitle = (sheet: ReportSheet): string => toPlainLine(defang(sheet.clean(sheet.title)))

async function* documentOf(
  sheet: ReportSheet,
  styles: readonly string[],
  edges: ReturnType<typeof edgesOf>,
  fingerprint: string,
  main: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  yield headOf(sheet.lang, documentTitle(sheet), styles)
  for await (const text of main) yield text.replaceAll(FINGERPRINT_MARK, fingerprint)
  // Margin boxes do not start the loading of a subset: their characters stand in the page once more, unseen.
  const words = [edges.topRight, edges.bottomLeft, edges.bottomCenter, ...edges.pageWords, '0123456789'].join(
    ' ',
  )
  yield `\n<div class="margin-words" aria-hidden="true"><b>${escapeHtml(edges.topLeft)}</b> ${escapeHtml(words)}</div>\n</body>\n</html>\n`
}

function edgesOf(sheet: ReportSheet, fingerprint: string) {
  const page = sheet.say(shared('page', { page: '\u0001', pages: '\u0002' }))
  const [before = '', rest = ''] = page.split('\u0001')
  const [between = '', after = ''] = rest.split('\u0002')
  return {
    paper: sheet.paper,
    topLeft: edgeText(sheet.clean(sheet.classification)),
    topRight: edgeText(sheet.clean(sheet.caseName)),
    bottomLeft: `SHA-256 ${fingerprint.slice(0, SHORT)}`,
    bottomCenter: sheet.caseId,
    pageWords: [before, between, after] as const,
  }
}

const edgeText = (text: string): string => {
  const line = [...toPlainLine(defang(text))]
  return line.length <= MAX_EDGE ? line.join('') : `${line.slice(0, MAX_EDGE - 1).join('')}…`
}

/** Numbers by section: the cover counts and shows none, the contents do not count, parts are numbered under their section. */
function numberSections(sections: readonly PlannedSection[]): ReadonlyMap<string, string | null> {
  const numbers = new Map<string, string | null>()
  const parts = new Map<string, number>()
  let count = 0
  for (const { id, layout, within } of sections) {
    const above = within === null ? null : (numbers.get(within) ?? null)
    if (layout === 'contents') numbers.set(id, null)
    else if (within !== null && above !== null) {
      const part = (parts.get(within) ?? 0) + 1
      parts.set(within, part)
      numbers.set(id, `${above}.${part}`)
    } else numbers.set(id, String((count += 1)))
  }
  return numbers
}
