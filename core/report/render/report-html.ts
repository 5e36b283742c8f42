import { createHash } from 'node:crypto'
import { drawBlock } from './blocks.ts'
import { countFormat } from './count.ts'
import { REPORT_CSS } from './css.ts'
import { fontFaceCss } from './fonts.ts'
import { pageCss } from './page-css.ts'
import { FINGERPRINT_MARK, type Face, type Pen } from './pen.ts'
import { defang, escapeHtml, toPlainLine } from './text.ts'
import type { Block, BuiltSection, Words } from '../document.ts'
import { shared } from '../words.ts'

export interface ReportSheet {
  readonly lang: string
  readonly paper: 'A4' | 'Letter'
  /** Document title and text of the page edges; from the analyst or the case. */
  readonly title: string
  readonly classification: string
  readonly caseName: string
  readonly say: (text: Words) => string
  readonly sections: readonly BuiltSection[]
}

const sha256 = (text: string, encoding: 'hex' | 'base64'): string =>
  createHash('sha256').update(text, 'utf8').digest(encoding)

/** Length of the short form of the fingerprint on every page. */
const SHORT = 16

/**
 * The whole report as one HTML text that needs nothing else: no script, no link, no file, no network.
 * The fingerprint is the SHA-256 of the text from `<main` to `</main>` with the fingerprint itself written as 64 zeros.
 */
export function renderReport(sheet: ReportSheet): { html: string; fingerprint: string } {
  const used = new Map<Face, Set<string>>()
  const use = (face: Face, text: string): void => {
    const set = used.get(face) ?? new Set<string>()
    for (const character of text) set.add(character)
    used.set(face, set)
  }
  const targets = targetsOf(sheet.sections)
  const numbered = numberSections(sheet)
  const pen: Pen = {
    say: sheet.say,
    count: countFormat(sheet.lang),
    use,
    hasTarget: (ref) => targets.has(ref),
    contents: numbered.flatMap(({ section, number, title }) =>
      number === null ? [] : [{ number, id: `section-${section.id}`, title }],
    ),
  }
  // Hidden characters are drawn as `U+202E`; digits and the frame's letters are always needed.
  for (const face of ['sans-400', 'sans-700', 'mono-400'] as const) use(face, 'U+0123456789ABCDEF…')
  const drawn = numbered.map(({ section, number, title }) => {
    use('sans-700', `${title}${number ?? ''}`)
    use('sans-400', number ?? '')
    const label = number === null ? '' : `<span class="number">${number}</span>`
    const heading = section.layout === 'cover' ? '' : `<h2>${label}${escapeHtml(title)}</h2>\n`
    const content = section.blocks.map((block) => drawBlock(pen, block)).join('\n')
    const looks = ['section', section.layout, ...(startsPage(section) ? ['starts-page'] : [])].join(' ')
    return `<section class="${looks}" id="section-${section.id}">\n${heading}${content}\n</section>`
  })
  const main = `<main>\n${drawn.join('\n')}\n</main>`
  const fingerprint = sha256(main.replaceAll(FINGERPRINT_MARK, '0'.repeat(64)), 'hex')
  const edges = edgesOf(sheet, fingerprint)
  use('sans-400', [edges.topRight, edges.bottomLeft, ...edges.pageWords, '0123456789'].join(''))
  use('sans-700', edges.topLeft)
  const styles = [fontFaceCss(used, sheet.lang), pageCss(edges) + REPORT_CSS]
  const hashes = styles.map((style) => `'sha256-${sha256(style, 'base64')}'`).join(' ')
  const policy = `default-src 'none'; style-src ${hashes}; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`
  // Margin boxes do not start the loading of a subset: their characters stand in the page once more, unseen.
  const hidden = `<div class="margin-words" aria-hidden="true"><b>${escapeHtml(edges.topLeft)}</b> ${escapeHtml([edges.topRight, edges.bottomLeft, ...edges.pageWords, '0123456789'].join(' '))}</div>`
  const html = [
    '<!doctype html>',
    `<html lang="${escapeHtml(sheet.lang)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(toPlainLine(defang(sheet.title)))}</title>`,
    ...styles.map((style) => `<style>${style}</style>`),
    '</head>',
    '<body>',
    main.replaceAll(FINGERPRINT_MARK, fingerprint),
    hidden,
    '</body>',
    '</html>',
    '',
  ].join('\n')
  return { html, fingerprint }
}

function edgesOf(sheet: ReportSheet, fingerprint: string) {
  const page = sheet.say(shared('page', { page: '\u0001', pages: '\u0002' }))
  const [before = '', rest = ''] = page.split('\u0001')
  const [between = '', after = ''] = rest.split('\u0002')
  return {
    paper: sheet.paper,
    topLeft: edgeText(sheet.classification),
    topRight: edgeText(sheet.caseName),
    bottomLeft: `SHA-256 ${fingerprint.slice(0, SHORT)}`,
    pageWords: [before, between, after] as const,
  }
}

/** Longer texts would run into the neighbouring box. */
const MAX_EDGE = 60
const edgeText = (text: string): string => {
  const line = [...toPlainLine(defang(text))]
  return line.length <= MAX_EDGE ? line.join('') : `${line.slice(0, MAX_EDGE - 1).join('')}…`
}

const isAppendix = (section: BuiltSection): boolean =>
  section.blocks.some((block) => block.block === 'record')
const startsPage = (section: BuiltSection): boolean =>
  isAppendix(section) || section.blocks.some((block) => block.block === 'contents')

function numberSections(sheet: ReportSheet) {
  let count = 0
  return sheet.sections.map((section) => ({
    section,
    title: toPlainLine(sheet.say(section.title)),
    number:
      section.layout === 'cover' || section.blocks.some((block) => block.block === 'contents')
        ? null
        : String((count += 1)),
  }))
}

function targetsOf(sections: readonly BuiltSection[]): ReadonlySet<string> {
  const ids = (block: Block): readonly string[] => {
    if (block.block === 'record') return [block.ref]
    if (block.block === 'table' || block.block === 'pairs')
      return block.rows.flatMap((row) => (row.id === undefined ? [] : [row.id]))
    return []
  }
  return new Set(sections.flatMap((section) => section.blocks.flatMap(ids)))
}
