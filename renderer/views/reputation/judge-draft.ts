import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { JudgeDocument } from '../../../core/contract/nouns/policy.ts'
import type { Picked } from '../../frame/use-files.ts'
import { useCaseStore } from '../../stores/case.ts'

/**
 * What is asked on the tab Judge, and the answer to it. It outlives the tab: changing a policy and asking again is how one works with it.
 * An answer goes as soon as the question is another one.
 */
export const useJudgeDraft = defineStore('judge-draft', () => {
  const opened = useCaseStore()
  /** Id of the policy version; empty: that of the case. */
  const chosen = ref('')
  const kind = ref<'url' | 'document'>('url')
  const url = ref('')
  const text = ref('')
  const packs = shallowRef<readonly Picked[]>([])
  /** Whether the packs of the case count too. */
  const withCase = ref(true)
  const result = shallowRef<JudgeDocument | null>(null)

  function forget(): void {
    chosen.value = ''
    url.value = ''
    text.value = ''
    packs.value = []
    result.value = null
  }
  watch(() => opened.info?.caseId, forget)
  watch([chosen, kind, url, text, packs, withCase], () => (result.value = null))
  return { chosen, kind, url, text, packs, withCase, result }
})
