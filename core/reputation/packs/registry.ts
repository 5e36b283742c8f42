import { collect } from '../../model/registry.ts'
import type { PackReader } from './pack-reader.ts'

/** Every `*.pack.ts` of this folder, sorted by id. Adding a pack format is adding a file. */
export const packReaders: readonly PackReader[] = collect(
  import.meta.glob<PackReader>('./*.pack.ts', { eager: true, import: 'default' }),
)

/** The reader that recognises the text best (ties by id), undefined when none does. */
export function detectPackReader(head: string): PackReader | undefined {
  return packReaders
    .map((reader) => ({ reader, confidence: reader.detect(head) }))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence)[0]?.reader
}
