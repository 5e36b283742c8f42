import type { ImportContext, PartSource } from '../importer.ts'
import { CLIENT_INFO, clientHost } from './client-info.ts'

/** The endpoint of the collection a part lies in: as the analyst says, else as its collector wrote beside it. */
export async function settleCollectedFrom(part: PartSource, context: ImportContext): Promise<ImportContext> {
  if (context.collectedFrom !== undefined) return context
  const info = await part.beside?.(CLIENT_INFO)
  const collectedFrom = info && clientHost(info)
  return collectedFrom === undefined ? context : { ...context, collectedFrom }
}
