import { collect } from '../model/registry.ts'
import type { Part } from './part.ts'

/** Every kind of work that is brought together, in the order in which it is written. */
export const parts: readonly Part[] = [
  ...collect(import.meta.glob<Part>('./parts/*.part.ts', { eager: true, import: 'default' })),
].sort((a, b) => a.order - b.order)
