import type { CsvHeader, CsvRow } from '../csv/csv-records.ts'
import type { JsonObject } from '../json/parse-object.ts'

/**
 * Rows of a table as objects by column name, for formats whose tables carry the field names of their JSON.
 * @param isList columns that hold several values joined by commas
 */
export function rowObjects(
  header: CsvHeader,
  isList: (name: string) => boolean = () => false,
): (row: CsvRow) => JsonObject {
  const columns = header.names.map((name, place) => ({ name, place, isList: isList(name) }))
  return (row) => {
    // fromEntries defines own members: a column called __proto__ is a column.
    const entries: [string, unknown][] = []
    for (const column of columns) {
      const text = row.text(column.place)
      if (text === undefined || column.name === '') continue
      entries.push([column.name, column.isList ? text.split(',').map((part) => part.trim()) : text])
    }
    return Object.fromEntries(entries)
  }
}
