import { drawLine } from './inline.ts'
import { targetId, type Pen, type Place } from './pen.ts'
import type { Block, Words } from '../document.ts'

// Points: text width of A4 (Letter is wider), padding of a cell, advance of the monospaced face at 6.7 pt (css.ts).
const TEXT_WIDTH = 498
const CELL_PADDING = 6
const CODE_ADVANCE = 4.02

type Columns = (Block & { block: 'table' })['columns']
type Row = (Block & { block: 'table' })['rows'][number]

/** What all rows of a table share: the text before them, and how one is drawn. */
function frameOf(pen: Pen, table: { readonly caption?: Words; readonly columns: Columns }, place: Place) {
  const whole = table.columns.reduce((sum, column) => sum + column.width, 0)
  const places = table.columns.map((column) => ({
    face: place.face,
    columns: Math.max(8, Math.floor(((TEXT_WIDTH * column.width) / whole - CELL_PADDING) / CODE_ADVANCE)),
  }))
  const sides = table.columns.map((column) => (column.align === 'right' ? ' class="right"' : ''))
  const cols = table.columns
    .map((column) => `<col width="${Math.round((column.width / whole) * 1000) / 10}%">`)
    .join('')
  const heads = table.columns
    .map(
      (column, index) =>
        `<th scope="col"${sides[index]}>${drawLine(pen, [column.header], { face: 'sans-700', columns: places[index]?.columns ?? 8 })}</th>`,
    )
    .join('')
  const caption = table.caption
    ? `<caption>${drawLine(pen, [table.caption], { ...place, face: 'sans-700' })}</caption>`
    : ''
  const open = (isFirst: boolean): string =>
    `<table>${isFirst ? caption : ''}<colgroup>${cols}</colgroup><thead><tr>${heads}</tr></thead><tbody>\n`
  const drawRow = (row: Row): string => {
    const cells = row.cells
      .map((cell, index) => `<td${sides[index] ?? ''}>${drawLine(pen, cell, places[index] ?? place)}</td>`)
      .join('')
    return `<tr${row.id === undefined ? '' : ` id="${targetId(row.id)}"`}>${cells}</tr>`
  }
  return { open, close: '\n</tbody></table>', drawRow }
}

/** A table: header repeated on every page, rows never split, widths from the columns' shares. */
export function drawTable(pen: Pen, table: Block & { block: 'table' }, place: Place): string {
  if (table.rows.length === 0) return `<p class="note">${drawLine(pen, [table.empty], place)}</p>`
  const { open, close, drawRow } = frameOf(pen, table, place)
  return `${open(true)}${table.rows.map(drawRow).join('\n')}${close}`
}

/** A table of any length, piece by piece; each piece is a whole table with the same header, of about `characters`. */
export async function* drawLongTable(
  pen: Pen,
  table: Block & { block: 'long-table' },
  place: Place,
  characters: number,
): AsyncGenerator<{ readonly piece: number; readonly html: string; readonly rows: 0 | 1 }> {
  const { open, close, drawRow } = frameOf(pen, table, place)
  let [rows, piece, length] = [0, 0, 0]
  for await (const row of table.rows()) {
    const isNew = rows === 0 || length >= characters
    if (isNew && rows > 0) {
      yield { piece, html: close, rows: 0 }
      piece += 1
      length = 0
    }
    const html = isNew ? open(piece === 0) + drawRow(row) : `\n${drawRow(row)}`
    length += html.length
    yield { piece, html, rows: 1 }
    rows += 1
  }
  const end = rows === 0 ? `<p class="note">${drawLine(pen, [table.empty], place)}</p>` : close
  yield { piece, html: end, rows: 0 }
}
