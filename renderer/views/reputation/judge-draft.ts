import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { JudgeDocument } from '../../../core/contract/nouns/policy.ts'
import type { Picked } from '../../frame/use-files.ts'
import { useCaseStore } from '../../stores/case.ts'
import { usePolicyDraft } from './policy-draft.ts'

/** Stands for the policy that is being written and not saved yet. */
export const DRAFT = 'draft'

/**
 * What is asked on the tab Judge, and the answer to it. It outlives the tab: changing a policy and asking again is how one works with it.
 * An answer goes as soon as the question is another one.
 */
export const useJudgeDraft = defineStore('judge-draft', () => {
  const opened = useCaseStore()
  const editor = usePolicyDraft()
  /** The draft as text while it is what is asked about: an answer goes when it changes. */
  const written = computed(() => (chosen.value === DRAFT ? JSON.stringify(editor.document) : ''))
  /** Id of the policy version, or {@link DRAFT}; empty: that of the case. */
  const chosen = ref('')
  const kind = ref<'url' | 'document'>('url')
  const url = ref('')
  /** When, as typed in the zone of the screens; empty: now, or the delivery of the message. */
  const at = ref('')
  const text = ref('')
  const packs = shallowRef<readonly Picked[]>([])
  /** Whether the packs of the case count too. */
  const withCase = ref(true)
  const result = shallowRef<JudgeDocument | null>(null)

  function forget(): void {
    chosen.value = ''
    url.value = ''
    at.value = ''
    text.value = ''
    packs.value = []
    result.value = null
  }
  watch(() => opened.info?.caseId, forget)
  watch([chosen, kind, url, text, at, packs, withCase, written], () => (result.value = null))
  return { chosen, kind, url, at, text, packs, withCase, result }
})
