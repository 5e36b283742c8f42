import type { CsvRow } from '../csv/csv-row.ts'
import type { JsonObject } from '../json/parse-object.ts'

/** Says its zone already. */
const HAS_ZONE = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i

/**
 * Makes objects of rows, named by the header, so that tables read like the same tool's JSON. Empty cells are absent. The
 * Azure portal writes zones into its headers: `TimeGenerated [UTC]` becomes `TimeGenerated`, its times are marked UTC.
 * Cells behind the last column (Event Viewer writes the message there without a name) are joined under `extra`.
 */
export function toObject(
  header: { readonly names: readonly string[] },
  extra = '',
): (row: CsvRow) => JsonObject {
  const columns = header.names.map((name) => {
    const match = /^(.*\S)\s*\[(UTC|Local Time)\]$/i.exec(name)
    return { name: match?.[1] ?? name, isUtc: match?.[2]?.toUpperCase() === 'UTC' }
  })
  return (row) => {
    const object = Object.create(null) as Record<string, unknown>
    columns.forEach(({ name, isUtc }, index) => {
      const text = row.cells[index]
      if (text === undefined || text === '' || name === '') return
      object[name] = isUtc && !HAS_ZONE.test(text) ? `${text} UTC` : text
    })
    if (extra !== '' && row.cells.length > columns.length)
      object[extra] = row.cells.slice(columns.length).join(',')
    return object
  }
}
