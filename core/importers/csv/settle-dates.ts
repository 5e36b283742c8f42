import { WorkbenchError } from '../../model/errors.ts'
import { DateOrderProof } from '../../normalise/date-order.ts'
import type { ImportContext, PartSource } from '../importer.ts'
import { type CsvHeader, type CsvOptions, type CsvRow, readCsvRecords } from './csv-records.ts'

/** So many rows without a date of unclear order, and there is none in the file. */
const ROWS_WITHOUT = 2_000

/**
 * Settles the order of day and month in the named columns: one date whose first or second number is above 12 proves it
 * for the whole file (formats.md section 0). Reads no further than it has to: behind the proof, a date that contradicts it
 * is not read at all (`locale-time.ts`).
 * @throws WorkbenchError `evidence.date_order` when dates are there and none of them proves it, or two prove different orders
 */
export async function settleDates(
  part: PartSource,
  context: ImportContext,
  columns: readonly string[],
  options: Pick<CsvOptions, 'delimiter' | 'encoding'> = {},
): Promise<ImportContext> {
  if (context.dateOrder !== null) return context
  const proof = new DateOrderProof()
  let rows = 0
  const mean = (header: CsvHeader) => {
    const places = columns.map((name) => header.index(name)).filter((place) => place !== -1)
    return (row: CsvRow) => {
      rows += 1
      for (const place of places) proof.look(row.cells[place] ?? '')
      return { items: [] }
    }
  }
  const looked = readCsvRecords(part.open(), 'csv', mean, options)
  for await (const batch of looked) {
    if (batch.length === 0) continue
    if (proof.order !== undefined || proof.isContradicted) break
    if (rows >= ROWS_WITHOUT && proof.unclear === undefined) break
  }
  if (proof.order !== undefined) return { ...context, dateOrder: proof.order }
  if (proof.unclear === undefined) return context
  throw new WorkbenchError('evidence.date_order', { name: part.name, example: proof.unclear })
}
