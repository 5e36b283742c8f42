import { present } from '../../normalise/placeholder.ts'
import { type CsvHeader, type CsvMeaning, type CsvRow, readCsvRecords, sniffCsv } from '../csv/csv-records.ts'
import type { ParsedUnit, PartSource, RecordIssue } from '../importer.ts'
import { type JsonUnit, splitJson } from '../json-elements.ts'
import { firstObjects, isOnePerLine, readJsonRecords } from '../json/json-records.ts'
import { isObject, type JsonObject, member, parseObject, scalarText } from '../json/parse-object.ts'
import { toUtf8 } from '../text-encoding.ts'

/**
 * How names are compared: without case, blanks and punctuation, because the same column is `Sender address`,
 * `sender_address` and `SenderAddress` in three exports of one product.
 */
export const foldName = (name: string): string => name.toLowerCase().replace(/[\s_()[\]./:#-]+/g, '')

/** One record by field name, whether it came as a row of a table or as a JSON object. Names are compared folded. */
export interface NamedRow {
  /** The first of these that has a scalar value; stand-ins such as `-` are none. */
  text(...names: readonly string[]): string | undefined
  /** The value as it is; in a table, a cell that holds JSON is parsed. */
  value(...names: readonly string[]): unknown
  /** Items of an array, or the value itself as the only one. */
  list(...names: readonly string[]): readonly unknown[]
}

/** A named part of an object, as a row of its own; an empty one when it is no object. */
export const inner = (value: unknown): JsonNamedRow => new JsonNamedRow(isObject(value) ? value : {})

export class JsonNamedRow implements NamedRow {
  readonly #object: JsonObject
  #folded: Map<string, string> | undefined
  constructor(object: JsonObject) {
    this.#object = object
  }
  get names(): readonly string[] {
    return Object.keys(this.#object)
  }
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = present(scalarText(this.#find(name)))
      if (value !== undefined) return value
    }
    return undefined
  }
  value(...names: readonly string[]): unknown {
    for (const name of names) {
      const value = this.#find(name)
      if (value !== undefined && value !== null && value !== '') return parseNested(value)
    }
    return undefined
  }
  list(...names: readonly string[]): readonly unknown[] {
    return toList(this.value(...names))
  }
  #find(name: string): unknown {
    const exact = member(this.#object, name)
    if (exact !== undefined) return exact
    if (this.#folded === undefined) {
      this.#folded = new Map()
      for (const key of Object.keys(this.#object)) {
        const folded = foldName(key)
        if (!this.#folded.has(folded)) this.#folded.set(folded, key)
      }
    }
    const key = this.#folded.get(foldName(name))
    return key === undefined ? undefined : this.#object[key]
  }
}

export class TableRow implements NamedRow {
  readonly #place: (name: string) => number
  readonly #row: CsvRow
  constructor(place: (name: string) => number, row: CsvRow) {
    this.#place = place
    this.#row = row
  }
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = present(this.#row.text(this.#place(name)))
      if (value !== undefined) return value
    }
    return undefined
  }
  value(...names: readonly string[]): unknown {
    return parseNested(this.text(...names))
  }
  list(...names: readonly string[]): readonly unknown[] {
    return toList(this.value(...names))
  }
}

const toList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

/** Text that is a JSON object or array, as that; anything else stays. Broken JSON is text. */
export function parseNested(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  const whole = parseObject(`{"v":${value}}`)
  return whole.ok && !hasTail(whole.value) ? member(whole.value, 'v') : value
}
/** `{"v":{},"w":1}`: text that closes the wrapper by itself is no value. */
const hasTail = (object: JsonObject): boolean => Object.keys(object).length !== 1

export interface RowReading {
  /** Members of a JSON document whose elements are the records (`value`, `records`). */
  readonly arrays: ReadonlySet<string>
}

const EXCERPT_CHARS = 200
const BATCH = 500
const ARRAYS_OF_NOTHING: ReadonlySet<string> = new Set()

/**
 * Reads records of a table or of JSON, told apart by the first character. Rows of a
 * table and JSON lines have the locator `line N`, elements of an array `record N`, records inside a document
 * `record N, bytes A-B`.
 * @param prefix importer id; the codes are those of CSV_ISSUE_TEXTS and JSON_ISSUE_TEXTS
 */
export async function* readNamedRows(
  part: PartSource,
  prefix: string,
  mean: (row: NamedRow) => CsvMeaning,
  reading: RowReading = { arrays: ARRAYS_OF_NOTHING },
): AsyncGenerator<ParsedUnit[]> {
  const head = await readHead(part)
  if (!startsJson(head)) {
    yield* readCsvRecords(part.open(), prefix, (header) => {
      const place = placesOf(header)
      return (row) => mean(new TableRow(place, row))
    })
    return
  }
  if (isPlain(head, reading.arrays)) {
    yield* readJsonRecords(part.open(), prefix, (object) => mean(new JsonNamedRow(object)))
    return
  }
  let batch: ParsedUnit[] = []
  let number = 0
  for await (const unit of splitJson(part.open(), reading.arrays)) {
    if (unit.kind === 'rest') continue
    if (unit.kind === 'element' || unit.isRecord) number += 1
    batch.push(toUnit(unit, number, prefix, mean))
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Columns looked up once per header and name. */
export function placesOf(header: CsvHeader): (name: string) => number {
  const folded = new Map<string, number>()
  header.names.forEach((name, place) => {
    const key = foldName(name)
    if (key !== '' && !folded.has(key)) folded.set(key, place)
  })
  const places = new Map<string, number>()
  return (name) => {
    let place = places.get(name)
    if (place === undefined) {
      place = folded.get(foldName(name)) ?? -1
      places.set(name, place)
    }
    return place
  }
}

function toUnit(
  unit: Exclude<JsonUnit, { kind: 'rest' }>,
  number: number,
  prefix: string,
  mean: (row: NamedRow) => CsvMeaning,
): ParsedUnit {
  const bytes = `bytes ${unit.start}-${Math.max(unit.start, unit.end - 1)}`
  const locator = unit.kind === 'element' || unit.isRecord ? `record ${number}, ${bytes}` : bytes
  if (unit.kind === 'broken') {
    const what = unit.what === 'too_large' ? 'too_long' : unit.what
    return {
      kind: 'issue',
      locator,
      code: `${prefix}.${what}`,
      excerpt: unit.excerpt.slice(0, EXCERPT_CHARS),
      records: unit.isRecord ? 1 : 0,
    }
  }
  const raw = unit.text.trim()
  const excerpt = raw.slice(0, EXCERPT_CHARS)
  const parsed = parseObject(raw)
  if (!parsed.ok) return { kind: 'issue', locator, code: `${prefix}.${parsed.problem}`, excerpt, records: 1 }
  const { items, key, issues = [] } = mean(new JsonNamedRow(parsed.value))
  const remarks: RecordIssue[] = [...issues]
  if (parsed.duplicateKeys.length > 0) {
    const names = parsed.duplicateKeys.join(', ').slice(0, EXCERPT_CHARS)
    remarks.push({ code: `${prefix}.duplicate_key`, excerpt: names })
  }
  return { kind: 'record', locator, raw, key, items, issues: remarks.length === 0 ? undefined : remarks }
}

const startsJson = (text: string): boolean => /^[\s\ufeff]*[[{]/.test(text)

/** So much of the beginning tells the form of the whole. */
const HEAD_BYTES = 65_536

/** The beginning of a part as text, the same however its bytes arrive. */
export async function readHead(part: PartSource): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of toUtf8(part.open())) {
    pieces.push(Buffer.from(piece))
    size += piece.length
    if (size >= HEAD_BYTES) break
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES).toString('utf8')
}

/** Whether the first character that is no blank opens an object or array. */
export const beginsAsJson = async (part: PartSource): Promise<boolean> => startsJson(await readHead(part))

/** JSON lines or one array of records: no document with the records inside. */
function isPlain(head: string, arrays: ReadonlySet<string>): boolean {
  const objects = firstObjects(head, SAMPLED)
  if (objects.length === 0 || objects.some((object) => holdsArray(object, arrays))) return false
  return /^\s*\[/.test(head) || isOnePerLine(head)
}

const holdsArray = (object: JsonObject, arrays: ReadonlySet<string>): boolean =>
  [...arrays].some((name) => Array.isArray(member(object, name)))

const SAMPLED = 20

/** Names of the first records of a head, for detection: a set per JSON record, or one for the table's header. */
export function sampleNames(
  text: string,
  arrays: ReadonlySet<string>,
): {
  readonly names: readonly ReadonlySet<string>[]
  readonly rows: readonly NamedRow[]
  readonly isTable: boolean
} {
  if (!startsJson(text)) {
    const table = sniffCsv(text)
    if (table === undefined) return { names: [], rows: [], isTable: true }
    return {
      names: [new Set(table.header.names.map(foldName))],
      rows: [],
      isTable: true,
    }
  }
  const rows = sampleObjects(text, arrays).map((object) => new JsonNamedRow(object))
  return {
    names: rows.map((row) => new Set(row.names.map(foldName))),
    rows,
    isTable: false,
  }
}

/** First records of a JSON head: elements of the arrays when the document has one, else whole documents. */
function sampleObjects(text: string, arrays: ReadonlySet<string>): JsonObject[] {
  const objects = firstObjects(text, SAMPLED).flatMap((object): JsonObject[] => {
    const name = [...arrays].find((one) => Array.isArray(member(object, one)))
    return name === undefined ? [object] : (member(object, name) as unknown[]).filter(isObject)
  })
  if (objects.length > 0) return objects.slice(0, SAMPLED)
  for (const name of arrays) {
    const at = new RegExp(`"${name}"\\s*:\\s*\\[`).exec(text)
    if (at !== null) return firstObjects(text.slice(at.index + at[0].length), SAMPLED)
  }
  return []
}
