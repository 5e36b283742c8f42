import { confidenceWords, kindWords, shared } from '../words.ts'
import { printedName } from '../entity-text.ts'
import { widthOf, wrapLine } from './wrap.ts'
import { FINGERPRINT_MARK, targetId, type Face, type Pen, type Place } from './pen.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { Inline, Line, Outside, Words } from '../document.ts'
import { defang, defangAddress, escapeHtml, shorten, toHtml } from './text.ts'

/** ↩, drawn: no shipped face has it. In wrapped text it is not part of the text, so a copied command line is whole. */
const WRAP_MARK =
  '<svg class="wrap-mark" viewBox="0 0 12 10" width="9" height="7.5" aria-hidden="true"><path d="M4 2.5 L1 5.5 L4 8.5 M1 5.5 H8.5 A2.5 2.5 0 0 0 8.5 0.7 H6" fill="none" stroke="#5b636e" stroke-width="1.2"/></svg>'

/** Neighbours of these need no space. */
const CLOSE: ReadonlySet<Inline['kind']> = new Set(['break', 'join'])

/** A line of inlines as HTML, one space between neighbours. */
export function drawLine(pen: Pen, line: Line, place: Place): string {
  let html = ''
  for (const [index, inline] of line.entries()) {
    const before = line[index - 1]
    if (before && !CLOSE.has(before.kind) && !CLOSE.has(inline.kind)) html += ' '
    html += drawInline(pen, inline, place)
  }
  return html
}

function drawInline(pen: Pen, inline: Inline, place: Place): string {
  switch (inline.kind) {
    case 'words':
      return ourText(pen, pen.say(inline), place)
    case 'outside':
      return outsideText(pen, inline, place)
    case 'cite':
      return citation(pen, inline.ref, place.face, inline.isPlain === true)
    case 'entity':
      return entityName(pen, inline.entity, inline.withKind, place)
    case 'risk':
      return riskLevel(pen, inline.level, place)
    case 'confidence': {
      const value = inline.value.toFixed(2)
      return ourText(
        pen,
        pen.say(shared('confidence.with', { word: confidenceWords(inline.value), value })),
        place,
      )
    }
    case 'number':
      return `<span class="number-value">${ourText(pen, pen.count(inline.value), place)}</span>`
    case 'break':
      return '<br>'
    case 'join':
      return ''
    case 'fingerprint':
      pen.use('mono-400', '0123456789abcdef')
      return `<code>${FINGERPRINT_MARK}</code>`
  }
}

/** A translated sentence. Its parameters came from outside: the same care as for any outside text. */
function ourText(pen: Pen, text: string, { face, columns }: Place): string {
  const shown = shorten(defang(text))
  pen.use(face, shown.replaceAll('↩', ''))
  return breakable(shown, columns).replaceAll('↩', WRAP_MARK)
}

function outsideText(pen: Pen, inline: Outside, place: Place): string {
  const short = shorten(pen.clean(inline.text))
  const text = inline.look === 'address' ? defangAddress(short) : defang(short)
  if (inline.look === 'mono') return `<code>${monoLines(pen, text, place.columns)}</code>`
  const face = inline.look === 'strong' ? 'sans-700' : place.face
  pen.use(face, text)
  const html = breakable(text, place.columns)
  if (inline.look === 'strong') return `<b><bdi>${html}</bdi></b>`
  return inline.look === 'emphasis' ? `<em><bdi>${html}</bdi></em>` : `<bdi>${html}</bdi>`
}

/** Words longer than this may not fit a cell. */
const LONG_WORD = /\S{19,}/gu
const AFTER_SEPARATOR = /(?<=[\\/?&=_\]]|(?<!\[)\.)(?=[\p{L}\p{N}])/u

/** Advance of the sans face against the monospaced one, capitals and digits on the wide side. */
const WIDER = 1.5
/** What no separator breaks: encoded commands, keys, tokens. Han text breaks anywhere by itself and is none of this. */
const SOLID = /[!-~]{24,}/gu

