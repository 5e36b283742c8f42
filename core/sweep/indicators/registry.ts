import { collect } from '../../model/registry.ts'
import type { IndicatorReader } from './indicator-reader.ts'

/** Every `*.indicators.ts` of this folder. Adding a format is adding a file. */
export const indicatorReaders: readonly IndicatorReader[] = collect(
  import.meta.glob<IndicatorReader>('./*.indicators.ts', { eager: true, import: 'default' }),
)
