import type { CsvHeader, CsvRow } from '../csv/csv-records.ts'
import { listOf } from '../endpoint/values.ts'
import { type JsonObject, member, parseObject, scalarText } from '../json/parse-object.ts'
import { present } from '../../normalise/placeholder.ts'

/** A telemetry record by its field names, whether it came as JSON or as a row of a table. */
export interface TelemetryRecord {
  /** The field as text; of a list the first entry. Placeholders count as absent. */
  text(name: string): string | undefined
  /** All entries of a list field; a single value is a list of one. */
  list(name: string): readonly string[]
  /** Names of the fields, as written. */
  names(): readonly string[]
}

export function fromObject(object: JsonObject): TelemetryRecord {
  return {
    text(name) {
      const value = member(object, name)
      if (Array.isArray(value)) return listOf(value)[0]
      return present(scalarText(value))
    },
    list: (name) => listOf(member(object, name)),
    names: () => Object.keys(object),
  }
}

/** Lists stand in one cell as JSON, or joined by commas, semicolons, bars or line breaks. */
function splitCell(cell: string | undefined): string[] {
  const text = present(cell)
  if (text === undefined) return []
  if (text.startsWith('[')) {
    const parsed = parseObject(`{"list":${text}}`)
    if (parsed.ok) return listOf(member(parsed.value, 'list'))
  }
  return text
    .replace(/^\[|\]$/g, '')
    .split(/[,;|\n]/)
    .flatMap((part) => present(part.replace(/^\s*["']|["']\s*$/g, '')) ?? [])
}

/** @returns the reader for rows below this header; columns are looked up once */
export function fromHeader(header: CsvHeader): (row: CsvRow) => TelemetryRecord {
  const columns = new Map<string, number>()
  const column = (name: string): number => {
    let index = columns.get(name)
    if (index === undefined) columns.set(name, (index = header.index(name)))
    return index
  }
  return (row) => ({
    text(name) {
      const cell = row.text(column(name))
      return cell?.trimStart().startsWith('[') ? splitCell(cell)[0] : present(cell)
    },
    list: (name) => splitCell(row.text(column(name))),
    names: () => header.names,
  })
}
