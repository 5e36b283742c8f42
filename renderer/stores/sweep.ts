import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { SweepCriteria } from '../../core/contract/nouns/sweep.ts'
import type { InputOf } from '../../core/contract/types.ts'

/** The text as typed, or granted files. */
export type SweepSource = Pick<InputOf<'sweep.read'>, 'text' | 'grants'>

/** What is being looked for, and which run is shown; kept while other screens are open. */
export const useSweepStore = defineStore('sweep', () => {
  const text = ref('')
  const format = ref('')
  const operator = ref<'any' | 'all'>('any')
  /** Read and ready to be looked for; null while the analyst is still writing. */
  const criteria = shallowRef<SweepCriteria | null>(null)
  /** What they were read from; null where they were saved before. */
  const source = shallowRef<SweepSource | null>(null)
  const runId = ref('')

  function clear(): void {
    text.value = ''
    format.value = ''
    criteria.value = null
    source.value = null
  }
  return { text, format, operator, criteria, source, runId, clear }
})
