import { collect } from '../../core/model/registry.ts'
import type { Screen } from './screen.ts'

/** Every screen of the workbench, in rail order. Adding a screen is adding a folder. */
export const screens: readonly Screen[] = [
  ...collect(import.meta.glob<Screen>('./*/*.screen.ts', { eager: true, import: 'default' })),
].sort((a, b) => a.order - b.order)
