import { WorkbenchError } from '../../model/errors.ts'
import type { Mapping } from '../../model/mapping.ts'
import { DateOrderProof } from '../../normalise/date-order.ts'
import { settleDates } from '../csv/settle-dates.ts'
import type { ImportContext, PartSource } from '../importer.ts'
import { readJsonRecords } from '../json/json-records.ts'
import { jsonText } from './mapped-row.ts'

/** So many records without a date of unclear order, and there is none in the file. */
const RECORDS_WITHOUT = 2_000

/**
 * Settles the order of day and month in the time column of a mapping, of a table as of JSON records. Every other format than
 * `iso` says the order itself.
 * @throws WorkbenchError `evidence.date_order` when dates are there and none of them proves it, or two prove different orders
 */
export async function settleMappedDates(
  part: PartSource,
  context: ImportContext,
  mapping: Mapping,
): Promise<ImportContext> {
  const { time, delimiter, encoding } = mapping
  if (context.dateOrder !== null || time?.format !== 'iso') return context
  if (mapping.rows === 'csv') {
    const options = { delimiter: delimiter ?? undefined, encoding: encoding ?? undefined }
    return settleDates(part, context, [time.field], options)
  }
  const proof = new DateOrderProof()
  let records = 0
  const looked = readJsonRecords(part.open(), 'mapping', (object) => {
    records += 1
    proof.look(jsonText(object, time.field) ?? '')
    return { items: [] }
  })
  for await (const batch of looked) {
    if (batch.length === 0) continue
    if (proof.order !== undefined) return { ...context, dateOrder: proof.order }
    if (proof.isContradicted || (records >= RECORDS_WITHOUT && proof.unclear === undefined)) break
  }
  if (proof.order !== undefined) return { ...context, dateOrder: proof.order }
  if (proof.unclear === undefined) return context
  throw new WorkbenchError('evidence.date_order', { name: part.name, example: proof.unclear })
}
