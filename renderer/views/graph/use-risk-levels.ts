import { shallowRef, watch, type ShallowRef } from 'vue'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { getClient } from '../../client/client.ts'
import type { Slice } from '../../graph/slice.ts'

// So many questions run side by side; each is a look-up by id.
const ABREAST = 8

/**
 * Risk levels of the nodes that have one (URLs and what carries them), by node id. A node whose level is unknown or
 * could not be asked is missing: its rating stands.
 */
export function useRiskLevels(nodes: () => Slice['nodes']): ShallowRef<ReadonlyMap<string, RiskLevel>> {
  const levels = shallowRef<ReadonlyMap<string, RiskLevel>>(new Map())
  let asked = 0
  async function ask(all: Slice['nodes']): Promise<void> {
    const mine = ++asked
    const found = new Map<string, RiskLevel>()
    const open = all.filter(
      (node) => node.kind === 'url' || node.kind === 'message' || node.rating !== 'unrated',
    )
    for (let start = 0; start < open.length && mine === asked; start += ABREAST) {
      const answers = await Promise.allSettled(
        open.slice(start, start + ABREAST).map(({ id }) => getClient().call('entity.get', { id })),
      )
      for (const answer of answers)
        if (answer.status === 'fulfilled' && answer.value.risk !== null)
          found.set(answer.value.id, answer.value.risk)
    }
    if (mine === asked) levels.value = found
  }
  watch(nodes, (all) => void ask(all), { immediate: true })
  return levels
}
