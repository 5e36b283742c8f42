import { collect } from '../../model/registry.ts'
import type { Sign } from './sign.ts'

/** Every `*.sign.ts` of this folder, sorted by id. Adding a sign is adding a file; {@link SIGNS_VERSION} then rises. */
export const signs: readonly Sign[] = collect(
  import.meta.glob<Sign>('./*.sign.ts', { eager: true, import: 'default' }),
)

/** Version of the set: signs, weights, data and thresholds. Recorded with every analysis. */
export const SIGNS_VERSION = '2'
