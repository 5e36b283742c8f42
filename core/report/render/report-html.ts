import { createHash } from 'node:crypto'
import { drawBlock } from './blocks.ts'
import { countFormat } from './count.ts'
import { REPORT_CSS } from './css.ts'
import { fontFaceCss } from './fonts.ts'
import { pageCss } from './page-css.ts'
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
}

export interface RenderedReport {
  readonly fingerprint: string
  readonly figures: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[]
  /** The whole report as one HTML text. */
  html(): AsyncGenerator<string>
  /** How many documents it is printed as: more than one when a table is too long for a browser's memory. */
  readonly parts: number
  /** The document of one part, from 1. */
  part(number: number): AsyncGenerator<string>
}

export const sha256 = (text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHash('sha256').update(text, 'utf8').digest(encoding)

/** Length of the short form of the fingerprint on every page. */
const SHORT = 16
/** Longer texts would run into the neighbouring box. */
const MAX_EDGE = 60

/** A piece of the drawn report; `continues` pieces are printed as parts of their own. */
interface Piece {
  readonly section: string
  readonly spool: Spool
  readonly continues: boolean
}

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
    const open = (continues: boolean): Spool => {
      const spool = this.#spools.create()
      pieces.push({ section: section.id, spool, continues })
      return spool
    }
    let spool = open(false)
    await spool.add(this.#opening(section))
    for (const [index, block] of section.blocks.entries()) {
      if (index > 0) await spool.add('\n')
      if (block.block !== 'long-table') {
        await spool.add(drawBlock(this.#pen, block))
        continue
      }
      let current = 0
      for await (const { piece, html } of drawLongTable(this.#pen, block, FULL_WIDTH)) {
        if (piece !== current) spool = open(true)
        current = piece
        await spool.add(html)
        onRow()
      }
      if (current > 0) spool = open(false)
    }
    await spool.add('\n</section>')
    for (const piece of pieces) await piece.spool.end()
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
    const label = number === null ? '' : `<span class="number">${number}</span>`
    return `<${level}>${label}${escapeHtml(title)}</${level.split(' ')[0] ?? ''}>`
  }

  /** All sections are drawn. */
  async finish(): Promise<RenderedReport> {
    const ordered = this.#sheet.sections.flatMap(({ id }) => this.#pieces.get(id) ?? [])
    const hash = createHash('sha256')
    for await (const text of mainOf(ordered))
      hash.update(text.replaceAll(FINGERPRINT_MARK, '0'.repeat(64)), 'utf8')
    const fingerprint = hash.digest('hex')
    const continued = ordered.filter(({ continues }) => continues)
    const parts = continued.length + 1
    for (const word of ['part', 'continued', 'continues'] as const)
      for (const face of ['sans-400', 'sans-700'] as const)
        this.#use(face, this.#sheet.say(shared(word, { n: parts, all: parts })))
    const whole = edgesOf(this.#sheet, fingerprint, null)
    this.#use('sans-400', [whole.topRight, whole.bottomLeft, whole.bottomCenter, ...whole.pageWords].join(''))
    this.#use('sans-700', whole.topLeft)
    const fonts = fontFaceCss(this.#used, this.#sheet.lang)
    const document = (main: AsyncIterable<string>, part: number | null) =>
      documentOf(
        this.#sheet,
        fonts,
        edgesOf(this.#sheet, fingerprint, part === null ? null : [part, parts]),
        fingerprint,
        main,
      )
    const first = this.#firstPart(ordered, parts)
    return {
      fingerprint,
      figures: this.#figures.map(({ name, sha256: hashed, bytes }) => ({ name, sha256: hashed, bytes })),
      parts,
      html: () => document(mainOf(ordered), null),
      part: (number) => {
        if (parts === 1) return document(mainOf(ordered), null)
        const piece = continued[number - 2]
        return document(piece === undefined ? first() : this.#continuedPart(piece), number)
      },
    }
  }

  /** All but the pieces that are parts of their own; where they would stand, a line says where they are. */
  #firstPart(ordered: readonly Piece[], parts: number): () => AsyncGenerator<string> {
    const { say } = this.#sheet
    return async function* () {
      yield '<main>\n'
      let number = 1
      for (const [index, piece] of ordered.entries()) {
        if (piece.continues) {
          number += 1
          yield `<p class="note">${escapeHtml(say(shared('continues', { n: number, all: parts })))}</p>`
          continue
        }
        if (index > 0 && ordered[index - 1]?.section !== piece.section) yield '\n'
        yield* piece.spool.read()
      }
      yield '\n</main>'
    }
  }

  async *#continuedPart(piece: Piece): AsyncGenerator<string> {
    const planned = this.#sheet.sections.find(({ id }) => id === piece.section)
    const title = planned === undefined ? '' : this.#title(planned)
    const said = toPlainLine(this.#sheet.say(shared('continued', { title })))
    yield `<main>\n<section class="section flow">${this.#heading('h2', this.#numbers.get(piece.section) ?? null, said)}\n`
    yield* piece.spool.read()
    yield '\n</section>\n</main>'
  }
}

async function* mainOf(pieces: readonly Piece[]): AsyncGenerator<string> {
  yield '<main>\n'
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) yield '\n'
    yield* piece.spool.read()
  }
  yield '\n</main>'
}

async function* documentOf(
  sheet: ReportSheet,
  fonts: string,
  edges: ReturnType<typeof edgesOf>,
  fingerprint: string,
  main: AsyncIterable<string>,
): AsyncGenerator<string> {
  const styles = [fonts, pageCss(edges) + REPORT_CSS]
  const hashes = styles.map((style) => `'sha256-${sha256(style, 'base64')}'`).join(' ')
  const policy = `default-src 'none'; style-src ${hashes}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`
  yield [
    '<!doctype html>',
    `<html lang="${escapeHtml(sheet.lang)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(toPlainLine(defang(sheet.clean(sheet.title))))}</title>`,
    ...styles.map((style) => `<style>${style}</style>`),
    '</head>',
    '<body>',
    '',
  ].join('\n')
  for await (const text of main) yield text.replaceAll(FINGERPRINT_MARK, fingerprint)
  // Margin boxes do not start the loading of a subset: their characters stand in the page once more, unseen.
  const words = [edges.topRight, edges.bottomLeft, edges.bottomCenter, ...edges.pageWords, '0123456789'].join(
    ' ',
  )
  yield `\n<div class="margin-words" aria-hidden="true"><b>${escapeHtml(edges.topLeft)}</b> ${escapeHtml(words)}</div>\n</body>\n</html>\n`
}

function edgesOf(sheet: ReportSheet, fingerprint: string, part: readonly [number, number] | null) {
  const page = sheet.say(shared('page', { page: '\u0001', pages: '\u0002' }))
  const [before = '', rest = ''] = page.split('\u0001')
  const [between = '', after = ''] = rest.split('\u0002')
  const prefix = part === null ? '' : `${sheet.say(shared('part', { n: part[0], all: part[1] }))} · `
  return {
    paper: sheet.paper,
    topLeft: edgeText(sheet.clean(sheet.classification)),
    topRight: edgeText(sheet.clean(sheet.caseName)),
    bottomLeft: `SHA-256 ${fingerprint.slice(0, SHORT)}`,
    bottomCenter: sheet.caseId,
    pageWords: [prefix + before, between, after] as const,
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
