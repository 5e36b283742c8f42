import { collect } from '../model/registry.ts'
import type { DetectInput, Importer } from './importer.ts'

/** Every `*.importer.ts` of this folder, sorted by id. Adding an importer is adding a file. */
export const importers: readonly Importer[] = collect(
  import.meta.glob<Importer>('./*.importer.ts', { eager: true, import: 'default' }),
)

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
