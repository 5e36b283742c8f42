import type { ImportContext, ParsedUnit } from '../importer.ts'
import { type CsvHeader, type CsvRow, readCsvRecords } from '../csv/csv-records.ts'
import { splitJson, type JsonUnit } from '../json-elements.ts'
import { type JsonMeaning, readJsonRecords } from '../json/json-records.ts'
import { member, parseObject, scalarText } from '../json/parse-object.ts'
import { toUtf8 } from '../text-encoding.ts'
import type { Share } from '../share.ts'
import { RowReading, tablesOfNames } from './read-row.ts'
import { columnPlaces, type TimeReading } from './row.ts'
import { splitTables, type TablePiece } from './table-rows.ts'
import type { HuntingTable } from './tables.ts'

/** How the rows lie in a file. */
export type Container = 'csv' | 'objects' | 'results' | 'tables'

/** Members whose elements are the rows: MDE API, Graph, Event Hub batches. */
export const RESULT_ARRAYS: ReadonlySet<string> = new Set(['Results', 'results', 'records', 'value'])

/** Keys an answer may begin with before its rows. */
const ANSWER =
  /^\s*\{\s*"(?:AdditionalProperties|Stats|Schema|schema|Results|results|records|value|@odata\.\w+|QueryExecutionTime\w*)"\s*:/
const TABLES = /^\s*\{\s*"tables"\s*:\s*\[/i

/** Decides by the beginning of the text. */
export function containerOf(text: string): Container {
  if (!/^[\s\ufeff]*[[{]/.test(text)) return 'csv'
  const start = text.replace(/^\ufeff/, '')
  if (TABLES.test(start)) return 'tables'
  return ANSWER.test(start) &&
    !/^\s*\{\s*"(?:Results|results|records|value|Schema|schema)"\s*:\s*[^\s[]/.test(start)
    ? 'results'
    : 'objects'
}

/** So much of the beginning decides. */
const HEAD_BYTES = 4_096
export async function sniffContainer(stream: AsyncIterable<Uint8Array>): Promise<Container> {
  let head = ''
  for await (const piece of toUtf8(stream)) {
    head += piece.toString('latin1', 0, HEAD_BYTES)
    if (head.trimStart().length >= 200) break
  }
  return containerOf(head)
}

const EXCERPT = 200
/** Units handed on at once. */
const BATCH = 500

/** Reads the rows of a file of any container. */
export async function* readRows(
  container: Container,
  open: () => AsyncIterable<Uint8Array>,
  context: ImportContext,
  prefix: string,
  share?: Share,
): AsyncGenerator<readonly ParsedUnit[]> {
  const api: TimeReading = { zone: 'UTC', dateOrder: context.dateOrder, isDocumentedUtc: true }
  if (container === 'csv') yield* readTable(open(), context, prefix, share)
  else if (container === 'objects') {
    const reading = new RowReading(api, prefix, share)
    yield* readJsonRecords(open(), prefix, (object) => reading.object(object), share)
  } else {
    // Where rows begin in one large object has to be read byte by byte.
    share?.refuse('start')
    if (container === 'tables') yield* readTables(open(), api, prefix)
    else yield* readResults(open(), new RowReading(api, prefix), prefix)
  }
}

async function* readTable(
  stream: AsyncIterable<Uint8Array>,
  context: ImportContext,
  prefix: string,
  share: Share | undefined,
): AsyncGenerator<ParsedUnit[]> {
  const mean = (header: CsvHeader) => {
    const reading = new RowReading(
      {
        zone: context.zone,
        dateOrder: context.dateOrder,
        isDocumentedUtc: header.names.some((name) => / \[UTC\]$/i.test(name)),
      },
      prefix,
      share,
    )
    const places = columnPlaces(header.names)
    const tables = tablesOfNames(header.names)
    const names = (): readonly string[] => header.names
    return (row: CsvRow) => reading.cells({ read: (name) => row.cells[places(name)], names }, tables)
  }
  yield* readCsvRecords(stream, prefix, mean, { share })
}

async function* readResults(
  stream: AsyncIterable<Uint8Array>,
  reading: RowReading,
  prefix: string,
): AsyncGenerator<ParsedUnit[]> {
  let batch: ParsedUnit[] = []
  let row = 0
  for await (const unit of splitJson(stream, RESULT_ARRAYS)) {
    if (unit.kind === 'rest') continue
    if (unit.kind === 'element' || unit.isRecord) row += 1
    batch.push(unit.kind === 'broken' ? broken(unit, row, prefix) : element(unit, row, reading, prefix))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const bytesOf = (start: number, end: number): string => `bytes ${start}-${Math.max(start, end - 1)}`

function broken(unit: Extract<JsonUnit, { kind: 'broken' }>, row: number, prefix: string): ParsedUnit {
  const bytes = bytesOf(unit.start, unit.end)
  return {
    kind: 'issue',
    locator: unit.isRecord ? `row ${row}, ${bytes}` : bytes,
    code: `${prefix}.${unit.what}`,
    excerpt: unit.excerpt,
    records: unit.isRecord ? 1 : 0,
  }
}

function element(
  unit: Extract<JsonUnit, { kind: 'element' }>,
  row: number,
  reading: RowReading,
  prefix: string,
): ParsedUnit {
  const locator = `row ${row}, ${bytesOf(unit.start, unit.end)}`
  const parsed = parseObject(unit.text)
  if (!parsed.ok) return rejected(locator, `${prefix}.${parsed.problem}`, unit.text)
  return record(locator, unit.text, reading.object(parsed.value), parsed.duplicateKeys, prefix)
}

function record(
  locator: string,
  raw: string,
  { items, key, issues = [] }: JsonMeaning,
  duplicates: readonly string[],
  prefix: string,
): ParsedUnit {
  const all = [...issues]
  if (duplicates.length > 0)
    all.push({ code: `${prefix}.duplicate_key`, excerpt: duplicates.join(', ').slice(0, EXCERPT) })
  return { kind: 'record', locator, raw, key, items, issues: all.length === 0 ? undefined : all }
}

function rejected(locator: string, code: string, text: string): ParsedUnit {
  return { kind: 'issue', locator, code, excerpt: text.slice(0, EXCERPT), records: 1 }
}

/** Columns of one table of an answer of Log Analytics. */
interface TableColumns {
  readonly names: readonly string[]
  readonly place: (name: string) => number
  readonly tables: readonly HuntingTable[]
  readonly stated: string
}

async function* readTables(
  stream: AsyncIterable<Uint8Array>,
  times: TimeReading,
  prefix: string,
): AsyncGenerator<ParsedUnit[]> {
  const reading = new RowReading(times, prefix)
  let columns: TableColumns | undefined
  let row = 0
  for await (const pieces of splitTables(stream)) {
    const units: ParsedUnit[] = []
    for (const piece of pieces) {
      if (piece.kind === 'columns') {
        columns = columnsOf(piece.text, piece.table)
        units.push({ kind: 'heading', text: piece.text })
        continue
      }
      // An answer that ends behind its last row has lost no record that could be counted.
      const isRow = piece.kind === 'row' || piece.text !== ''
      if (isRow) row += 1
      const locator = isRow
        ? `row ${row}, ${bytesOf(piece.start, piece.end)}`
        : bytesOf(piece.start, piece.end)
      units.push(tableRow(piece, locator, columns, reading, prefix))
    }
    if (units.length > 0) yield units
  }
}

function tableRow(
  piece: Exclude<TablePiece, { kind: 'columns' }>,
  locator: string,
  columns: TableColumns | undefined,
  reading: RowReading,
  prefix: string,
): ParsedUnit {
  if (piece.kind === 'broken')
    return {
      kind: 'issue',
      locator,
      code: `${prefix}.${piece.what}`,
      excerpt: piece.text.slice(0, EXCERPT),
      records: piece.text === '' ? 0 : 1,
    }
  const parsed = parseObject(`{"row":${piece.text}}`)
  const cells = parsed.ok ? member(parsed.value, 'row') : undefined
  if (!parsed.ok || !Array.isArray(cells))
    return rejected(locator, `${prefix}.${parsed.ok ? 'syntax' : parsed.problem}`, piece.text)
  if (columns === undefined) return rejected(locator, `${prefix}.columns_missing`, piece.text)
  const { names, place, tables, stated } = columns
  const meaning = reading.cells(
    { read: (name) => cells[place(name)] as unknown, names: () => names },
    tables,
    stated,
  )
  const remarks = [...(meaning.issues ?? [])]
  if (cells.length !== names.length)
    remarks.push({ code: `${prefix}.columns`, excerpt: piece.text.slice(0, EXCERPT) })
  return record(locator, piece.text, { ...meaning, issues: remarks }, parsed.duplicateKeys, prefix)
}

/** `[{"name": ..., "type": ...}, ...]`, `ColumnName` in older answers. */
function columnsOf(text: string, stated: string): TableColumns {
  const parsed = parseObject(`{"columns":${text}}`)
  const list = parsed.ok ? member(parsed.value, 'columns') : undefined
  const names = (Array.isArray(list) ? list : []).map(
    (column: unknown) => scalarText(member(column, 'name') ?? member(column, 'ColumnName')) ?? '',
  )
  return { names, place: columnPlaces(names), tables: tablesOfNames(names), stated }
}
