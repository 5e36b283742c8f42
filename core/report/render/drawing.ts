import { defang, escapeHtml, toPlainLine } from './text.ts'
import { elide } from './wrap.ts'
import type { Block, Ink, Mark, Point } from '../document.ts'
import type { Pen } from './pen.ts'
import { shared } from '../words.ts'

/** Light print look (UX.md section 9). Red is for the attack path; in black and white its line is still the heaviest. */
const INKS: Readonly<Record<Ink | 'none', string>> = {
  ink: '#14171c',
  muted: '#5b636e',
  line: '#c3c9d1',
  thread: '#cf222e',
  ground: '#ffffff',
  none: 'none',
}

/** A figure as inline SVG with a view box: sharp on paper, scaled to the text width. */
export function drawFigure(pen: Pen, figure: Block & { block: 'figure' }): string {
  const title = defang(pen.say(figure.caption))
  const { number, note } = pen.figure(title)
  const label = pen.say(shared('figure', { number: String(number) }))
  const marks = figure.marks.map((mark) => drawMark(pen, mark)).join('')
  pen.use('sans-400', title)
  pen.use('sans-700', label)
  const drawn =
    `<svg class="figure" role="img" aria-label="${escapeHtml(toPlainLine(title))}" ` +
    `viewBox="0 0 ${round(figure.width)} ${round(figure.height)}" width="${round(figure.width)}" height="${round(figure.height)}">${marks}</svg>`
  note(drawn)
  return (
    `<figure id="figure-${number}">${drawn}` +
    `<figcaption><b>${escapeHtml(label)}</b> ${escapeHtml(toPlainLine(title))}</figcaption></figure>`
  )
}

function drawMark(pen: Pen, mark: Mark): string {
  switch (mark.mark) {
    case 'line':
      return `<line x1="${round(mark.from[0])}" y1="${round(mark.from[1])}" x2="${round(mark.to[0])}" y2="${round(mark.to[1])}" stroke="${INKS[mark.ink]}" stroke-width="${mark.width}"${STROKES[mark.stroke ?? 'whole']}/>`
    case 'shape':
      return `<polygon points="${points(mark.points)}" fill="${INKS[mark.fill]}" stroke="${INKS[mark.ink]}" stroke-width="${mark.width}" stroke-linejoin="round"/>`
    case 'circle':
      return `<circle cx="${round(mark.at[0])}" cy="${round(mark.at[1])}" r="${round(mark.radius)}" fill="${INKS[mark.fill]}" stroke="${INKS[mark.ink]}" stroke-width="${mark.width}"${dash(mark.dashed)}/>`
    case 'text': {
      const said = mark.text.kind === 'words' ? pen.say(mark.text) : pen.clean(mark.text.text)
      const safe = toPlainLine(defang(said))
      const text = mark.columns === undefined ? safe : elide(safe, mark.columns)
      pen.use(mark.bold === true ? 'sans-700' : 'sans-400', text)
      return `<text x="${round(mark.at[0])}" y="${round(mark.at[1])}" font-size="${mark.size}" fill="${INKS[mark.ink]}" text-anchor="${mark.anchor}"${mark.bold === true ? ' font-weight="700"' : ''}>${escapeHtml(text)}</text>`
    }
  }
}

const STROKES = {
  whole: '',
  dashed: ' stroke-dasharray="5 4"',
  dotted: ' stroke-dasharray="0.1 4.5" stroke-linecap="round"',
} as const
const dash = (dashed: boolean | undefined): string => (dashed === true ? ' stroke-dasharray="5 4"' : '')
const points = (list: readonly Point[]): string => list.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
/** Two decimals, no exponent: the same bytes on every machine. */
const round = (value: number): string => String(Math.round(value * 100) / 100)
