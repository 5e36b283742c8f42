import { WorkbenchError } from '../../../model/errors.ts'
import { DateOrderProof } from '../../../normalise/date-order.ts'
import type { ImportContext, PartSource } from '../../importer.ts'
import { readJsonRecords } from '../../json/json-records.ts'
import { dig, toText } from './members.ts'

/** Members that hold times in any dialect; the others are never dates of unclear order. */
const TIME_MEMBERS = [
  'TimeCreated',
  'TimeGenerated',
  'EventTime',
  '@timestamp',
  'timestamp',
  'Timestamp',
  'datetime',
  'result._time',
  '_time',
] as const
/** An answer of an API may be one object of gigabytes; where no date of unclear order shows by here, there is none. */
const BYTES_WITHOUT = 8 * 1024 * 1024
/** So many records without a date of unclear order, and there is none in the file. */
const RECORDS_WITHOUT = 200

/**
 * Settles the order of day and month in dates such as `3/4/2031` of a JSON export; almost every file is settled by its
 * first piece, because it has none.
 * @throws WorkbenchError `evidence.date_order` when dates are there and none of them proves the order
 */
export async function settleRecordDates(part: PartSource, context: ImportContext): Promise<ImportContext> {
  if (context.dateOrder !== null) return context
  const proof = new DateOrderProof()
  let records = 0
  async function* beginning(): AsyncGenerator<Uint8Array> {
    let size = 0
    for await (const piece of part.open()) {
      yield piece
      size += piece.length
      if (size > BYTES_WITHOUT && proof.unclear === undefined) return
    }
  }
  const looked = readJsonRecords(beginning(), 'windows-json', (object) => {
    records += 1
    for (const name of TIME_MEMBERS) proof.look(toText(dig(object, name)))
    return { items: [] }
  })
  for await (const batch of looked) {
    if (batch.length === 0) continue
    if (proof.order !== undefined) return { ...context, dateOrder: proof.order }
    if (records >= RECORDS_WITHOUT && proof.unclear === undefined) return context
  }
  if (proof.order !== undefined) return { ...context, dateOrder: proof.order }
  if (proof.unclear === undefined) return context
  throw new WorkbenchError('evidence.date_order', { name: part.name, example: proof.unclear })
}
