import { collect } from '../../model/registry.ts'
import type { Template } from './template.ts'

/** Every `*.template.ts`, in the order of the menu. Adding a template is adding a file. */
export const templates: readonly Template[] = Object.freeze(
  [...collect(import.meta.glob<Template>('./*.template.ts', { eager: true, import: 'default' }))].sort(
    (a, b) => a.order - b.order || (a.id < b.id ? -1 : 1),
  ),
)
