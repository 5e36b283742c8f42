import { CsvHeader, type CsvMeaning, CsvRow } from '../csv/csv-records.ts'
import { splitLine } from '../csv/split-line.ts'
import type { LineMeaning } from '../log/log-lines.ts'
import { placesOf, TableRow } from '../log/named-row.ts'
import { readTraceRow } from './trace-row.ts'

/** The message tracking log of an Exchange server: a CSV whose header is a `#Fields:` comment, repeated at every start. */
export class TrackingLog {
  #place: ((name: string) => number) | undefined
  #columns = 0

  read(line: string): LineMeaning {
    if (line.startsWith('#')) {
      const fields = /^#Fields:\s*(.*)$/i.exec(line)?.[1]
      if (fields === undefined) return { what: 'nothing' }
      const header = new CsvHeader(splitLine(fields, ',').cells)
      this.#columns = header.names.length
      this.#place = placesOf(header)
      return { what: 'heading', text: line }
    }
    if (this.#place === undefined) return { what: 'issue', code: 'no_fields' }
    const { cells } = splitLine(line, ',')
    if (cells.length < Math.min(5, this.#columns)) return { what: 'issue', code: 'line' }
    const row = new TableRow(this.#place, new CsvRow(cells))
    const { items, key, issues = [] }: CsvMeaning = readTraceRow(row, { zone: 'UTC', dateOrder: null })
    return {
      what: 'record',
      items,
      key,
      remarks: issues.map(({ code }) => code.replace(/^message-trace\./, '')),
    }
  }
}
