import { settleDates } from '../csv/settle-dates.ts'
import type { ImportContext, PartSource } from '../importer.ts'
import { beginsAsJson } from './named-row.ts'

/** Settles the order of day and month when the part is a table; JSON exports and `#Fields` logs write ISO times. */
export async function settleRows(
  part: PartSource,
  context: ImportContext,
  columns: readonly string[],
): Promise<ImportContext> {
  if (context.dateOrder !== null || (await beginsAsJson(part))) return context
  return settleDates(part, context, columns)
}
