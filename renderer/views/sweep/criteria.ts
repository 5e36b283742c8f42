import type { CriteriaNode } from '../../../core/contract/nouns/sweep.ts'

/** True when some of the indicators must come together. */
export const isNested = (node: CriteriaNode): boolean =>
  node.all !== undefined ? node.all.length > 1 || node.all.some(isNested) : (node.any ?? []).some(isNested)
