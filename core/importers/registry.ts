import { collect } from '../model/registry.ts'
import type { DetectInput, ImportContext, Importer } from './importer.ts'
import { recodePart } from './recode.ts'

/** Every `*.importer.ts` of this folder, sorted by id. Adding an importer is adding a file. */
export const importers: readonly Importer[] = collect(
  import.meta.glob<Importer>('./*.importer.ts', { eager: true, import: 'default' }),
).map(withEncoding)

/** The importer, its text read in the encoding the analyst named. A mapping that names one itself goes before. */
function withEncoding(importer: Importer): Importer {
  if (importer.hasOwnEncoding) return importer
  const chosen = (context: ImportContext) =>
    context.mapping?.encoding == null ? context.encoding : undefined
  const settle = importer.settle?.bind(importer)
  return {
    ...importer,
    ...(settle && {
      settle: async (part, context) => ({
        ...(await settle(recodePart(part, chosen(context)), context)),
        encoding: context.encoding,
      }),
    }),
    parse: (part, context, share) => importer.parse(recodePart(part, chosen(context)), context, share),
  }
}

export interface Detection {
  readonly importer: Importer
  readonly confidence: number
}

/** All importers that recognise the input, best first (ties by id). */
export function detectFormat(input: DetectInput): readonly Detection[] {
  return importers
    .map((importer) => ({ importer, confidence: importer.detect(input) }))
    .filter((detection) => detection.confidence > 0)
    .sort((a, b) => b.confidence - a.confidence || a.importer.id.localeCompare(b.importer.id, 'en'))
}

/** The importer with this id, if there is one. */
export function findImporter(id: string): Importer | undefined {
  return importers.find((importer) => importer.id === id)
}
