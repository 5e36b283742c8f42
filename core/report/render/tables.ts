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

/**
 * Rows of one piece of a long table: what a browser can print as tagged PDF within its memory. Measured with Chromium: 1,500 rows 406 MB,
 * 3,000 rows 768 MB, 8,000 rows 3.5 GB.
 */
export const PIECE_ROWS = 2500

/** A table of any length, piece by piece; each piece is a whole table with the same header. */
export async function* drawLongTable(
  pen: Pen,
  table: Block & { block: 'long-table' },
  place: Place,
): AsyncGenerator<{ readonly piece: number; readonly html: string }> {
  const { open, close, drawRow } = frameOf(pen, table, place)
  let [rows, piece] = [0, 0]
  for await (const row of table.rows()) {
    const isNew = rows % PIECE_ROWS === 0
    if (isNew && rows > 0) {
      yield { piece, html: close }
      piece += 1
    }
    yield { piece, html: isNew ? open(piece === 0) + drawRow(row) : `\n${drawRow(row)}` }
    rows += 1
  }
  yield { piece, html: rows === 0 ? `<p class="note">${drawLine(pen, [table.empty], place)}</p>` : close }
}
