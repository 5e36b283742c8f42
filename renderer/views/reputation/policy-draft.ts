import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { useCaseStore } from '../../stores/case.ts'
import type { PolicyForm, PolicyJson } from './policy-form.ts'

/**
 * What is being written in the policy editor and not saved yet. It outlives the tab and the screen: looking something up elsewhere
 * must not cost an analyst what was written. Another case begins with nothing.
 */
export const usePolicyDraft = defineStore('policy-draft', () => {
  const opened = useCaseStore()
  /** Id of the chosen stored version; empty: none chosen yet. */
  const chosen = ref('')
  /** A policy that is not stored yet: new, copied or out of a file. */
  const fresh = shallowRef<PolicyJson | null>(null)
  /** The form while it differs from what it began with. */
  const form = ref<PolicyForm | null>(null)

  function forget(): void {
    chosen.value = ''
    fresh.value = null
    form.value = null
  }
  watch(() => opened.info?.caseId, forget)
  return { chosen, fresh, form }
})
