import { drawLine } from './inline.ts'
import { targetId, type Pen, type Place } from './pen.ts'
import type { Block } from '../document.ts'

// Points: text width of A4 (Letter is wider), padding of a cell, advance of the monospaced face at 6.7 pt (css.ts).
const TEXT_WIDTH = 498
const CELL_PADDING = 6
const CODE_ADVANCE = 4.02

/** A table: header repeated on every page, rows never split, widths from the columns' shares. */
export function drawTable(pen: Pen, table: Block & { block: 'table' }, place: Place): string {
  if (table.rows.length === 0) return `<p class="note">${drawLine(pen, [table.empty], place)}</p>`
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
  const rows = table.rows
    .map((row) => {
      const cells = row.cells
        .map((cell, index) => `<td${sides[index] ?? ''}>${drawLine(pen, cell, places[index] ?? place)}</td>`)
        .join('')
      return `<tr${row.id === undefined ? '' : ` id="${targetId(row.id)}"`}>${cells}</tr>`
    })
    .join('\n')
  const caption = table.caption
    ? `<caption>${drawLine(pen, [table.caption], { ...place, face: 'sans-700' })}</caption>`
    : ''
  return `<table>${caption}<colgroup>${cols}</colgroup><thead><tr>${heads}</tr></thead><tbody>\n${rows}\n</tbody></table>`
}