/**
 * Lets long names, paths and addresses break after their separators instead of in the middle of a word. What has no separator and is
 * longer than the line is cut where the line ends, with the mark of a wrapped line, so that nobody takes the end of a line for the end of a
 * command.
 */
function breakable(text: string, columns: number): string {
  const most = Math.max(12, Math.floor(columns / WIDER))
  let html = ''
  let from = 0
  for (const word of text.matchAll(LONG_WORD)) {
    html += toHtml(text.slice(from, word.index))
    html += word[0]
      .split(AFTER_SEPARATOR)
      .map((part) => marked(part, most))
      .join('<wbr>')
    from = word.index + word[0].length
  }
  return html + toHtml(text.slice(from))
}

function marked(part: string, most: number): string {
  let html = ''
  let from = 0
  for (const { 0: run, index } of part.matchAll(SOLID)) {
    if (run.length <= most) continue
    html += toHtml(part.slice(from, index))
    const lines = Array.from({ length: Math.ceil(run.length / most) }, (_, at) =>
      run.slice(at * most, (at + 1) * most),
    )
    html += lines.map(toHtml).join(`${WRAP_MARK}<br>`)
    from = index + run.length
  }
  return html + toHtml(part.slice(from))
}

/** Monospaced text: its own line feeds kept, long lines broken with a visible mark. Already defanged. */
export function monoLines(pen: Pen, text: string, columns: number): string {
  pen.use('mono-400', text)
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\t', '  ').split('\n')
  return lines
    .map((line) => {
      if (widthOf(line) <= columns) return toHtml(line)
      return wrapLine(line, columns - 2)
        .map(toHtml)
        .join(`${WRAP_MARK}<br>`)
    })
    .join('<br>')
}

function citation(pen: Pen, ref: string, face: Face, isPlain: boolean): string {
  pen.use(face, ref)
  const label = escapeHtml(ref)
  return pen.hasTarget(ref) && !isPlain
    ? `<a class="cite" href="#${targetId(ref)}">${label}</a>`
    : `<span class="cite">${label}</span>`
}

function entityName(pen: Pen, entity: EntityRef, withKind: boolean, place: Place): string {
  const name = outsideText(pen, { kind: 'outside', text: printedName(entity), look: 'plain' }, place)
  return withKind
    ? `<span class="kind">${ourText(pen, pen.say(kindWords(entity.kind)), place)}</span> ${name}`
    : name
}

function riskLevel(pen: Pen, level: RiskLevel | null, place: Place): string {
  const words: Words = level === null ? shared('risk.none') : shared(`risk.${level}`)
  if (level === null) return `<span class="muted">${ourText(pen, pen.say(words), place)}</span>`
  return `<span class="risk">${riskSign(level)}${ourText(pen, pen.say(words), place)}</span>`
}

/** Shape before a risk level, so that it reads without colour (UX.md section 9). */
const SIGN_SHAPES: Readonly<Record<RiskLevel, string>> = {
  dangerous: '<polygon points="3,0.5 7,0.5 9.5,3 9.5,7 7,9.5 3,9.5 0.5,7 0.5,3" fill="#14171c"/>',
  'highly-suspicious': '<polygon points="5,0.8 9.6,9.2 0.4,9.2" fill="#14171c"/>',
  suspicious: '<polygon points="5,0.5 9.5,5 5,9.5 0.5,5" fill="none" stroke="#14171c"/>',
  untested: '<circle cx="5" cy="5" r="4" fill="none" stroke="#14171c" stroke-dasharray="1.8 1.4"/>',
  safe: '<path d="M1 5.5 L4 8.5 L9 1.5" fill="none" stroke="#14171c" stroke-width="1.4"/>',
}
const riskSign = (level: RiskLevel): string =>
  `<svg class="sign" viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">${SIGN_SHAPES[level]}</svg>`
