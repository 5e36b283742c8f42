import type { ParsedIssue, ParsedUnit, RecordIssue } from '../importer.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import { LineDecoder, toUtf8 } from '../text-encoding.ts'
import { type Share, unitsOfShare } from '../share.ts'
import { CsvHeader } from './csv-header.ts'
import { CsvRow } from './csv-row.ts'
import { fromEncoding } from './from-encoding.ts'
import { type RowSlice, RowSlicer } from './row-slices.ts'
import { guessDelimiter, isPreamble, sniffCsv, statedDelimiter } from './sniff-csv.ts'
import { splitLine } from './split-line.ts'

export { CsvHeader } from './csv-header.ts'
export { CsvRow } from './csv-row.ts'
export { CSV_ISSUE_TEXTS } from './issue-texts.ts'
export { sniffCsv } from './sniff-csv.ts'

/** What an importer makes of one row. */
export type CsvMeaning = JsonMeaning
/** Called once per header; columns are looked up here, not in every row. */
export type MeanTable = (header: CsvHeader) => (row: CsvRow) => CsvMeaning

export interface CsvOptions {
  /** One character; found out from the first rows when absent. */
  readonly delimiter?: string | undefined
  /** WHATWG or iconv label; absent: byte order mark, UTF-8, else the code page a row fits, with a remark. */
  readonly encoding?: string | undefined
  readonly share?: Share | undefined
}

const EXCERPT_CHARS = 200
/** The delimiter is decided by so much of the beginning. */
const SAMPLE_BYTES = 65_536

/**
 * Reads a table as a stream. The header becomes a heading, every row a record with locator `line N` and its own text as
 * raw; empty rows are none; a header that comes again (exports put behind each other) starts anew.
 * @param prefix importer id for the issue codes `quote`, `columns`, `too_long`, `encoding`, `duplicate_header`
 */
export async function* readCsvRecords(
  stream: AsyncIterable<Uint8Array>,
  prefix: string,
  mean: MeanTable,
  options: CsvOptions = {},
): AsyncGenerator<ParsedUnit[]> {
  const bytes = options.encoding === undefined ? toUtf8(stream) : fromEncoding(stream, options.encoding)
  let table: Table | undefined
  let sample = Buffer.alloc(0)
  for await (const piece of bytes) {
    if (table === undefined) {
      sample = Buffer.concat([sample, piece])
      if (sample.length < SAMPLE_BYTES) continue
      table = new Table(prefix, mean, options.delimiter ?? delimiterOf(sample), options.share)
      yield* table.read(sample)
      continue
    }
    yield* table.read(piece)
  }
  if (table === undefined) {
    table = new Table(prefix, mean, options.delimiter ?? delimiterOf(sample), options.share)
    yield* table.read(sample)
  }
  yield* table.end()
}

function delimiterOf(sample: Buffer): string {
  const text = sample.subarray(0, SAMPLE_BYTES).toString('utf8')
  return sniffCsv(text)?.delimiter ?? guessDelimiter(text)
}

class Table {
  readonly #prefix: string
  readonly #mean: MeanTable
  readonly #slicer: RowSlicer
  readonly #decoder = new LineDecoder()
  readonly #share: Share | undefined
  #delimiter: string
  #headerText: string | undefined
  #columns = 0
  #row: (row: CsvRow) => CsvMeaning = () => ({ items: [] })

  constructor(prefix: string, mean: MeanTable, delimiter: string, share: Share | undefined) {
    this.#prefix = prefix
    this.#mean = mean
    this.#delimiter = delimiter
    this.#share = share
    this.#slicer = new RowSlicer(delimiter)
  }

  read(piece: Buffer): Generator<ParsedUnit[]> {
    return this.#units(this.#slicer.feed(piece))
  }

  end(): Generator<ParsedUnit[]> {
    return this.#units(this.#slicer.end())
  }

  *#units(slices: readonly RowSlice[]): Generator<ParsedUnit[]> {
    if (this.#slicer.isOdd) this.#share?.refuse('here')
    let from = 0
    // Everybody has to know the header; it is said by the one whose segment it stands in.
    for (; this.#headerText === undefined && from < slices.length; from++) {
      const units: ParsedUnit[] = []
      const slice = slices[from]!
      this.#share?.passes(slice.at)
      this.#addRow(slice, units)
      if (this.#share?.isOwn !== false) yield units
    }
    yield* unitsOfShare(this.#share, slices.slice(from), this.#slicer.position, (slice, units) =>
      this.#addRow(slice, units),
    )
  }

  #addRow(slice: RowSlice, units: ParsedUnit[]): void {
    const { text, isGuessed } = this.#decoder.decode(slice.bytes)
    // Which code page it is, one row proves for those behind it.
    if (isGuessed) this.#share?.refuse('here')
    if (text === '' || text.trim() === '') return
    if (this.#headerText === undefined) this.#startTable(text, slice, units)
    else if (text !== this.#headerText) units.push(this.#unit(slice, text, isGuessed))
  }

  #startTable(text: string, slice: RowSlice, units: ParsedUnit[]): void {
    if (isPreamble(text)) {
      this.#delimiter = statedDelimiter(text) ?? this.#delimiter
      return
    }
    const header = new CsvHeader(splitLine(text, this.#delimiter).cells)
    this.#headerText = text
    this.#columns = header.names.length
    this.#row = this.#mean(header)
    units.push({ kind: 'heading', text })
    if (header.repeated.length > 0) {
      units.push({
        kind: 'issue',
        locator: `line ${slice.line}`,
        code: `${this.#prefix}.duplicate_header`,
        excerpt: header.repeated.join(', ').slice(0, EXCERPT_CHARS),
        records: 0,
      })
    }
  }

  #unit(slice: RowSlice, text: string, isGuessed: boolean): ParsedUnit {
    const locator = `line ${slice.line}`
    if (slice.problem !== undefined) return this.#rejected(locator, slice.problem, text)
    const { cells, isOdd } = splitLine(text, this.#delimiter)
    const { items, key, issues } = this.#row(new CsvRow(cells))
    if (!isOdd && !isGuessed && cells.length === this.#columns)
      return { kind: 'record', locator, raw: text, key, items, issues }
    const remarks: RecordIssue[] = [...(issues ?? [])]
    const remark = (what: string): void => {
      remarks.push({ code: `${this.#prefix}.${what}`, excerpt: text.slice(0, EXCERPT_CHARS) })
    }
    if (isOdd) remark('quote')
    if (isGuessed) remark('encoding')
    if (cells.length < this.#columns || cells.slice(this.#columns).some((cell) => cell !== ''))
      remark('columns')
    return {
      kind: 'record',
      locator,
      raw: text,
      key,
      items,
      issues: remarks.length === 0 ? undefined : remarks,
    }
  }

  #rejected(locator: string, what: string, text: string): ParsedIssue {
    return {
      kind: 'issue',
      locator,
      code: `${this.#prefix}.${what}`,
      excerpt: text.slice(0, EXCERPT_CHARS),
      records: 1,
    }
  }
}
