import { choosePart } from './choose-importer.ts'
import type { EvidenceFile } from './evidence-file.ts'
import { type EvidencePart, openParts, type Parts } from './parts.ts'
import type { ImportOptions } from './import-options.ts'

/**
 * Settles what only a look through a whole file can tell (the order of day and month), or beside it (whose collection it is of), before
 * anything is written, so that a file with an open question is refused as a whole and asked about. Members of an archive settle one by one.
 * @throws WorkbenchError `evidence.date_order`
 */
export async function settleAnswers(file: EvidenceFile, options: ImportOptions): Promise<ImportOptions> {
  const { items, isArchive } = await openParts(file, options)
  if (isArchive) return options
  const part = await firstPart(items)
  if (part === undefined) return options
  const choice = await choosePart(part, false, options.format)
  if (!('importer' in choice)) return options
  const { zone, dateOrder, mapping, encoding } = options
  // What was said of all files of an import holds for those that can be of one endpoint.
  const collectedFrom = choice.importer.isOfOneEndpoint ? options.collectedFrom : undefined
  const context = { zone, dateOrder, mapping, encoding, collectedFrom }
  const settled = (await choice.importer.settle?.(part, context)) ?? context
  return { ...options, dateOrder: settled.dateOrder, collectedFrom: settled.collectedFrom }
}

async function firstPart(items: Parts['items']): Promise<EvidencePart | undefined> {
  for await (const item of items) if (item.kind === 'part') return item
  return undefined
}
