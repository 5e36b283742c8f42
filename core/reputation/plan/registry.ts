import { collect } from '../../model/registry.ts'
import type { PlanExporter } from './exporter.ts'

/** All formats a plan can be written in. */
export const planExporters: readonly PlanExporter[] = collect(
  import.meta.glob<PlanExporter>('./*.plan.ts', { eager: true, import: 'default' }),
)
