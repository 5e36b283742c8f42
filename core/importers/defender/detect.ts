import { sniffCsv } from '../csv/sniff-csv.ts'
import { firstObjects } from '../json/json-records.ts'
import { type JsonObject, scalarText } from '../json/parse-object.ts'
import { containerOf } from './containers.ts'
import { openEnvelope, tablesOfNames } from './read-row.ts'
import { cellsOfObject, columnPlaces, DefenderRow } from './row.ts'
import { tableNamed } from './tables.ts'
import { namedIn } from './which-table.ts'

/** The file names a table of the hunting schema. */
const NAMED = 0.93
/** A table's columns with a time beside them. */
const BY_COLUMNS = 0.85
const WITHOUT_TIME = 0.7
const SAMPLED_OBJECTS = 5

/** How sure it is, from the decoded beginning of a file. */
export function detectDefender(text: string): number {
  const container = containerOf(text)
  if (container === 'csv') return detectTable(text)
  if (container === 'tables') return detectColumns(text)
  const start = container === 'results' ? rowsOf(text) : text
  if (start === undefined) return 0
  const objects = firstObjects(start, SAMPLED_OBJECTS)
  if (objects.length === 0) return detectLongObject(text)
  const scores = objects.map((object) => detectObject(object)).filter((score) => score > 0)
  // A stray object that resembles a row makes no table of the others.
  if (scores.length * 2 < objects.length) return 0
  return scores.reduce((sum, score) => sum + score, 0) / objects.length
}

/** From the first row of an answer on. */
function rowsOf(text: string): string | undefined {
  const match = /"(?:Results|results|records|value)"\s*:\s*\[/.exec(text)
  return match === null ? undefined : text.slice(match.index + match[0].length)
}

function detectObject(object: JsonObject): number {
  const { inner, category } = openEnvelope(object)
  if (category !== undefined && /^advancedhunting-/i.test(category)) return NAMED
  const row = new DefenderRow(cellsOfObject(inner), { zone: 'UTC', dateOrder: null, isDocumentedUtc: true })
  if ((tableNamed(category) ?? namedIn(row).table) !== undefined) return NAMED
  return scoreNames(Object.keys(inner))
}

const scoreNames = (names: readonly string[]): number => {
  if (tablesOfNames(names).length === 0) return 0
  const place = columnPlaces(names)
  return place('Timestamp') !== -1 || place('TimeGenerated') !== -1 ? BY_COLUMNS : WITHOUT_TIME
}

function detectTable(text: string): number {
  const sample = sniffCsv(text)
  if (sample === undefined) return 0
  const { names } = sample.header
  const place = columnPlaces(names)
  const [first] = sample.rows
  const isNamed =
    first !== undefined &&
    (place('Timestamp') !== -1 || place('TimeGenerated') !== -1) &&
    ['$table', 'Type', 'SourceTable'].some((column) => tableNamed(first[place(column)]) !== undefined)
  return isNamed ? NAMED : scoreNames(names)
}

/** Column names of an answer of Log Analytics. */
function detectColumns(text: string): number {
  const names = [...text.matchAll(/"(?:name|ColumnName)"\s*:\s*"([^"]{1,128})"/g)].map(
    (match) => match[1] ?? '',
  )
  return names.some((name) => tableNamed(name) !== undefined) ? NAMED : scoreNames(names)
}

/** The first object is longer than the sample: what it says of itself must do. */
function detectLongObject(text: string): number {
  const category = scalarText(/"category"\s*:\s*"(AdvancedHunting-\w+)"/.exec(text)?.[1])
  if (category !== undefined) return NAMED
  return scoreNames([...text.matchAll(/"(\w{1,64})"\s*:/g)].map((match) => match[1] ?? ''))
}
