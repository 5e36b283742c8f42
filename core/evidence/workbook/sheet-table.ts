import type { CellFormat } from './cell-formats.ts'
import { serialText } from './serial-time.ts'
import { unescaped } from './shared-strings.ts'
import { readXml, type XmlListener } from './xml-pieces.ts'

/** What all sheets of a workbook share. */
export interface WorkbookTables {
  readonly strings: readonly string[]
  readonly formats: readonly CellFormat[]
  /** Days are counted from 1904 on. */
  readonly is1904: boolean
}

/** The last column and row a workbook may have (XFD, 1048576). */
const MAX_COLUMNS = 16_384
const MAX_ROWS = 1_048_576
const LETTER_A = 64
const MUST_QUOTE = /[",\r\n]/

/**
 * A sheet as a table of comma separated values (RFC 4180): what a cell holds, a time as its format shows it. Rows keep their numbers as lines
 * as long as no cell holds a line break; empty ones above the first are left out. Rows that end early are filled up to the width of the first.
 */
class SheetTable implements XmlListener {
  readonly #tables: WorkbookTables
  #out = ''
  #cells: string[] = []
  #row = 0
  #column = 0
  #type = ''
  #style = 0
  #value = ''
  #isValue = false
  #isReading = false
  /** Number of the row the last line was made of; 0 before the first. */
  #last = 0
  #width = 0

  constructor(tables: WorkbookTables) {
    this.#tables = tables
  }

  /** The lines since the last call. */
  take(): string {
    const out = this.#out
    this.#out = ''
    return out
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      const row = Number(attributes['r'] ?? this.#row + 1)
      this.#row = row > this.#row && row <= MAX_ROWS ? row : this.#row + 1
      this.#cells = []
      this.#column = 0
    } else if (name === 'c') {
      this.#column = columnOf(attributes['r']) ?? this.#column + 1
      this.#type = attributes['t'] ?? 'n'
      this.#style = Number(attributes['s'] ?? 0)
      this.#value = ''
    } else if (name === 'rPh') this.#isReading = true
    else if (name === 'v' || name === 't') this.#isValue = !this.#isReading
  }

  text(piece: string): void {
    if (this.#isValue) this.#value += piece
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false
    else if (name === 'rPh') this.#isReading = false
    else if (name === 'c') this.#endCell()
    else if (name === 'row') this.#endRow()
  }

  #endCell(): void {
    const text = this.#cellText()
    if (text === '' || this.#column > MAX_COLUMNS) return
    while (this.#cells.length < this.#column) this.#cells.push('')
    this.#cells[this.#column - 1] = text
  }

  #cellText(): string {
    const value = this.#value
    const { strings, formats, is1904 } = this.#tables
    switch (this.#type) {
      case 's':
        return strings[Number(value)] ?? ''
      case 'n':
        return serialText(value, formats[this.#style], is1904)
      case 'b':
        return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : value
      default:
        return unescaped(value)
    }
  }

  #endRow(): void {
    const cells = this.#cells
    if (cells.length === 0) return
    if (this.#last > 0) this.#out += '\n'.repeat(this.#row - this.#last - 1)
    else this.#width = cells.length
    this.#last = this.#row
    while (cells.length < this.#width) cells.push('')
    this.#out += `${cells.map(quoted).join(',')}\n`
    this.#cells = []
  }
}

const quoted = (cell: string): string => (MUST_QUOTE.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** `AB12`: the 28th column. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  if (letters === undefined) return undefined
  let column = 0
  for (let at = 0; at < letters.length; at++) column = column * 26 + letters.charCodeAt(at) - LETTER_A
  return column
}

/**
 * The table of a sheet in UTF-8, piece by piece.
 * @param stream the part of the sheet (ECMA-376 part 1, 18.3)
 * @throws Error after the last whole row when the part is damaged
 */
export async function* readSheet(
  stream: AsyncIterable<Uint8Array>,
  tables: WorkbookTables,
): AsyncGenerator<Uint8Array> {
  const table = new SheetTable(tables)
  const made = (): Uint8Array => Buffer.from(table.take(), 'utf8')
  let failure: { readonly thrown: unknown } | undefined
  try {
    for await (const piece of readXml(stream, table)) {
      void piece
      const bytes = made()
      if (bytes.length > 0) yield bytes
    }
  } catch (thrown) {
    failure = { thrown }
  }
  const rest = made()
  if (rest.length > 0) yield rest
  if (failure) throw failure.thrown
}
