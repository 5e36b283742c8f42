import { present } from '../../normalise/placeholder.ts'
import type { NamedRow } from '../log/named-row.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'
import { parseRowTime, type RowTime } from './row-time.ts'

/** How the times of a file without a zone of their own are to be read. */
export interface TimeReading {
  readonly zone: string
  readonly dateOrder: 'day-first' | 'month-first' | null
  /** Answers of an API are UTC by documentation; a file from the portal may show the analyst's zone. */
  readonly isDocumentedUtc: boolean
}

/** A cell as it stands in a file: text, or any JSON value. */
type ReadCell = (column: string) => unknown
/** The cells of one row by column name, and the names there are. */
export interface Cells {
  readonly read: ReadCell
  readonly names: () => readonly string[]
}

/** Cells that hold JSON of their own are read up to this length; a crafted one could be the whole file. */
const MAX_CELL_JSON = 1 << 20

/** One row of an advanced hunting table, whatever file it came in. Columns that are missing read like empty ones. */
export class DefenderRow {
  readonly #read: ReadCell
  readonly #times: TimeReading
  #parsed: Map<string, unknown> | undefined
  /** Column names as the file writes them. */
  readonly names: () => readonly string[]

  constructor(cells: Cells, times: TimeReading) {
    this.#read = cells.read
    this.names = cells.names
    this.#times = times
  }

  /** Text of a column (objects as JSON); undefined when it is missing, null or empty. */
  text(column: string): string | undefined {
    const value = this.#read(column)
    if (typeof value === 'string') return value === '' ? undefined : value
    if (value === null || value === undefined) return undefined
    return typeof value === 'object' ? JSON.stringify(value) : scalarText(value)
  }

  /** Value of the first of the columns that has one. */
  first(...columns: readonly string[]): string | undefined {
    for (const column of columns) {
      const text = this.text(column)
      if (text !== undefined) return text
    }
    return undefined
  }

  time(...columns: readonly string[]): RowTime | undefined {
    for (const column of columns) {
      const text = this.text(column)
      if (text !== undefined) return parseRowTime(text, this.#times)
    }
    return undefined
  }

  /** JSON that stands in the cell, as value or as text (also twice encoded); undefined when it is none or cut off. */
  json(column: string): unknown {
    if (this.#parsed?.has(column) === true) return this.#parsed.get(column)
    const value = parseCell(this.#read(column))
    this.#parsed ??= new Map()
    this.#parsed.set(column, value)
    return value
  }

  /**
   * A member of the JSON in a cell (`AdditionalFields`, `RawEventData`), dots descend, also by place into lists. Exports cut long cells: of a
   * text that is no whole JSON, the first scalar of that name is taken.
   */
  inside(column: string, path: string): string | undefined {
    const whole = this.json(column)
    if (whole !== undefined) {
      let value = findMember(whole, path)
      if (value === undefined && path.includes('.')) {
        value = whole
        for (const name of path.split('.')) value = findMember(value, name)
      }
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : scalarText(value)
    }
    const cell = this.text(column)
    return cell === undefined ? undefined : scalarOf(cell, path)
  }

  /** `AdditionalFields`, also under the names a union of tables with different types gives it. */
  extra(...paths: readonly string[]): string | undefined {
    for (const column of ADDITIONAL) {
      for (const path of paths) {
        const value = this.inside(column, path)
        if (value !== undefined && value !== '') return value
      }
    }
    return undefined
  }
}
const ADDITIONAL = ['AdditionalFields', 'AdditionalFields_string', 'AdditionalFields_dynamic'] as const

function parseCell(cell: unknown): unknown {
  if (typeof cell === 'object') return cell ?? undefined
  if (typeof cell !== 'string' || cell.length > MAX_CELL_JSON || !/^\s*["[{]/.test(cell)) return undefined
  const value = tryParse(cell)
  return typeof value === 'string' && /^\s*[[{]/.test(value) ? tryParse(value) : value
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    // A cell that is cut off, or nested until the stack ends, is text like any other.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Own member by name, else by the name in another case: services disagree about it. */
function findMember(object: unknown, name: string): unknown {
  if (Array.isArray(object)) return /^\d{1,6}$/.test(name) ? (object[Number(name)] as unknown) : undefined
  const exact = member(object, name)
  if (exact !== undefined || !isObject(object)) return exact
  const folded = name.toLowerCase()
  const key = Object.keys(object).find((one) => one.toLowerCase() === folded)
  return key === undefined ? undefined : member(object, key)
}

/** The scalar behind `"name":` in a JSON text that ends too early. */
function scalarOf(text: string, path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const label = `"${name}"`
  const at = text.indexOf(label)
  if (at === -1) return undefined
  const rest = text.slice(at + label.length, at + label.length + MAX_SCALAR)
  const match = /^\s*:\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?|true|false))/.exec(rest)
  if (match === null) return undefined
  const quoted = match[1]
  return quoted === undefined ? match[2] : scalarText(tryParse(quoted))
}
const MAX_SCALAR = 32_768

/**
 * Rows of objects. Names are looked up as documented; an object that has none of them spelt so is looked up without
 * regard to case.
 */
export function cellsOfObject(object: JsonObject): Cells {
  const names = (): string[] => Object.keys(object)
  if (COMMON.some((name) => Object.hasOwn(object, name)))
    return { read: (name) => member(object, name), names }
  const folded = new Map<string, unknown>()
  for (const [name, value] of Object.entries(object)) folded.set(foldColumn(name), value)
  return { read: (name) => folded.get(name.toLowerCase()), names }
}
const COMMON = ['Timestamp', 'TimeGenerated', 'ActionType', 'DeviceId', 'DeviceName', 'NetworkMessageId']

/** Rows of arrays (answers of Log Analytics, CSV): where each column stands, found once for all rows. */
export function columnPlaces(names: readonly string[]): (name: string) => number {
  const places = new Map<string, number>()
  for (const [place, name] of names.entries()) {
    const folded = foldColumn(name)
    if (folded !== '' && !places.has(folded)) places.set(folded, place)
  }
  const known = new Map<string, number>()
  return (name) => {
    let place = known.get(name)
    if (place === undefined) known.set(name, (place = places.get(name.toLowerCase()) ?? -1))
    return place
  }
}

/** The portal of Log Analytics writes `TimeGenerated [UTC]`. */
export function foldColumn(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/ \[[^\]]*\]$/, '')
}

/** {@link NamedRow} over a row, for readers of records that other exports have too. */
export class NamedCells implements NamedRow {
  readonly #row: DefenderRow
  constructor(row: DefenderRow) {
    this.#row = row
  }
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = present(this.#row.text(name))
      if (value !== undefined) return value
    }
    return undefined
  }
  value(...names: readonly string[]): unknown {
    for (const name of names) {
      const value = this.#row.json(name) ?? this.#row.text(name)
      if (value !== undefined) return value
    }
    return undefined
  }
  list(...names: readonly string[]): readonly unknown[] {
    const value = this.value(...names)
    return Array.isArray(value) ? value : value === undefined ? [] : [value]
  }
}
