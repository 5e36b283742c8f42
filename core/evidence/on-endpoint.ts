import type { ImportContext, Importer, ParsedUnit, RecordItem } from '../importers/importer.ts'

/**
 * Units of a file that was made on one endpoint: events that name none are of the endpoint it was collected from, as its collector or the
 * analyst says. Units of other importers pass as they are.
 */
export async function* onEndpoint(
  units: AsyncIterable<readonly ParsedUnit[]>,
  importer: Importer,
  { collectedFrom }: ImportContext,
): AsyncIterable<readonly ParsedUnit[]> {
  if (collectedFrom === undefined || importer.isOfOneEndpoint !== true) {
    yield* units
    return
  }
  for await (const batch of units)
    yield batch.map((unit) =>
      unit.kind === 'record'
        ? { ...unit, items: unit.items.map((item) => named(item, collectedFrom)) }
        : unit,
    )
}

function named(item: RecordItem, host: string): RecordItem {
  if (item.type !== 'event' || item.fields.host !== undefined || item.fields.hostId !== undefined) return item
  return { ...item, fields: { ...item.fields, host } }
}
