import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { useCaseStore } from '../../stores/case.ts'
import { readForm, toDocument, type PolicyForm, type PolicyJson } from './policy-form.ts'

/**
 * What is being written in the policy editor and not saved yet. It outlives the tab, the screen and, kept by the desk, a reload:
 * looking something up elsewhere must not cost an analyst what was written. Another case begins with what was left in it.
 */
export const usePolicyDraft = defineStore('policy-draft', () => {
  const opened = useCaseStore()
  /** Id of the chosen stored version; empty: none chosen yet. */
  const chosen = ref('')
  /** A policy that is not stored yet: new, copied or out of a file. */
  const fresh = shallowRef<PolicyJson | null>(null)
  /** The form while it differs from what it began with. */
  const form = ref<PolicyForm | null>(null)

  /** The policy as it is being written; undefined: nothing is unsaved. */
  const document = computed(() => (form.value === null ? (fresh.value ?? undefined) : toDocument(form.value)))

  function forget(): void {
    chosen.value = ''
    fresh.value = null
    form.value = null
  }
  watch(() => opened.info?.caseId, forget)

  /** What the desk keeps; null: nothing is unsaved. */
  const unsaved = (): object | null =>
    form.value === null && fresh.value === null
      ? null
      : {
          chosen: chosen.value,
          fresh: fresh.value,
          form: form.value && (JSON.parse(JSON.stringify(form.value)) as PolicyForm),
        }
  /** Puts back what the desk kept. It comes out of a case that somebody else may have made: what does not fit is left out. */
  function restore(state: unknown): void {
    const kept = (state ?? {}) as Partial<Record<'chosen' | 'fresh' | 'form', unknown>>
    const begun = readForm(kept.fresh)
    fresh.value = begun && toDocument(begun)
    form.value = readForm(kept.form)
    chosen.value = typeof kept.chosen === 'string' ? kept.chosen.slice(0, 40) : ''
  }
  return { chosen, fresh, form, document, unsaved, restore }
})
