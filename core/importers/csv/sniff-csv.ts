import { rememberLast } from '../remember.ts'
import { CsvHeader } from './csv-header.ts'
import { type RowSlice, RowSlicer } from './row-slices.ts'
import { splitLine } from './split-line.ts'

/** What the head of a table shows. */
export interface CsvSample {
  readonly delimiter: string
  readonly header: CsvHeader
  readonly rows: readonly (readonly string[])[]
}

const DELIMITERS = [',', '\t', ';', '|'] as const
/** Rows looked at; a long preamble or free text shows itself by then. */
const SAMPLE_ROWS = 40
/** A column name is short; a cell beyond this is no name. */
const LONGEST_NAME = 200
/** Share of rows that have as many cells as the header. */
const MOST = 0.8

/** Lines that stand above the header: `sep=;` of Excel, `#TYPE ...` of PowerShell 5.1. */
export const isPreamble = (line: string): boolean => /^\ufeff?(?:sep=.|"?#TYPE\b.*)$/i.test(line.trimEnd())

/** Delimiter a `sep=;` line states. */
export const statedDelimiter = (line: string): string | undefined =>
  /^\ufeff?sep=(.)\s*$/i.exec(line.trimEnd())?.[1]

/**
 * Delimiter, header and first rows of a table, from the text of its head (the last row may be cut and is left out).
 * @returns undefined when the text is no table: fewer than two columns, rows of changing length under what may be prose, no names above them
 */
export const sniffCsv: (text: string) => CsvSample | undefined = rememberLast((text) => {
  if (/^\s*[[{<]/.test(text) || text.includes('\0')) return undefined
  const stated = statedDelimiter(text.split('\n', 1)[0] ?? '')
  let best: CsvSample | undefined
  for (const delimiter of stated === undefined ? DELIMITERS : [stated]) {
    const sample = sampleWith(text, delimiter)
    if (sample && sample.header.names.length > (best?.header.names.length ?? 1)) best = sample
  }
  return best
})

/** Delimiter of rows too irregular to be a clean table: the one that parts the first line most. */
export function guessDelimiter(text: string): string {
  const lines = text.split(/\r?\n/, SAMPLE_ROWS)
  const stated = statedDelimiter(lines[0] ?? '')
  const head = lines.find((line) => line.trim() !== '' && !isPreamble(line)) ?? ''
  const parts = (delimiter: string): number => splitLine(head, delimiter).cells.length
  return stated ?? [...DELIMITERS].sort((a, b) => parts(b) - parts(a))[0] ?? ','
}

function sampleWith(text: string, delimiter: string): CsvSample | undefined {
  const lines = firstRows(text, delimiter)
    .slice(0, SAMPLE_ROWS)
    .map((slice) => slice.bytes.toString('utf8'))
    .filter((line) => line.trim() !== '' && !isPreamble(line))
  const [head, ...rest] = lines.map((line) => splitLine(line, delimiter).cells)
  if (!head || head.length < 2 || !areNames(head)) return undefined
  const right = rest.filter((cells) => cells.length === head.length)
  if (right.length < rest.length * MOST && !isRagged(head, rest)) return undefined
  return { delimiter, header: new CsvHeader(head), rows: right }
}

/** The first rows, at least as many as are looked at if there are so many. */
function firstRows(text: string, delimiter: string): RowSlice[] {
  const slicer = new RowSlicer(delimiter)
  const bytes = Buffer.from(text, 'utf8')
  const rows: RowSlice[] = []
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    rows.push(...slicer.feed(bytes.subarray(at, at + PIECE_BYTES)))
    if (rows.length >= SAMPLE_ROWS) return rows
  }
  return rows.length === 0 || text.length < 60_000 ? [...rows, ...slicer.end()] : rows
}
const PIECE_BYTES = 8 * 1024

/** Columns from which on a first line is a header for itself: prose has fewer commas, and never as many in each line. */
const FEWEST_RAGGED = 5
const LONGEST_RAGGED_NAME = 80

/** A table whose rows lost their last empty cells, or have some too many, under a header that can be nothing else. */
function isRagged(head: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const names = new Set(head.map((name) => name.trim().toLowerCase()))
  if (names.size < FEWEST_RAGGED || names.size < head.length) return false
  if ([...names].some((name) => name === '' || name.length > LONGEST_RAGGED_NAME)) return false
  const near = rows.filter(({ length }) => length >= head.length * 0.6 && length <= head.length * 1.4)
  return near.length > 0 && near.length >= rows.length * MOST
}

function areNames(cells: readonly string[]): boolean {
  const named = cells.filter((cell) => cell.trim() !== '')
  return (
    named.length >= Math.max(2, cells.length * 0.5) &&
    named.every(
      (cell) => cell.length <= LONGEST_NAME && !/^[\d.,:/+-]+$/.test(cell.trim()) && !/[\r\n]/.test(cell),
    )
  )
}
