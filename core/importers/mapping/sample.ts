import type { Mapping } from '../../model/mapping.ts'
import { sniffCsv } from '../csv/csv-records.ts'
import { firstObjects } from '../json/json-records.ts'
import { isObject, type JsonObject, scalarText } from '../json/parse-object.ts'
import type { SampleColumn } from './propose.ts'

/** Columns and first rows of a file no importer knows. */
export interface TableSample {
  readonly rows: Mapping['rows']
  readonly delimiter: string | null
  readonly columns: readonly SampleColumn[]
}

const EXAMPLES = 5
const SAMPLE_OBJECTS = 20
const EXAMPLE_CHARS = 120
/** A row of JSON can have any number of members; a mapping is made by hand. */
const MAX_COLUMNS = 500
const MAX_DEPTH = 4

/** @returns undefined when the text is neither a table nor JSON records */
export function sampleTable(text: string): TableSample | undefined {
  const csv = sniffCsv(text)
  if (csv !== undefined) {
    const columns = csv.header.names.slice(0, MAX_COLUMNS).map((name, place) => ({
      name,
      examples: examplesOf(csv.rows.map((row) => row[place] ?? '')),
    }))
    return { rows: 'csv', delimiter: csv.delimiter, columns: columns.filter((column) => column.name !== '') }
  }
  const objects = /^\s*[[{]/.test(text) ? firstObjects(text, SAMPLE_OBJECTS) : []
  if (objects.length === 0) return undefined
  const values = new Map<string, string[]>()
  for (const object of objects) collect(object, '$', 0, values)
  const columns = [...values].map(([name, texts]) => ({ name, examples: examplesOf(texts) }))
  return { rows: 'jsonl', delimiter: null, columns }
}

function collect(object: JsonObject, path: string, depth: number, into: Map<string, string[]>): void {
  for (const [name, value] of Object.entries(object)) {
    const here = /[.[\]]/.test(name) && path === '$' ? name : `${path}.${name}`
    if (isObject(value) && depth < MAX_DEPTH) collect(value, here, depth + 1, into)
    else {
      const text = scalarText(value) ?? (value === null ? '' : JSON.stringify(value))
      const texts = into.get(here)
      if (texts !== undefined) texts.push(text)
      else if (into.size < MAX_COLUMNS) into.set(here, [text])
    }
  }
}

function examplesOf(texts: readonly string[]): string[] {
  const distinct = new Set(
    texts.filter((text) => text.trim() !== '').map((text) => text.slice(0, EXAMPLE_CHARS)),
  )
  return [...distinct].slice(0, EXAMPLES)
}
