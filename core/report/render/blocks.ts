import { defang, escapeHtml, toPlainLine } from './text.ts'
import { shared } from '../words.ts'
import { drawFigure } from './drawing.ts'
import { drawLine, monoLines } from './inline.ts'
import { drawTable } from './tables.ts'
import { FULL_WIDTH, targetId, type Pen, type Place } from './pen.ts'
import type { Block } from '../document.ts'

const BOLD: Place = { ...FULL_WIDTH, face: 'sans-700' }
/** Columns left beside the labels of a list of pairs. */
const PAIR: Place = { ...FULL_WIDTH, columns: 74 }

/** One block as HTML. */
export function drawBlock(pen: Pen, block: Block): string {
  switch (block.block) {
    case 'heading':
      return `<h3>${drawLine(pen, block.text, BOLD)}</h3>`
    case 'paragraph':
      return `<p class="${block.look ?? 'plain'}">${drawLine(pen, block.text, FULL_WIDTH)}</p>`
    case 'list': {
      const items = block.items.map((item) => `<li>${drawLine(pen, item, FULL_WIDTH)}</li>`).join('\n')
      return block.ordered === true ? `<ol>\n${items}\n</ol>` : `<ul>\n${items}\n</ul>`
    }
    case 'pairs':
      return `<dl>\n${block.rows.map((row) => pair(pen, row)).join('\n')}\n</dl>`
    case 'table':
      return drawTable(pen, block, FULL_WIDTH)
    case 'long-table':
      throw new Error('a long table stands at the top level of its section')
    case 'figure':
      return drawFigure(pen, block)
    case 'register':
      return register(pen, block)
    case 'analyst':
      return analyst(pen, block)
    case 'signature':
      return signature(pen, block)
    case 'record':
      return record(pen, block)
    case 'cover':
      return cover(pen, block)
    case 'contents':
      return contents(pen, block)
  }
}

function pair(pen: Pen, row: (Block & { block: 'pairs' })['rows'][number]): string {
  const id = row.id === undefined ? '' : ` id="${targetId(row.id)}"`
  return `<div${id}><dt>${drawLine(pen, [row.label], FULL_WIDTH)}</dt><dd>${drawLine(pen, row.value, PAIR)}</dd></div>`
}

/** Records of up to this many lines are kept on one page. */
const SHORT_RECORD = 9

function record(pen: Pen, block: Block & { block: 'record' }): string {
  pen.use('sans-700', block.ref)
  const note = block.note ? `<p class="note">${drawLine(pen, [block.note], FULL_WIDTH)}</p>` : ''
  const lines = monoLines(pen, defang(pen.clean(block.text)), FULL_WIDTH.columns)
  const looks = lines.split('<br>').length <= SHORT_RECORD ? 'record short' : 'record'
  return (
    `<section class="${looks}" id="${targetId(block.ref)}"><p class="record-title"><b>${escapeHtml(block.ref)}</b> ${drawLine(pen, block.title, FULL_WIDTH)}</p>` +
    `<div class="raw"><code>${lines}</code></div>${note}</section>`
  )
}

/** Records of one item that are targets one by one; of more, their ranges are listed (each element would cost a browser memory). */
const MAX_TARGETS = 2000
/** Ranges of one paragraph: a browser lays a paragraph out as a whole. */
const PER_PARAGRAPH = 400

function register(pen: Pen, { items }: Block & { block: 'register' }): string {
  pen.use('sans-400', '0123456789–')
  return items
    .map(({ title, evidenceId, records }) => {
      const numbers =
        records.length > MAX_TARGETS
          ? rangesOf(records)
          : records.map((record) => `<span id="${targetId(`E${evidenceId}:${record}`)}">${record}</span>`)
      const paragraphs = Array.from({ length: Math.ceil(numbers.length / PER_PARAGRAPH) }, (_, index) =>
        numbers.slice(index * PER_PARAGRAPH, (index + 1) * PER_PARAGRAPH).join(' '),
      )
      return `<p class="register-title"><b>E${escapeHtml(evidenceId)}</b> ${drawLine(pen, title, FULL_WIDTH)}</p>${paragraphs.map((text) => `<p class="register">${text}</p>`).join('\n')}`
    })
    .join('\n')
}

/** `1–400 402 404–405`: ascending numbers, runs of them joined. */
function rangesOf(records: readonly number[]): readonly string[] {
  const ranges: { readonly from: number; to: number }[] = []
  for (const record of records) {
    const last = ranges.at(-1)
    if (last !== undefined && record === last.to + 1) last.to = record
    else ranges.push({ from: record, to: record })
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`))
}

function analyst(pen: Pen, { label, blocks }: Block & { block: 'analyst' }): string {
  const words = drawLine(pen, [label], { ...FULL_WIDTH, face: 'sans-700' })
  return `<section class="analyst"><p class="analyst-label">${words}</p>${blocks.map((one) => drawBlock(pen, one)).join('\n')}</section>`
}

const signature = (pen: Pen, { lines }: Block & { block: 'signature' }): string =>
  `<div class="signature">${lines
    .map((line) => `<p><span class="signature-line"></span>${drawLine(pen, [line], FULL_WIDTH)}</p>`)
    .join('')}</div>`

function cover(pen: Pen, block: Block & { block: 'cover' }): string {
  const rows = block.rows.map((row) => pair(pen, row)).join('\n')
  // The red thread: one line down the page, with the knots of a path.
  const thread =
    '<svg class="cover-thread" viewBox="0 0 24 600" width="24" height="600" aria-hidden="true">' +
    '<path d="M12 0 V90 C12 120 4 130 4 160 C4 200 20 210 20 250 C20 300 12 310 12 340 V600" fill="none" stroke="#cf222e" stroke-width="2.5"/>' +
    [90, 250, 440]
      .map(
        (y) =>
          `<circle cx="${y === 250 ? 20 : 12}" cy="${y}" r="4" fill="#fff" stroke="#cf222e" stroke-width="2.5"/>`,
      )
      .join('') +
    '</svg>'
  return (
    `<div class="cover-sheet">${thread}<div class="cover-words"><p class="over">${drawLine(pen, block.over, FULL_WIDTH)}</p>` +
    `<h1>${drawLine(pen, block.title, BOLD)}</h1><dl>\n${rows}\n</dl></div></div>`
  )
}

function contents(pen: Pen, block: Block & { block: 'contents' }): string {
  const entries = pen.contents.filter(({ isPart }) => block.parts || !isPart)
  const items = entries.map((entry) => {
    pen.use('sans-400', `${entry.number}${entry.title}`)
    return `<li${entry.isPart ? ' class="part"' : ''}><a href="#${entry.id}"><span class="number">${entry.number}</span> ${escapeHtml(entry.title)}</a></li>`
  })
  const drawn = block.figures ? pen.figures() : []
  const figures = drawn.map(({ number, title }) => {
    const label = pen.say(shared('figure', { number: String(number) }))
    pen.use('sans-400', `${label}${title}`)
    return `<li><a href="#figure-${number}"><span class="figure-number">${escapeHtml(label)}</span> ${escapeHtml(toPlainLine(title))}</a></li>`
  })
  const heading = figures.length === 0 ? '' : `\n<h3>${drawLine(pen, [shared('figures')], BOLD)}</h3>`
  const list = figures.length === 0 ? '' : `\n<ol class="contents figures">\n${figures.join('\n')}\n</ol>`
  return `<ol class="contents">\n${items.join('\n')}\n</ol>${heading}${list}`
}
