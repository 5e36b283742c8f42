import { collect } from '../model/registry.ts'
import type { Exporter } from './exporter.ts'

/** Every `*.exporter.ts`, sorted by id. Adding a target is adding a file. */
export const exporters: readonly Exporter[] = collect(
  import.meta.glob<Exporter>('./*.exporter.ts', { eager: true, import: 'default' }),
)
