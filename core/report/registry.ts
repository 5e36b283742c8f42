import { collect } from '../model/registry.ts'
import type { Section } from './section.ts'

/** Every `*.section.ts`, in printing order. Adding a section is adding a file. */
export const sections: readonly Section[] = Object.freeze(
  [...collect(import.meta.glob<Section>('./sections/*.section.ts', { eager: true, import: 'default' }))].sort(
    (a, b) => a.order - b.order || (a.id < b.id ? -1 : 1),
  ),
)
