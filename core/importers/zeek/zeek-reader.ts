import type { JsonMeaning } from '../json/json-records.ts'
import type { JsonObject } from '../json/parse-object.ts'
import type { LineMeaning } from '../log/log-lines.ts'
import { readWhen, timeRemarks } from '../log/when.ts'
import { readZeekRow } from './zeek-meaning.ts'
import { findPath, pathOfName } from './zeek-paths.ts'
import {
  DEFAULT_SYNTAX,
  unescapeZeek,
  ZeekColumns,
  ZeekJsonRow,
  type ZeekRow,
  type ZeekSyntax,
} from './zeek-row.ts'

/** A line cannot have more columns than any script defines. */
const MAX_COLUMNS = 2_000

/** Fields that tell entries of one connection apart. */
const DISTINGUISHING = [
  'trans_depth',
  'trans_id',
  'query',
  'fuid',
  'id',
  'action',
  'name',
  'path',
  'operation',
  'note',
  'request_type',
  'service',
  'command',
]

/** Reads the lines of one tab-separated log; logs of several kinds may follow each other in one file. */
export class ZeekTsvReader {
  #syntax: ZeekSyntax = DEFAULT_SYNTAX
  #path: string
  #columns: ZeekColumns | undefined

  /** @param name of the file, for logs whose `#path` line is lost */
  constructor(name: string) {
    this.#path = pathOfName(name) ?? 'unknown'
  }

  read(line: string): LineMeaning {
    if (line.startsWith('#')) return this.#direct(line)
    const columns = this.#columns
    if (columns === undefined) return { what: 'issue', code: 'no_fields' }
    const cells = line.split(columns.syntax.separator, MAX_COLUMNS + 1)
    if (cells.length < Math.min(2, columns.names.length)) return { what: 'issue', code: 'line' }
    const { items, key, remarks } = readEntry(this.#path, columns.row(cells))
    const isWhole = cells.length === columns.names.length
    return { what: 'record', items, key, remarks: isWhole ? remarks : [...remarks, 'columns'] }
  }

  #direct(line: string): LineMeaning {
    if (line.startsWith('#separator')) {
      this.#syntax = { ...DEFAULT_SYNTAX, separator: unescapeZeek(line.slice(10).trim()) || '\t' }
      return { what: 'nothing' }
    }
    const { separator } = this.#syntax
    const [name = '', ...values] = line.split(separator, MAX_COLUMNS)
    const value = values[0] ?? ''
    if (name === '#set_separator' && value !== '') this.#syntax = { ...this.#syntax, setSeparator: value }
    else if (name === '#empty_field') this.#syntax = { ...this.#syntax, empty: value }
    else if (name === '#unset_field') this.#syntax = { ...this.#syntax, unset: value }
    else if (name === '#path') this.#path = value.trim() === '' ? 'unknown' : value.trim()
    else if (name === '#fields') {
      this.#columns = new ZeekColumns(values, this.#syntax)
      return { what: 'heading', text: `#path${separator}${this.#path}\n${line}` }
    }
    return { what: 'nothing' }
  }
}

/** An entry of a JSON log. */
export function readZeekObject(object: JsonObject, name: string): JsonMeaning {
  const row = new ZeekJsonRow(object)
  const path = findPath(row) ?? pathOfName(name) ?? 'unknown'
  const { items, key, remarks } = readEntry(path, row)
  return {
    items,
    key,
    issues: remarks.map((code) => ({ code: `zeek.${code}`, excerpt: row.text('ts') ?? '' })),
  }
}

function readEntry(
  path: string,
  row: ZeekRow,
): Required<Pick<JsonMeaning, 'items'>> & {
  readonly key: string | undefined
  readonly remarks: readonly string[]
} {
  const when = readWhen(row.text('ts') ?? row.text('_write_ts'), 'UTC', null, true)
  const uid = row.text('uid') ?? row.text('fuid')
  return {
    items: readZeekRow(path, row, when),
    key:
      uid === undefined || when.at === null
        ? undefined
        : JSON.stringify(['zeek', path, uid, when.at, ...DISTINGUISHING.map((name) => row.text(name) ?? '')]),
    remarks: timeRemarks(when),
  }
}
